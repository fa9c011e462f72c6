import { checkFinitePair } from './pair.js';

/** Root of the mean squared error, in the target's unit. @throws ShapeError as `pearson`. @see `sklearn.metrics.root_mean_squared_error`. */
export function rmse(predicted: ArrayLike<number>, truth: ArrayLike<number>): number {
  checkFinitePair('rmse', predicted, truth);
  let sum = 0;
  for (let i = 0; i < predicted.length; i++) sum += (predicted[i] - truth[i]) ** 2;
  return Math.sqrt(sum / predicted.length);
}
