import { ShapeError } from '../base/errors.js';
import { kendallTau } from './kendall.js';
import { tauTop } from './tau-top.js';

/** How well repeated measurements of one target agree with each other: what no predictor can be expected to exceed. */
export interface NoiseCeiling {
  /** Mean Kendall tau-b over all pairs of measurements. */
  readonly tau: number;
  /** The same among the best tenth by either of the two; NaN where fewer than two rows are left. */
  readonly tau_top10: number;
  /** Pairs of measurements, and rows in which all of them are present. */
  readonly pairs: number;
  readonly rows: number;
}

/**
 * The noise ceiling of a target: rank agreement of its own repeats (training seeds, or another measurement of the same
 * networks). NaN is a missing measurement: rows that have one are left out.
 * @param measurements two or more lists of `n` numbers, higher is better.
 * @throws ShapeError with fewer than two lists, lists of different lengths, or fewer than two complete rows.
 * @see graf.md section 7.5: .896 between two seeds of NAS-Bench-201, .39 to .52 in the top tenth.
 */
export function noiseCeiling(measurements: readonly ArrayLike<number>[]): NoiseCeiling {
  const wrong = (expected: string, got: string): ShapeError =>
    new ShapeError({ argument: 'noiseCeiling: measurements', expected, got });
  if (measurements.length < 2) throw wrong('at least two lists', `${measurements.length}`);
  const n = measurements[0].length;
  const other = measurements.find((list) => list.length !== n);
  if (other !== undefined) throw wrong(`lists of ${n} numbers`, `one of ${other.length}`);
  const kept: number[] = [];
  for (let r = 0; r < n; r++) if (measurements.every((list) => !Number.isNaN(list[r]))) kept.push(r);
  if (kept.length < 2) throw wrong('at least two rows in which all are present', `${kept.length}`);
  const lists = measurements.map((list) => Float64Array.from(kept, (r) => list[r]));
  let [tau, top, pairs] = [0, 0, 0];
  lists.forEach((b, j) => {
    for (const a of lists.slice(0, j)) {
      tau += kendallTau(a, b);
      top += (tauTop(a, b, 0.9) + tauTop(b, a, 0.9)) / 2;
      pairs++;
    }
  });
  return { tau: tau / pairs, tau_top10: top / pairs, pairs, rows: kept.length };
}
