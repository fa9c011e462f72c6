import type { Scalar, Tensor2D } from '@tensorflow/tfjs';
import type { Tf } from './tf.js';

/** Which pairs of rows are in which order: 1 at [i, j] where row i is better than row j, and how many such pairs there are. */
export function orderedPairs(tf: Tf, y: ArrayLike<number>): { readonly better: Tensor2D; readonly count: number } {
  const n = y.length;
  const better = new Float32Array(n * n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (y[i] > y[j]) {
        better[i * n + j] = 1;
        count++;
      }
    }
  }
  return { better: tf.tensor2d(better, [n, n]), count };
}

/**
 * The mean over ordered pairs of max(0, margin − lead), lead = the better row's score − the other's; 0 without pairs.
 * @param scores n x 1.
 */
export function hingeLoss(tf: Tf, scores: Tensor2D, better: Tensor2D, count: number, margin: number): Scalar {
  const short = tf.relu(tf.sub(margin, leads(tf, scores)));
  return tf.div(tf.sum(tf.mul(short, better)), Math.max(1, count));
}

/** The mean over ordered pairs of −log sigmoid(lead); 0 without pairs. */
export function pairBceLoss(tf: Tf, scores: Tensor2D, better: Tensor2D, count: number): Scalar {
  return tf.div(tf.sum(tf.mul(tf.softplus(tf.neg(leads(tf, scores))), better)), Math.max(1, count));
}

/** n x n: at [i, j] how far row i leads row j. */
function leads(tf: Tf, scores: Tensor2D): Tensor2D {
  return tf.sub(scores, tf.transpose(scores));
}
