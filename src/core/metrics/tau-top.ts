import { kendallTau } from './kendall.js';
import { checkPair } from './pair.js';
import { ascending } from './ranks.js';

/**
 * Kendall's tau-b among the best: over the rows whose truth is at or above the `share` quantile of the truth
 * (linear interpolation, as `numpy.percentile`), ties in. Higher is better on both sides.
 * @param share 0.9 keeps the top tenth.
 * @returns a number in [−1, 1]; NaN when fewer than two rows are kept or either side is constant there.
 * @throws ShapeError when the lengths differ, there are fewer than two rows, or a number is NaN.
 */
export function tauTop(predicted: ArrayLike<number>, truth: ArrayLike<number>, share: number): number {
  checkPair('tauTop', predicted, truth);
  const bar = quantile(truth, share);
  const kept: number[] = [];
  for (let i = 0; i < truth.length; i++) if (truth[i] >= bar) kept.push(i);
  if (kept.length < 2) return Number.NaN;
  return kendallTau(
    Float64Array.from(kept, (i) => predicted[i]),
    Float64Array.from(kept, (i) => truth[i]),
  );
}

/** `numpy.percentile(values, 100 * share)`, by its formula and its side of rounding. */
function quantile(values: ArrayLike<number>, share: number): number {
  const order = ascending(values);
  const at = (order.length - 1) * share;
  const below = Math.floor(at);
  const low = values[order[below]];
  const high = values[order[Math.min(below + 1, order.length - 1)]];
  if (high === low) return low;
  const t = at - below;
  return t >= 0.5 ? high - (high - low) * (1 - t) : low + (high - low) * t;
}
