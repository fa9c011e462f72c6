import { checkPair } from './pair.js';
import { correlation } from './pearson.js';
import { midRanks } from './ranks.js';

/**
 * Spearman's rank correlation; equal values share the mean of their ranks.
 * @returns a number in [−1, 1]; NaN when either side is constant, where it is undefined.
 * @throws ShapeError when the lengths differ, there are fewer than two rows, or a number is NaN.
 * @see `scipy.stats.spearmanr`. Takes O(n log n).
 */
export function spearman(predicted: ArrayLike<number>, truth: ArrayLike<number>): number {
  checkPair('spearman', predicted, truth);
  return correlation(midRanks(predicted), midRanks(truth));
}
