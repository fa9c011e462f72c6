import { checkFinitePair } from './pair.js';

/** Mean absolute error, in the target's unit. @throws ShapeError as `pearson`. @see `sklearn.metrics.mean_absolute_error`. */
export function mae(predicted: ArrayLike<number>, truth: ArrayLike<number>): number {
  checkFinitePair('mae', predicted, truth);
  let sum = 0;
  for (let i = 0; i < predicted.length; i++) sum += Math.abs(predicted[i] - truth[i]);
  return sum / predicted.length;
}
