import { ShapeError } from '../base/errors.js';
import { midRanks } from './ranks.js';

export interface WilcoxonResult {
  /** Pairs that differ; the others say nothing and are left out. */
  readonly n: number;
  /** The sum of the ranks of the positive differences, and of the negative ones. */
  readonly plus: number;
  readonly minus: number;
  /** Two-sided. */
  readonly p: number;
}

/** Up to so many differing pairs p is exact, ties included; beyond, normal with the ties' correction. */
const EXACT = 50;

/**
 * Wilcoxon's signed-rank test of paired numbers: is one side higher, more often and by more, than chance would have it?
 * @returns p = 1 where no pair differs. The smallest p that `n` pairs can give is 2^(1−n): no verdict below 6 pairs.
 * @throws ShapeError when the lengths differ, there is no pair, or a number is not finite.
 * @see Wilcoxon 1945; equal to `scipy.stats.wilcoxon` (zero_method 'wilcox', no continuity correction), and to its
 *   permutation method where there are ties.
 */
export function wilcoxon(a: ArrayLike<number>, b: ArrayLike<number>): WilcoxonResult {
  if (a.length !== b.length)
    throw new ShapeError({ argument: 'wilcoxon: b', expected: `${a.length} numbers`, got: `${b.length}` });
  if (a.length === 0) throw new ShapeError({ argument: 'wilcoxon: a', expected: 'at least one number', got: 'none' });
  const differences: number[] = [];
  for (let i = 0; i < a.length; i++) {
    if (!(Number.isFinite(a[i]) && Number.isFinite(b[i]))) {
      throw new ShapeError({ argument: `wilcoxon: pair ${i}`, expected: 'finite numbers', got: `${a[i]} and ${b[i]}` });
    }
    if (a[i] !== b[i]) differences.push(a[i] - b[i]);
  }
  const n = differences.length;
  if (n === 0) return { n, plus: 0, minus: 0, p: 1 };
  const ranks = midRanks(differences.map(Math.abs));
  let plus = 0;
  for (let i = 0; i < n; i++) if (differences[i] > 0) plus += ranks[i];
  const minus = (n * (n + 1)) / 2 - plus;
  const smaller = Math.min(plus, minus);
  return { n, plus, minus, p: Math.min(1, 2 * (n <= EXACT ? exactTail(ranks, smaller) : normalTail(ranks, smaller))) };
}

/** P(sum of the ranks with a random sign + ≤ `sum`), over all 2^n signs. Ranks are halves: sums are counted in halves. */
function exactTail(ranks: Float64Array, sum: number): number {
  const doubled = Array.from(ranks, (rank) => Math.round(2 * rank));
  const ways = new Float64Array(doubled.reduce((total, rank) => total + rank, 0) + 1);
  ways[0] = 1;
  let reached = 0;
  for (const rank of doubled) {
    reached += rank;
    for (let s = reached; s >= rank; s--) ways[s] += ways[s - rank];
  }
  let below = 0;
  for (let s = 0; s <= Math.round(2 * sum); s++) below += ways[s];
  return below / 2 ** ranks.length;
}

function normalTail(ranks: Float64Array, sum: number): number {
  const mean = ranks.reduce((total, rank) => total + rank, 0) / 2;
  // Var = sum of squared ranks / 4, which holds with ties as well.
  const sd = Math.sqrt(ranks.reduce((total, rank) => total + rank ** 2, 0)) / 2;
  return normalBelow((sum - mean) / sd);
}

/** P(Z < z) for z ≤ 0, relative error below 1e-13, by the continued fraction or the series of the error function. */
function normalBelow(z: number): number {
  const x = -z;
  if (x > 3) {
    let tail = 0;
    for (let k = 120; k > 0; k--) tail = k / (x + tail);
    return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI) / (x + tail);
  }
  let term = x;
  let sum = x;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 - (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
