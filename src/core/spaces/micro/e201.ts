import type { ComputeGraph } from '../../ir/compute-graph.js';
import { functionalClass } from '../cell-function.js';
import { nasbench201 } from '../nasbench201.js';
import { nasbench201Cell } from '../nasbench201-cell.js';
import type { ArchId } from '../space.js';
import { type Head, microNetwork } from './macro.js';
import type { MicroFamily } from './micro-family.js';

type Nb201 = ArchId<'nasbench201'>;

/**
 * NAS-Bench-201's cells, by their arch strings. Draws are uniform over the strings with a live path, one at most of each
 * functional class (4,930 classes). What is trained is the canonical cell: of all strings with the same function and the
 * same operations in use, those without operations on dead edges, the first in tuple order.
 */
export const e201: MicroFamily<'E201', 'nasbench201'> = {
  id: 'E201',
  title: 'NAS-Bench-201 cells',
  says: 'four nodes, an operation on each of six edges',
  space: nasbench201,
  parse: (text) => nasbench201.parse(text),
  format: (arch) => nasbench201.format(arch),
  canonical,
  canonicalId: (arch) => nasbench201.format(canonical(arch)),
  isLive: (arch) => functionalClass(nasbench201.toGraph(arch)) !== '',
  drawnOnce: (arch) => functionalClass(nasbench201.toGraph(arch)),
  sample: (rng) => nasbench201.sample(rng),
  toCompute: (arch, head) => network(canonical(arch), head),
  toComputeAsWritten: network,
};

let firstOfNetwork: ReadonlyMap<string, Nb201> | undefined;

/** Takes a tenth of a second the first time: all strings are looked through. */
function canonical(arch: Nb201): Nb201 {
  firstOfNetwork ??= listNetworks();
  return firstOfNetwork.get(networkKey(nasbench201.canonical(arch))) as Nb201;
}

function listNetworks(): ReadonlyMap<string, Nb201> {
  const first = new Map<string, Nb201>();
  for (const arch of nasbench201.all?.() ?? []) {
    if (nasbench201.canonical(arch) !== arch) continue;
    const key = networkKey(arch);
    if (!first.has(key)) first.set(key, arch);
  }
  return first;
}

/**
 * The function alone does not tell one convolution that is read twice from two that are alike: they share weights in the
 * one network and not in the other. On four nodes the operations in use settle it.
 */
function networkKey(zeroed: Nb201): string {
  const graph = nasbench201.toGraph(zeroed);
  const inUse = graph.edges.flatMap(({ op }) => (op === 'none' || op === 'skip_connect' ? [] : [op]));
  return `${functionalClass(graph)} ${inUse.sort().join()}`;
}

function network(arch: Nb201, head: Head): ComputeGraph {
  const name = `E201 ${nasbench201.format(arch)}`;
  return microNetwork(name, head, (net, input, path) => nasbench201Cell(net, input, arch, path));
}
