import { ShapeError } from '../base/errors.js';
import { checkFinitePair } from './pair.js';
import { ascending } from './ranks.js';

/**
 * Normalised discounted cumulative gain of the first `k`: how well the prediction puts the best first.
 * Relevance is the truth scaled to 0 .. 20 by its own smallest and largest value; gain is linear, the discount
 * 1 / log2(place + 1); equal predictions share the mean of their gains. Higher is better on both sides.
 * @returns a number in [0, 1]; NaN when the truth is constant, where it is undefined.
 * @throws ShapeError when the lengths differ, there are fewer than two rows, a number is not finite, or `k` is not a whole number from 1.
 * @see AIO-P and GENNAPE after AceNAS; `sklearn.metrics.ndcg_score(ignore_ties=False)`. Takes O(n log n).
 */
export function ndcgAt(predicted: ArrayLike<number>, truth: ArrayLike<number>, k: number): number {
  checkFinitePair('ndcgAt', predicted, truth);
  if (!(Number.isInteger(k) && k >= 1)) {
    throw new ShapeError({ argument: 'ndcgAt: k', expected: 'a whole number from 1', got: `${k}` });
  }
  const n = truth.length;
  const ideal = ascending(truth).reverse();
  const high = truth[ideal[0]];
  const low = truth[ideal[n - 1]];
  if (high === low) return Number.NaN;
  const relevance = (row: number): number => ((truth[row] - low) / (high - low)) * 20;
  const discount = (place: number): number => (place < k ? 1 / Math.log2(place + 2) : 0);

  let best = 0;
  for (let i = 0; i < Math.min(k, n); i++) best += relevance(ideal[i]) * discount(i);

  const order = ascending(predicted).reverse();
  let gained = 0;
  for (let start = 0; start < Math.min(k, n); ) {
    const value = predicted[order[start]];
    let end = start;
    let gain = 0;
    let weight = 0;
    for (; end < n && predicted[order[end]] === value; end++) {
      gain += relevance(order[end]);
      weight += discount(end);
    }
    gained += (gain / (end - start)) * weight;
    start = end;
  }
  return gained / best;
}
