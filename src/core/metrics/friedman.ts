import { ShapeError } from '../base/errors.js';
import { chiSquareTail } from './chi-square.js';
import { midRanks } from './ranks.js';

/** A test of "all of them are alike". */
export interface FriedmanResult {
  /** Corrected for ties; chi-square distributed where all are alike. */
  readonly statistic: number;
  /** Degrees of freedom: treatments − 1. */
  readonly df: number;
  readonly p: number;
  /** Each treatment's mean rank over the blocks, from 1 (lowest numbers). */
  readonly meanRanks: readonly number[];
}

/**
 * Friedman's test: do treatments (recipes) differ, when each was measured once in every block (split)?
 * @param treatments `k` lists of `n` numbers; the i-th numbers of all lists belong together.
 * @returns p = 1 where all numbers of every block are equal.
 * @throws ShapeError with fewer than 3 treatments (use `wilcoxon` for 2), fewer than 2 blocks, or lists of different lengths.
 * @see Friedman 1937; equal to `scipy.stats.friedmanchisquare`.
 */
export function friedman(treatments: readonly ArrayLike<number>[]): FriedmanResult {
  const k = treatments.length;
  if (k < 3) throw new ShapeError({ argument: 'friedman: treatments', expected: 'at least 3 lists', got: `${k}` });
  const n = treatments[0].length;
  if (n < 2) throw new ShapeError({ argument: 'friedman: blocks', expected: 'at least 2 numbers a list', got: `${n}` });
  for (const [t, { length }] of treatments.entries()) {
    if (length !== n) throw new ShapeError({ argument: `friedman: list ${t}`, expected: `${n} numbers`, got: `${length}` });
  }
  const sums = new Float64Array(k);
  let ties = 0;
  for (let block = 0; block < n; block++) {
    const ranks = midRanks(treatments.map((list) => list[block]));
    for (let t = 0; t < k; t++) sums[t] += ranks[t];
    const counts = new Map<number, number>();
    for (const rank of ranks) counts.set(rank, (counts.get(rank) ?? 0) + 1);
    for (const count of counts.values()) ties += count ** 3 - count;
  }
  const correction = 1 - ties / (n * (k ** 3 - k));
  const middle = (n * (k + 1)) / 2;
  const spread = sums.reduce((sum, s) => sum + (s - middle) ** 2, 0);
  const statistic = correction === 0 ? 0 : (12 * spread) / (n * k * (k + 1)) / correction;
  return { statistic, df: k - 1, p: chiSquareTail(statistic, k - 1), meanRanks: Array.from(sums, (s) => s / n) };
}
