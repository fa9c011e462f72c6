import { ParseError } from '../../base/errors.js';
import type { ComputeGraph } from '../../ir/compute-graph.js';
import type { Net } from '../families/net.js';
import { nasbench101 } from '../nasbench101.js';
import type { ArchId } from '../space.js';
import { writeTuple } from '../tuple.js';
import { type Head, microNetwork } from './macro.js';
import type { MicroFamily } from './micro-family.js';

type Nb101 = ArchId<'nasbench101'>;

const MOST_VERTICES = 6;

/**
 * NAS-Bench-101's cells with at most six vertices, by their tuples; the canonical id is the official graph hash. Draws
 * are uniform over pruned cells as encoded, one at most of each hash. What is trained is, of all orders in which the
 * vertices of the pruned cell can be written, the first by alphabet.
 *
 * Every vertex has the cell's channels, so that no slices are needed: a vertex adds its inputs, the cell's own input
 * after a 1x1 projection; several vertices before the output are concatenated and projected back; an edge from the
 * input to the output is a projection that is added.
 */
export const e101: MicroFamily<'E101', 'nasbench101'> = {
  id: 'E101',
  title: 'NAS-Bench-101 cells',
  says: `operations on the nodes of a graph of at most ${MOST_VERTICES} vertices and 9 edges`,
  space: nasbench101,
  parse(text) {
    const arch = nasbench101.parse(text);
    const { nodes } = nasbench101.toGraph(nasbench101.canonical(arch));
    if (nodes.length > MOST_VERTICES) {
      // The space's own parser says where; here the whole text is too much.
      throw new ParseError({ what: 'E101', text, at: 0, expected: `a cell of at most ${MOST_VERTICES} vertices once pruned` });
    }
    return arch;
  },
  format: (arch) => arch,
  canonical,
  canonicalId: (arch) => nasbench101.identity(arch),
  isLive: () => true,
  drawnOnce: (arch) => nasbench101.identity(arch),
  sample(rng) {
    for (;;) {
      const arch = nasbench101.sample(rng);
      if (nasbench101.toGraph(arch).nodes.length <= MOST_VERTICES) return arch;
    }
  },
  toCompute: (arch, head) => network(canonical(arch), head),
  toComputeAsWritten: network,
};

function canonical(arch: Nb101): Nb101 {
  const { nodes, edges, vocabulary } = nasbench101.toGraph(nasbench101.canonical(arch));
  const numbers = [...vocabulary.markers, ...vocabulary.ops];
  const last = nodes.length - 1;
  let first: string | undefined;
  for (const inner of permutations(Array.from({ length: last - 1 }, (_, i) => i + 1))) {
    // place[v] = where vertex v is written.
    const place = [0, ...inner, last];
    if (edges.some(([from, to]) => place[from] >= place[to])) continue;
    const n = nodes.length;
    const digits = new Array<number>(n * n + n).fill(0);
    for (const [from, to] of edges) digits[place[from] * n + place[to]] = 1;
    nodes.forEach((op, v) => {
      digits[n * n + place[v]] = numbers.indexOf(op);
    });
    const text = writeTuple(digits);
    if (first === undefined || text < first) first = text;
  }
  return nasbench101.parse(first as string);
}

function* permutations(items: readonly number[]): Iterable<readonly number[]> {
  if (items.length === 0) yield [];
  for (const item of items) {
    for (const rest of permutations(items.filter((other) => other !== item))) yield [item, ...rest];
  }
}

function network(arch: Nb101, head: Head): ComputeGraph {
  const { nodes, edges } = nasbench101.toGraph(arch);
  const last = nodes.length - 1;
  return microNetwork(`E101 ${arch}`, head, (net, input, path) => {
    const channels = net.channels(input);
    const vertices: (number | null)[] = [input];
    const before = (to: number): number[] =>
      edges.flatMap(([from, at]) => (at === to && from !== 0 && vertices[from] !== null ? [vertices[from] as number] : []));
    const fromInput = (to: number): boolean => edges.some(([from, at]) => from === 0 && at === to);
    const projected = (): number => net.cbr(input, channels, 1);
    for (let v = 1; v < last; v++) {
      net.at = `${path}/vertex_${v}`;
      const terms = fromInput(v) ? [...before(v), projected()] : before(v);
      // A vertex that nothing reaches is on no path: pruned cells have none.
      vertices[v] = terms.length === 0 ? null : operation(net, nodes[v], terms.length === 1 ? terms[0] : net.addAll(terms));
    }
    net.at = `${path}/output`;
    const feeding = before(last);
    if (feeding.length === 0) return projected();
    const joined = feeding.length === 1 ? feeding[0] : net.cbr(net.concat(feeding), channels, 1);
    return fromInput(last) ? net.add(joined, projected()) : joined;
  });
}

function operation(net: Net, op: string, x: number): number {
  if (op === 'maxpool3x3') return net.pool(x, 'max', 3, 1);
  return net.cbr(x, net.channels(x), op === 'conv3x3-bn-relu' ? 3 : 1);
}
