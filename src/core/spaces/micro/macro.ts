import type { ComputeGraph } from '../../ir/compute-graph.js';
import { Net } from '../families/net.js';

/** What a network ends in: scores of the ten classes, or a value for each pixel. */
export type Head = 'classes' | 'pixels';

/** The side of a scene, in pixels. */
export const SCENE_SIDE = 12;
export const CLASSES = 10;
/** Channels before and after the reduction. */
const WIDTHS = [8, 16] as const;

/** Puts a cell behind a node and gives its last one, with as many channels as it was given. */
export type CellBuilder = (net: Net, x: number, path: string) => number;

/**
 * The small network around a cell: stem (12 x 12 to 6 x 6, 8 channels), cell, reduction (to 3 x 3, 16 channels), cell,
 * head. Before a head of classes the reduction is a convolution of 3x3, which lets every network see space and keeps
 * accuracies from falling in two heaps. Before a head of pixels it is one of 1x1: with 3x3 the reduction does the work,
 * and the cells hardly matter (two seeds agree less, and no count of weights tells anything).
 */
export function microNetwork(name: string, head: Head, cell: CellBuilder): ComputeGraph {
  const net = startNetwork();
  let x = cell(net, net.cb(net.input, WIDTHS[0], 3, { stride: 2 }), 'cell_0');
  net.at = 'reduction';
  x = net.cb(net.relu(x), WIDTHS[1], head === 'classes' ? 3 : 1, { stride: 2 });
  return finishNetwork(net, cell(net, x, 'cell_1'), name, head);
}

/** An input of one channel; what comes next stands under `stem`. */
export function startNetwork(): Net {
  const net = new Net([SCENE_SIDE, SCENE_SIDE, 1]);
  net.at = 'stem';
  return net;
}

/**
 * The head, behind a node of 3 x 3 pixels. Classes: batch norm, ReLU, mean, dense. Pixels: batch norm, a convolution to
 * as many channels as a pixel becomes pixels, and these laid out; no ReLU, since the few channels left are all that
 * the picture is made of, and seeds would differ by how many of them die.
 */
export function finishNetwork(net: Net, x: number, name: string, head: Head): ComputeGraph {
  net.at = 'head';
  const last = net.norm(x);
  if (head === 'classes') return net.graph(name, net.dense(net.mean(net.relu(last)), CLASSES));
  const block = SCENE_SIDE / net.shape(last)[0];
  return net.graph(name, net.depthToSpace(net.conv(last, block ** 2, 1, { bias: true }), block));
}
