import { ShapeError } from '../../base/errors.js';
import type { FeatureTable } from '../../base/table.js';
import type { Fitted, Predictor } from '../predictor.js';

/** Predictions with the interval in which the true value should lie; `n` numbers each, in the target's unit. */
export interface Intervals {
  readonly value: Float64Array;
  /** −∞ and ∞ where there are too few labels for the level asked. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** A fitted model that says how far it may be off. */
export interface FittedIntervals extends Fitted {
  /**
   * @param level how often the true value is to lie within, in (0, 1): 0.9 unless said.
   * @throws ShapeError when the level lies outside or the columns are not those of the fit.
   */
  intervals(x: FeatureTable, level?: number): Intervals;
}

export type IntervalPredictor = Predictor<FeatureTable, FittedIntervals>;

export const DEFAULT_LEVEL = 0.9;

/** @throws ShapeError when it is none. */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) {
    throw new ShapeError({ argument: 'intervals: level', expected: 'a share between 0 and 1', got: `${level}` });
  }
}

/**
 * Which of `n` ascending scores bounds a new one with probability `level`: the ⌈(n + 1) · level⌉-th, counted from 1; more
 * than `n` where no score does.
 * @see Vovk et al. 2005; the whole of conformal prediction stands on this rank.
 */
export function conformalRank(n: number, level: number): number {
  // Without the small step back, rounding makes 10 · 0.9 the tenth of nine.
  return Math.ceil((n + 1) * level - 1e-9);
}

/** The score of that rank; ∞ where there are too few. @param sorted ascending. */
export function conformalQuantile(sorted: ArrayLike<number>, level: number): number {
  const rank = conformalRank(sorted.length, level);
  return rank > sorted.length ? Number.POSITIVE_INFINITY : sorted[rank - 1];
}
