import { type ComputeGraph, type Extent, isWeighted } from './compute-graph.js';
import { inferShapes } from './shapes.js';

/** How far a network goes. */
export interface Reach {
  /** Nodes with weights on the path that has the most of them: the layers that a network's name counts (ResNet-50). */
  readonly depth: number;
  /** Edges on the longest path. */
  readonly longestPath: number;
  /**
   * Rows and columns of the input on which one place of the last feature map depends, counted past the input's borders
   * (where padding stands); up to where height and width are averaged away.
   */
  readonly receptiveField: Extent;
}

/**
 * Depth and receptive field. Takes O(nodes + edges).
 * @see Araujo, Norris and Sim 2019, "Computing receptive fields of convolutional neural networks", equation 2.
 */
export function reach(graph: ComputeGraph): Reach {
  const count = graph.nodes.length;
  const shapes = inferShapes(graph);
  const layers = new Int32Array(count);
  const length = new Int32Array(count);
  const field = [new Float64Array(count), new Float64Array(count)];
  const jump = [new Float64Array(count), new Float64Array(count)];
  const widest = [1, 1];
  for (let i = 0; i < count; i++) {
    const { op, inputs } = graph.nodes[i];
    for (const from of inputs) {
      layers[i] = Math.max(layers[i], layers[from]);
      length[i] = Math.max(length[i], length[from] + 1);
    }
    if (isWeighted(op)) layers[i]++;
    for (const axis of [0, 1] as const) {
      let seen = 1;
      let step = 1;
      for (const from of inputs) {
        seen = Math.max(seen, field[axis][from]);
        step = Math.max(step, jump[axis][from]);
      }
      if (op.type === 'conv2d' || op.type === 'depthwise') {
        seen += (op.kernel[axis] - 1) * op.dilation[axis] * step;
        step *= op.stride[axis];
      } else if (op.type === 'pool') {
        seen += (op.kernel[axis] - 1) * step;
        step *= op.stride[axis];
      } else if (op.type === 'space-to-batch') {
        step *= op.block[axis];
      } else if (op.type === 'batch-to-space') {
        step /= op.block[axis];
      }
      field[axis][i] = seen;
      jump[axis][i] = step;
      if (shapes.out[i].length === 3 && shapes.out[i][axis] > 1) widest[axis] = Math.max(widest[axis], seen);
    }
  }
  return { depth: greatest(layers), longestPath: greatest(length), receptiveField: [widest[0], widest[1]] };
}

function greatest(values: Int32Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]);
  return most;
}
