import { ShapeError } from '../base/errors.js';
import { kendallTau } from './kendall.js';
import { checkPair } from './pair.js';
import { precisionAt } from './precision.js';
import { ascending } from './ranks.js';

export interface RankConsistency {
  /** Kendall's tau-b of all. */
  readonly tau: number;
  /** The share of the cheap score's best k that is in the full score's best k, for each k asked for. */
  readonly overlap: readonly { readonly k: number; readonly share: number }[];
  /** Tau inside equal parts by the full score, worst part first; NaN where a part is constant. */
  readonly bins: readonly { readonly from: number; readonly to: number; readonly tau: number }[];
}

/**
 * How far a cheap score (fewer epochs, a proxy) orders candidates as the full one does: over all, at the top, and inside
 * each part of the range. A good overall tau often hides a random order among the good ones.
 * @param options `tops` the sizes k, `bins` the number of parts.
 * @throws ShapeError when the lengths differ, a number is NaN, or there are fewer than two candidates a bin.
 * @see Zhou et al. 2020 (EcoNAS), arXiv 2001.01233, section 3.
 */
export function rankConsistency(
  cheap: ArrayLike<number>,
  full: ArrayLike<number>,
  { tops, bins }: { readonly tops: readonly number[]; readonly bins: number },
): RankConsistency {
  checkPair('rankConsistency', cheap, full);
  const n = full.length;
  if (!(Number.isInteger(bins) && bins >= 1 && 2 * bins <= n)) {
    throw new ShapeError({ argument: 'rankConsistency: bins', expected: `1..${Math.floor(n / 2)}`, got: `${bins}` });
  }
  const order = ascending(full);
  return {
    tau: kendallTau(cheap, full),
    overlap: tops.map((k) => ({ k, share: precisionAt(cheap, full, k) })),
    bins: Array.from({ length: bins }, (_, bin) => {
      const part = order.subarray(Math.round((bin * n) / bins), Math.round(((bin + 1) * n) / bins));
      const of = (values: ArrayLike<number>): Float64Array => Float64Array.from(part, (i) => values[i]);
      return { from: full[part[0]], to: full[part[part.length - 1]], tau: kendallTau(of(cheap), of(full)) };
    }),
  };
}
