import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { GraphBatch } from './graph-batch.js';
import type { Tf } from './tf.js';

/*
 * The k-GNN in tensors. Its callers' types name no tensors: tfjs's own types are six hundred files, which every notebook
 * would read.
 */

export const LAYERS = 6;

/** graphs x 32. Differentiable in the weights. */
export function embeddings(tf: Tf, weights: Readonly<Record<string, Tensor>>, batch: GraphBatch): Tensor2D {
  const { nodeCount, graphCount } = batch;
  const from = tf.tensor1d(batch.from, 'int32');
  const to = tf.tensor1d(batch.to, 'int32');
  let h = nodeEmbeddings(tf, weights, batch);
  for (let layer = 0; layer < LAYERS; layer++) {
    const name = `encoder.gnn_layers.${layer}`;
    const received = spreadSum(tf, h, from, to, nodeCount);
    const own = tf.matMul(h, weights[`${name}.lin_r.weight`] as Tensor2D, false, true);
    h = tf.tanh(tf.add(linear(tf, weights, `${name}.lin_l`, received), own) as Tensor2D);
  }
  const graph = tf.tensor1d(batch.graph, 'int32');
  const inverseSize = tf.tensor2d(batch.inverseSize, [graphCount, 1]);
  return tf.mul(segmentSum(tf, h, graph, graphCount), inverseSize) as Tensor2D;
}

/** One number a row of embeddings. Differentiable in both. */
export function regression(tf: Tf, weights: Readonly<Record<string, Tensor>>, embedding: Tensor2D): Tensor2D {
  let h = linear(tf, weights, 'post_proj.0', embedding);
  h = tf.relu(linear(tf, weights, 'post_proj.1', h));
  h = linear(tf, weights, 'post_proj.3', h);
  h = linear(tf, weights, 'post_proj.4', h);
  return linear(tf, weights, 'regressor', h);
}

function nodeEmbeddings(tf: Tf, weights: Readonly<Record<string, Tensor>>, batch: GraphBatch): Tensor2D {
  const { nodeCount, weightedCount } = batch;
  const rows = (table: string, numbers: Int32Array): Tensor2D =>
    tf.gather(weights[`embed_layer.${table}.weight`], tf.tensor1d(numbers, 'int32')) as Tensor2D;
  const shape = linear(tf, weights, 'embed_layer.shape_embed_layer', tf.tensor2d(batch.shape, [nodeCount, 6]));
  const parts: Tensor2D[] = [];
  if (weightedCount > 0) {
    const bias = tf.tensor2d(batch.bias, [weightedCount, 2]);
    const columns = [
      rows('weighted_embed_layer', batch.op.subarray(0, weightedCount)),
      shape.slice(0, weightedCount),
      rows('kernel_embed_layer', batch.kernelHeight),
      rows('kernel_embed_layer', batch.kernelWidth),
      linear(tf, weights, 'embed_layer.bias_embed_layer', bias),
    ];
    parts.push(tf.concat(columns, 1));
  }
  if (weightedCount < nodeCount) {
    parts.push(tf.concat([rows('regular_embed_layer', batch.op.subarray(weightedCount)), shape.slice(weightedCount)], 1));
  }
  return tf.concat(parts, 0);
}

/** x Wᵀ + b, as torch's `Linear`. */
function linear(tf: Tf, weights: Readonly<Record<string, Tensor>>, name: string, x: Tensor2D): Tensor2D {
  return tf.add(tf.matMul(x, weights[`${name}.weight`] as Tensor2D, false, true), weights[`${name}.bias`]) as Tensor2D;
}

/** Row `to[e]` of the result is the sum of rows `from[e]` of `x`; the gradient goes the same edges backward. */
function spreadSum(tf: Tf, x: Tensor2D, from: Tensor1D, to: Tensor1D, nodeCount: number): Tensor2D {
  const along = (values: Tensor, source: Tensor, target: Tensor): Tensor =>
    tf.unsortedSegmentSum(tf.gather(values, source as Tensor1D), target as Tensor1D, nodeCount);
  return withGradient(tf, x, [from, to], {
    value: along,
    gradient: (dy, source, target) => along(dy, target, source),
  });
}

/** As `tf.unsortedSegmentSum` where all segments are there, with the plain gradient: each row gets its segment's. */
function segmentSum(tf: Tf, x: Tensor2D, segment: Tensor1D, count: number): Tensor2D {
  return withGradient(tf, x, [segment], {
    value: (h, ids) => tf.unsortedSegmentSum(h, ids as Tensor1D, count),
    gradient: (dy, ids) => tf.gather(dy, ids as Tensor1D),
  });
}

/** A function of `x` with its own gradient; the indices are kept for the way back. */
function withGradient(
  tf: Tf,
  x: Tensor2D,
  indices: readonly Tensor1D[],
  of: {
    readonly value: (x: Tensor, ...indices: Tensor[]) => Tensor;
    readonly gradient: (dy: Tensor, ...indices: Tensor[]) => Tensor;
  },
): Tensor2D {
  return tf.customGrad((h, save) => {
    (save as GradSaver)([...indices]);
    return { value: of.value(h as Tensor, ...indices), gradFunc: (dy, saved) => of.gradient(dy, ...saved) };
  })(x) as Tensor2D;
}

type GradSaver = (tensors: Tensor[]) => void;
