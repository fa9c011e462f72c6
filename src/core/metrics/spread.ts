import { ShapeError } from '../base/errors.js';
import type { Rng } from '../base/rng.js';
import { quantile } from './quantile.js';

/** A number over repeats (seeds): its middle, how far it spreads, and how surely its median is known. */
export interface Spread {
  /** Repeats in which it was defined; the other fields are about these. */
  readonly n: number;
  readonly mean: number;
  /** Over n − 1; 0 of a single repeat. */
  readonly sd: number;
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
  /** 95 % bootstrap interval of the median: 2.5 % and 97.5 % points of the medians of resamples. */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2000;

/**
 * Mean ± sd, median, quartiles and a bootstrap interval of the median. NaN (an undefined metric) is left out; every field
 * but `n` is NaN where nothing is left.
 * @param options `rng`: draws the resamples; the same path gives the same interval.
 * @throws ShapeError on an infinite number.
 * @see Efron and Tibshirani 1993, percentile interval. Takes O(2000 × n log n).
 */
export function spread(values: ArrayLike<number>, options: { readonly rng: Rng }): Spread {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const n = sorted.length;
  if (n > 0 && !(Number.isFinite(sorted[0]) && Number.isFinite(sorted[n - 1]))) {
    throw new ShapeError({ argument: 'spread: values', expected: 'finite numbers', got: 'an infinite one' });
  }
  if (n === 0) {
    const none = Number.NaN;
    return { n, mean: none, sd: none, median: none, q1: none, q3: none, low: none, high: none };
  }
  const mean = sorted[0] + sorted.reduce((sum, value) => sum + (value - sorted[0]), 0) / n;
  const sd = n === 1 ? 0 : Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const medians = new Float64Array(RESAMPLES);
  const draw = new Float64Array(n);
  for (let b = 0; b < RESAMPLES; b++) {
    for (let i = 0; i < n; i++) draw[i] = sorted[options.rng.int(n)];
    draw.sort();
    medians[b] = quantile(draw, 0.5);
  }
  medians.sort();
  const at = (share: number): number => quantile(sorted, share);
  return {
    n,
    mean,
    sd,
    median: at(0.5),
    q1: at(0.25),
    q3: at(0.75),
    low: quantile(medians, 0.025),
    high: quantile(medians, 0.975),
  };
}
