import type { AtomicOp, ComputeGraph, TensorShape } from './compute-graph.js';
import { asImage, inferShapes, volume } from './shapes.js';

/** What a network costs for one input, in plain numbers. */
export interface Cost {
  /**
   * Operations by the published counter, which multiplies a node's count by the number of its inputs.
   * GENNAPE's, AIO-P's and AutoGO's tables print twice this number.
   */
  readonly flops: number;
  /** Multiply-accumulates of convolutions and matrix products. */
  readonly macs: number;
  /** Learned numbers: weights, biases, scale and shift of batch norms. */
  readonly params: number;
  /** Numbers that are kept but not learned: the running means and variances of batch norms. */
  readonly buffers: number;
  /** Values that convolutions and matrix products give, as Radosavovic et al. 2020 count them. */
  readonly activations: number;
  /** Values that all nodes read and write, weights included, when nothing is fused or cached. */
  readonly traffic: number;
}

/** The same for each node of a graph, by column. */
export interface NodeCosts {
  readonly flops: Float64Array;
  readonly macs: Float64Array;
  readonly params: Float64Array;
  readonly buffers: Float64Array;
  readonly activations: Float64Array;
  readonly traffic: Float64Array;
}

/** The cost of a whole network. Takes O(nodes + edges). @throws ShapeError where shapes do not fit. */
export function cost(graph: ComputeGraph): Cost {
  const { flops, macs, params, buffers, activations, traffic } = nodeCosts(graph);
  return {
    flops: sum(flops),
    macs: sum(macs),
    params: sum(params),
    buffers: sum(buffers),
    activations: sum(activations),
    traffic: sum(traffic),
  };
}

/** What each node costs. Takes O(nodes + edges). @throws ShapeError where shapes do not fit. */
export function nodeCosts(graph: ComputeGraph): NodeCosts {
  const shapes = inferShapes(graph);
  const columns = Array.from({ length: 6 }, () => new Float64Array(graph.nodes.length));
  const [flops, macs, params, buffers, activations, traffic] = columns;
  for (let i = 0; i < graph.nodes.length; i++) {
    const { op, inputs, reads } = graph.nodes[i];
    const weights = weightCount(op, shapes.in[i]);
    flops[i] = countedOnce(op, shapes.in[i], shapes.out[i]) * Math.max(distinct(inputs), 1);
    macs[i] = multiplications(op, shapes.in[i], shapes.out[i], weights);
    params[i] = weights + biasCount(op, shapes.in[i]);
    const values = volume(shapes.out[i]);
    if (op.type === 'batchnorm') buffers[i] = 2 * channelsOf(shapes.in[i]);
    if (op.type === 'conv2d' || op.type === 'depthwise' || op.type === 'dense' || op.type === 'matmul') activations[i] = values;
    if (op.type === 'input' || op.type === 'output') continue;
    let read = 0;
    for (const from of inputs) read += volume(reads ?? shapes.out[from]);
    traffic[i] = read + values + params[i] + buffers[i];
  }
  return { flops, macs, params, buffers, activations, traffic };
}

/** @see AIO-P, model_src/comp_graph/tf_comp_graph_flops_counter.py */
function countedOnce(op: AtomicOp, input: TensorShape, output: TensorShape): number {
  const [hIn, wIn, cIn] = asImage(input);
  const [h, w, c] = asImage(output);
  switch (op.type) {
    case 'conv2d':
      return ((op.kernel[0] * op.kernel[1] * cIn) / op.groups) * c * h * w + (op.bias ? c * h * w : 0);
    case 'depthwise':
      return op.kernel[0] * op.kernel[1] * c * h * w + (op.bias ? c * h * w : 0);
    // The counter adds the bias whether there is one or not.
    case 'dense':
    case 'matmul':
      return hIn * wIn * cIn * c + c;
    case 'batchnorm':
      return 2 * hIn * wIn * cIn;
    case 'activation':
      return op.function === 'gelu' ? 0 : h * w * c;
    case 'pool':
    case 'mean':
    case 'global-pool':
    case 'add':
    case 'mul':
      return h * w * c;
    default:
      return 0;
  }
}

function multiplications(op: AtomicOp, input: TensorShape, output: TensorShape, weights: number): number {
  switch (op.type) {
    case 'conv2d':
    case 'depthwise':
      return weights * output[0] * output[1];
    case 'dense':
      return volume(input) * op.units;
    case 'matmul':
      return volume(input) * output[output.length - 1];
    default:
      return 0;
  }
}

function weightCount(op: AtomicOp, input: TensorShape): number {
  switch (op.type) {
    case 'conv2d':
      return op.kernel[0] * op.kernel[1] * (channelsOf(input) / op.groups) * op.filters;
    case 'depthwise':
      return op.kernel[0] * op.kernel[1] * channelsOf(input) * op.multiplier;
    case 'dense':
      return channelsOf(input) * op.units;
    case 'batchnorm':
      return 2 * channelsOf(input);
    default:
      return 0;
  }
}

function biasCount(op: AtomicOp, input: TensorShape): number {
  if (op.type === 'conv2d' && op.bias) return op.filters;
  if (op.type === 'depthwise' && op.bias) return channelsOf(input) * op.multiplier;
  return op.type === 'dense' && op.bias ? op.units : 0;
}

function channelsOf(shape: TensorShape): number {
  return shape.length === 0 ? 1 : shape[shape.length - 1];
}

/** The counter sees edges, and there is one edge at most between two nodes. */
function distinct(inputs: readonly number[]): number {
  return inputs.length < 2 ? inputs.length : new Set(inputs).size;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
