import type { Net } from './families/net.js';
import { nasbench201 } from './nasbench201.js';
import type { ArchId } from './space.js';

/**
 * Puts a NAS-Bench-201 cell behind a node, with as many channels as that has. As in the reference, a ReLU stands before each
 * convolution, even where several read one value, and batch norm behind it. What stands on dead edges is there as well.
 * @param path under which the cell's nodes are named.
 * @returns its last node: the node itself where the cell only hands it on, zeros where nothing reaches its end.
 */
export function nasbench201Cell(net: Net, input: number, arch: ArchId<'nasbench201'>, path: string): number {
  const { edges } = nasbench201.toGraph(arch);
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
}

/** Nothing, or the place of what an edge adds; an operation that is fed nothing is there all the same, on zeros. */
function operation(net: Net, op: string, from: number | null, like: number): number[] {
  if (op === 'none' || (from === null && op === 'skip_connect')) return [];
  if (op === 'skip_connect') return [from as number];
  const x = from ?? net.zero(net.shape(like));
  if (op === 'avg_pool_3x3') return [net.pool(x, 'avg', 3, 1)];
  return [net.cb(net.relu(x), net.channels(x), op === 'nor_conv_3x3' ? 3 : 1)];
}
