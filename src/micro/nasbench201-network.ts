import type { ComputeGraph } from '../core/ir/compute-graph.js';
import { Net } from '../core/spaces/families/net.js';
import { nasbench201 } from '../core/spaces/nasbench201.js';
import type { ArchId } from '../core/spaces/space.js';

/** The network around a cell; as the benchmark trains it unless said. */
export interface Nb201Size {
  /** Of the first stage; each further one has twice as many. */
  readonly channels: number;
  readonly cellsPerStage: number;
  /** Pixels of a side. */
  readonly side: number;
  readonly classes: number;
}

export const NB201_SIZE: Nb201Size = { channels: 16, cellsPerStage: 5, side: 32, classes: 10 };

const STAGES = 3;
const AROUND = [1, 1, 1, 1] as const;

/**
 * NAS-Bench-201's network as it is trained: stem, three stages of cells with residual blocks between them, batch norm,
 * ReLU, mean, classifier. (The family `nasbench201` is the graph of GENNAPE's data instead, whose reductions are others.)
 * A ReLU stands before each convolution, as in the reference, even where several read one value.
 * @see Dong and Yang 2020, arXiv 2001.00326, section 2.1; its code, lib/models/cell_infers/tiny_network.py.
 */
export function nasbench201Network(arch: ArchId<'nasbench201'>, size: Partial<Nb201Size> = {}): ComputeGraph {
  const { channels, cellsPerStage, side, classes } = { ...NB201_SIZE, ...size };
  const net = new Net([side, side, 3]);
  net.at = 'stem';
  let x = net.cb(net.input, channels, 3);
  for (let stage = 0; stage < STAGES; stage++) {
    if (stage > 0) x = residual(net, x, channels * 2 ** stage, `reduction_${stage - 1}`);
    for (let i = 0; i < cellsPerStage; i++) x = cell(net, x, arch, `cell_${stage}_${i}`);
  }
  net.at = 'head';
  return net.graph(`nasbench201 ${nasbench201.format(arch)}`, net.dense(net.mean(net.relu(net.norm(x))), classes));
}

/** Two convolutions, the first of which halves the picture, and a short way around them. */
function residual(net: Net, x: number, channels: number, path: string): number {
  net.at = path;
  const first = net.cb(net.relu(x), channels, 3, { stride: 2, padding: AROUND });
  const second = net.cb(net.relu(first), channels, 3);
  return net.add(second, net.conv(net.pool(x, 'avg', 2, 2), channels, 1));
}

function cell(net: Net, input: number, arch: ArchId<'nasbench201'>, path: string): number {
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
  const last = nodes[3] ?? net.zero(net.shape(input));
  // A cell that only hands its input on is a block of the network all the same.
  return last === input ? net.identity(input) : last;
}

/** What an edge adds: nothing, or one node. An operation that is fed nothing is there all the same, on zeros. */
function operation(net: Net, op: string, from: number | null, like: number): number[] {
  if (op === 'none' || (from === null && op === 'skip_connect')) return [];
  if (op === 'skip_connect') return [from as number];
  const x = from ?? net.zero(net.shape(like));
  if (op === 'avg_pool_3x3') return [net.pool(x, 'avg', 3, 1)];
  return [net.cb(net.relu(x), net.channels(x), op === 'nor_conv_3x3' ? 3 : 1)];
}
