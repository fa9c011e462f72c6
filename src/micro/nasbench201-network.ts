import type { ComputeGraph } from '../core/ir/compute-graph.js';
import { Net } from '../core/spaces/families/net.js';
import { nasbench201 } from '../core/spaces/nasbench201.js';
import { nasbench201Cell } from '../core/spaces/nasbench201-cell.js';
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

/** A cell that only hands its input on is a block of the network all the same. */
function cell(net: Net, input: number, arch: ArchId<'nasbench201'>, path: string): number {
  const last = nasbench201Cell(net, input, arch, path);
  return last === input ? net.identity(input) : last;
}
