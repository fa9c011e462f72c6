import type { DataColumn } from '../../data/benchmark.js';

export interface Rank {
  /** 1 is the best; equal values share the better rank. */
  readonly rank: number;
  /** Rows that have a value. */
  readonly of: number;
}

/** Where a row's value stands in its column; null where it is missing or no direction is better. */
export function rankOf(values: ArrayLike<number>, row: number, direction: DataColumn['direction']): Rank | null {
  const own = values[row];
  if (Number.isNaN(own) || direction === 'none') return null;
  let better = 0;
  let of = 0;
  for (let r = 0; r < values.length; r++) {
    if (Number.isNaN(values[r])) continue;
    of++;
    if (direction === 'higher' ? values[r] > own : values[r] < own) better++;
  }
  return { rank: better + 1, of };
}

/** `rank 17 of 15,625`. */
export function rankText({ rank, of }: Rank): string {
  return `rank ${rank.toLocaleString('en')} of ${of.toLocaleString('en')}`;
}
