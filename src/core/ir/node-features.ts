import { cgName, cgVocabulary } from './cg-vocabulary.js';
import type { AtomicOp, ComputeGraph, Extent, TensorShape } from './compute-graph.js';
import { asImage, inferShapes } from './shapes.js';

/** `[Hin, Hout, Win, Wout, Cin, Cout]`. */
export type Resolution = readonly [number, number, number, number, number, number];

/** What the published graph networks know of a node. */
export interface NodeFeatures {
  /** Number in `cgVocabulary`. */
  readonly op: number;
  readonly resolution: Resolution;
  /** Of nodes with weights, 0 x 0 for a matrix product; else null. Strides show in the resolution only. */
  readonly kernel: Extent | null;
  readonly bias: boolean;
}

/** @see `get_gnn_features` of the released GENNAPE code. @throws ShapeError where shapes do not fit. */
export function nodeFeatures(graph: ComputeGraph): NodeFeatures[] {
  const shapes = inferShapes(graph);
  return graph.nodes.map(({ op }, i) => ({
    op: cgVocabulary.indexOf(cgName(op)),
    resolution: resolution(shapes.in[i], shapes.out[i]),
    kernel: kernelOf(op),
    bias: (op.type === 'conv2d' || op.type === 'depthwise' || op.type === 'dense') && op.bias,
  }));
}

export function resolution(input: TensorShape, output: TensorShape): Resolution {
  const [hIn, wIn, cIn] = asImage(input);
  const [hOut, wOut, cOut] = asImage(output);
  return [hIn, hOut, wIn, wOut, cIn, cOut];
}

export function kernelOf(op: AtomicOp): Extent | null {
  if (op.type === 'conv2d' || op.type === 'depthwise') return op.kernel;
  return op.type === 'dense' || op.type === 'matmul' ? [0, 0] : null;
}
