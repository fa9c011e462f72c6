import { DataError } from '../base/errors.js';
import { ascending } from '../metrics/ranks.js';
import { normalScores } from './normal-scores.js';
import { savedNumbers } from './saved.js';

/** Pairs of a value and its normal score among the values that were seen, both strictly ascending; plain data. */
export interface MonotoneScale {
  readonly values: readonly number[];
  readonly scores: readonly number[];
}

export function monotoneScale(seen: ArrayLike<number>): MonotoneScale {
  const all = normalScores(seen);
  const values: number[] = [];
  const scores: number[] = [];
  for (const row of ascending(seen)) {
    if (values.length > 0 && seen[row] === values[values.length - 1]) continue;
    values.push(seen[row]);
    scores.push(all[row]);
  }
  return { values, scores };
}

/** The score of a value: on the line between its neighbours, that of the end beyond the ends. */
export function scoreAt({ values, scores }: MonotoneScale, value: number): number {
  return between(values, scores, Math.min(Math.max(value, values[0]), values[values.length - 1]));
}

/**
 * The value of a score; beyond the ends on a line with the whole scale's slope, so that different scores keep different
 * values. A scale of one value gives that.
 */
export function valueAt({ values, scores }: MonotoneScale, score: number): number {
  const last = scores.length - 1;
  if (last === 0) return values[0];
  const slope = values[last] / (scores[last] - scores[0]) - values[0] / (scores[last] - scores[0]);
  if (score < scores[0]) return values[0] + slope * (score - scores[0]);
  if (score > scores[last]) return values[last] + slope * (score - scores[last]);
  return between(scores, values, score);
}

/** On the broken line through ascending `from` and `to`, at a place within its ends. */
function between(from: readonly number[], to: readonly number[], at: number): number {
  let low = 0;
  let high = from.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (from[middle] <= at) low = middle;
    else high = middle;
  }
  if (high === low || at <= from[low]) return to[low];
  const share = at / (from[high] - from[low]) - from[low] / (from[high] - from[low]);
  return to[low] * (1 - share) + to[high] * share;
}

/** @throws DataError when it is damaged. */
export function monotoneScaleFromJSON(where: string, file: unknown): MonotoneScale {
  const { values, scores } = (file ?? {}) as Partial<MonotoneScale>;
  const count = Array.isArray(values) ? Math.max(1, values.length) : 1;
  const read = { values: savedNumbers(where, 'values', values, count), scores: savedNumbers(where, 'scores', scores, count) };
  for (const list of [read.values, read.scores]) {
    if (list.every((v, i) => i === 0 || v > list[i - 1])) continue;
    const fix = 'Save the model again with toJSON().';
    throw new DataError({ path: where, expected: 'ascending values and scores', got: 'others', fix });
  }
  return read;
}
