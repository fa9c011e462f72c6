import { checkFinitePair } from './pair.js';
import { ascending } from './ranks.js';
import { top } from './top.js';

/**
 * What is lost by trusting the prediction: best true value − best true value among the predicted top `k`,
 * in the target's unit; higher is better on both sides. Equal predictions at the border: the mean over all ways to choose.
 * @returns a number ≥ 0.
 * @throws ShapeError when the lengths differ, there are fewer than two rows, a number is not finite, or `k` is not a whole number from 1.
 */
export function regretAt(predicted: ArrayLike<number>, truth: ArrayLike<number>, k: number): number {
  checkFinitePair('regretAt', predicted, truth);
  const chosen = top('regretAt', predicted, k);
  let best = truth[0];
  for (let i = 1; i < truth.length; i++) best = Math.max(best, truth[i]);
  let sure = Number.NEGATIVE_INFINITY;
  for (const row of chosen.sure) sure = Math.max(sure, truth[row]);

  const border = Float64Array.from(chosen.border, (row) => truth[row]);
  const order = ascending(border).reverse();
  // P(the best of `places` rows drawn from `size` is the i-th best) = C(size − 1 − i, places − 1) / C(size, places)
  const size = border.length;
  let probability = chosen.places / size;
  let expected = 0;
  for (let i = 0; i <= size - chosen.places; i++) {
    expected += probability * (best - Math.max(sure, border[order[i]]));
    probability *= (size - chosen.places - i) / (size - 1 - i);
  }
  return expected;
}
