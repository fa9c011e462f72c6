import { checkPair } from './pair.js';
import { top } from './top.js';

/**
 * Share of the predicted top `k` that is in the true top `k`; higher is better on both sides.
 * Rows whose truth equals the k-th best count as in it; equal predictions at the border share its places evenly.
 * @returns a number in [0, 1].
 * @throws ShapeError when the lengths differ, there are fewer than two rows, a number is NaN, or `k` is not a whole number from 1.
 */
export function precisionAt(predicted: ArrayLike<number>, truth: ArrayLike<number>, k: number): number {
  checkPair('precisionAt', predicted, truth);
  const chosen = top('precisionAt', predicted, k);
  const best = top('precisionAt', truth, k);
  const bar = truth[best.border[0]];
  const hits = (rows: Uint32Array): number => rows.reduce((sum, row) => sum + (truth[row] >= bar ? 1 : 0), 0);
  const size = chosen.sure.length + chosen.places;
  return (hits(chosen.sure) + (hits(chosen.border) * chosen.places) / chosen.border.length) / size;
}
