import { ShapeError } from '../base/errors.js';
import { midRanks } from '../metrics/ranks.js';

/**
 * Mean ranks of several scores of the same candidates, from 1 (worst) to n; equal scores share their ranks' mean, and a
 * score that is missing (NaN) is the worst. The simplest way to join proxies or predictors that share no scale.
 * @param scores one list a proxy, higher is better in each. @throws ShapeError when the lists are not of one length.
 */
export function meanRanks(scores: readonly ArrayLike<number>[]): Float64Array {
  return sumOverRanks(scores, (rank) => rank / scores.length);
}

/**
 * AZ-NAS's vote: the sum over proxies of log(rank / n), 0 at best. One bad rank weighs more than several good ones, so it
 * asks for candidates that no proxy turns down. Depends on which candidates stand in the pool.
 * @see Lee and Ham 2024 (AZ-NAS), arXiv 2403.19232, section 3.3. Takes O(proxies × n log n).
 */
export function logRanks(scores: readonly ArrayLike<number>[]): Float64Array {
  return sumOverRanks(scores, (rank, n) => Math.log(rank / n));
}

function sumOverRanks(scores: readonly ArrayLike<number>[], vote: (rank: number, n: number) => number): Float64Array {
  const n = scores.length === 0 ? 0 : scores[0].length;
  const sums = new Float64Array(n);
  for (const [i, list] of scores.entries()) {
    if (list.length !== n) {
      throw new ShapeError({
        argument: `rank votes: scores[${i}]`,
        expected: `${n} candidates as the first`,
        got: `${list.length}`,
      });
    }
    const known = Float64Array.from(list, (score) => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score));
    midRanks(known).forEach((rank, r) => {
      sums[r] += vote(rank, n);
    });
  }
  return sums;
}
