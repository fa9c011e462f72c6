import { checkFinitePair } from './pair.js';

/**
 * Share of the truth's variance that is explained: 1 − squared error / variance; 1 is perfect, 0 the mean's, no lower bound.
 * @returns NaN when the truth is constant, where it is undefined (scikit-learn gives 0 or 1 there).
 * @throws ShapeError as `pearson`.
 * @see `sklearn.metrics.r2_score`. Takes O(n).
 */
export function r2(predicted: ArrayLike<number>, truth: ArrayLike<number>): number {
  checkFinitePair('r2', predicted, truth);
  const n = truth.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += truth[i];
  const mean = sum / n;
  let residual = 0;
  let total = 0;
  let constant = true;
  for (let i = 0; i < n; i++) {
    residual += (truth[i] - predicted[i]) ** 2;
    total += (truth[i] - mean) ** 2;
    if (truth[i] !== truth[0]) constant = false;
  }
  return constant ? Number.NaN : 1 - residual / total;
}
