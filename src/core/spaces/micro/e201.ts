import type { ComputeGraph } from '../../ir/compute-graph.js';
import { functionalClass } from '../cell-function.js';
import type { Net } from '../families/net.js';
import { nasbench201 } from '../nasbench201.js';
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
  const { edges } = nasbench201.toGraph(arch);
  return microNetwork(`E201 ${nasbench201.format(arch)}`, head, (net, input, path) => {
    const nodes: (number | null)[] = [input];
    for (let to = 1; to < 4; to++) {
      const terms = edges.flatMap((edge) => {
        if (edge.to !== to) return [];
        net.at = `${path}/${edge.from}_${to}`;
        return operation(net, edge.op, nodes[edge.from] ?? null, input);
      });
      net.at = path;
      nodes[to] = terms.length === 0 ? null : terms.length === 1 ? terms[0] : net.addAll(terms);
    }
    return nodes[3] ?? net.zero(net.shape(input));
  });
}

/** Nothing, or the place of what an edge adds; an operation that is fed nothing is there all the same, on zeros. */
function operation(net: Net, op: string, from: number | null, like: number): number[] {
  if (op === 'none' || (from === null && op === 'skip_connect')) return [];
  if (op === 'skip_connect') return [from as number];
  const x = from ?? net.zero(net.shape(like));
  if (op === 'avg_pool_3x3') return [net.pool(x, 'avg', 3, 1)];
  return [net.cb(net.relu(x), net.channels(x), op === 'nor_conv_3x3' ? 3 : 1)];
}
