import { kendallTau } from './kendall.js';
import { checkPair } from './pair.js';
import { quantile } from './quantile.js';

/**
 * Kendall's tau-b among the best: over the rows whose truth is at or above the `share` quantile of the truth
 * (linear interpolation, as `numpy.percentile`), ties in. Higher is better on both sides.
 * @param share 0.9 keeps the top tenth.
 * @returns a number in [−1, 1]; NaN when fewer than two rows are kept or either side is constant there.
 * @throws ShapeError when the lengths differ, there are fewer than two rows, or a number is NaN.
 */
export function tauTop(predicted: ArrayLike<number>, truth: ArrayLike<number>, share: number): number {
  checkPair('tauTop', predicted, truth);
  const bar = quantile(Float64Array.from(truth).sort(), share);
  const kept: number[] = [];
  for (let i = 0; i < truth.length; i++) if (truth[i] >= bar) kept.push(i);
  if (kept.length < 2) return Number.NaN;
  return kendallTau(
    Float64Array.from(kept, (i) => predicted[i]),
    Float64Array.from(kept, (i) => truth[i]),
  );
}
