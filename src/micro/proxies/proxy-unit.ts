import { ParseError } from '../../core/base/errors.js';
import { nearest } from '../../core/base/nearest.js';
import type { WorkOptions } from '../../core/base/progress.js';
import { rng } from '../../core/base/rng.js';
import type { ComputeGraph } from '../../core/ir/compute-graph.js';
import { type MicroFamilyId, microFamilies, microFamilyNamed } from '../../core/spaces/micro/index.js';
import { nasbench201 } from '../../core/spaces/nasbench201.js';
import type { ZeroCostProxy } from '../../data/engine-proxies.js';
import { labelSettings } from '../label-settings.js';
import { nasbench201Network } from '../nasbench201-network.js';
import { drawBlock } from '../scenes.js';
import { type ProxyValues, proxies } from './proxies.js';

/** One architecture whose proxies are wanted. Plain data: it goes to other threads. */
export interface ProxyUnit {
  /** `nasbench201` (its real network) or a family of MicroBench. */
  readonly space: string;
  readonly arch: string;
  readonly seed: number;
  readonly batch: number;
  readonly which: readonly ZeroCostProxy[];
}

export const PROXY_SPACES: readonly string[] = ['nasbench201', ...Object.keys(microFamilies)];

/** The network that an architecture's proxies are of. @throws ParseError when space or architecture are none. */
export function proxyNetwork(space: string, arch: string): ComputeGraph {
  if (space === 'nasbench201') return nasbench201Network(nasbench201.parse(arch));
  if (!PROXY_SPACES.includes(space)) {
    const meant = nearest(space, PROXY_SPACES);
    const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
    throw new ParseError({ what: '--space', text: space, at: 0, expected: `one of ${PROXY_SPACES.join(', ')}${hint}` });
  }
  const family = microFamilyNamed(space);
  return family.toCompute(family.parse(arch), 'classes');
}

let drawn: { readonly key: string; readonly images: Float32Array; readonly labels: Int32Array } | undefined;

/**
 * The proxies of one architecture, which depend on the unit alone: on pictures N(0, 1) with random labels for NAS-Bench-201,
 * on MicroBench's own scenes for its families.
 */
export function unitProxies({ space, arch, seed, batch, which }: ProxyUnit, options: WorkOptions = {}): Promise<ProxyValues> {
  const graph = proxyNetwork(space, arch);
  const own = { ...options, rng: rng(seed).fork('proxies'), batch, which };
  if (space === 'nasbench201') return proxies(graph, own);
  const { scenes } = labelSettings(space as MicroFamilyId, 'cls');
  const key = JSON.stringify([seed, batch, scenes]);
  if (drawn?.key !== key) {
    const { seen, labels } = drawBlock(scenes, 2 * batch, rng(seed).fork('proxy scenes'));
    drawn = { key, images: seen, labels };
  }
  return proxies(graph, { ...own, images: drawn.images, labels: drawn.labels });
}
