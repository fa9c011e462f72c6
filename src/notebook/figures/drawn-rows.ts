import { rng } from '../../core/base/rng.js';

/**
 * How many points a figure draws at most. Points are drawn as SVG, which any page can show (WebGL would need
 * permissions that an exported page does not give) and which slows down beyond this.
 */
export const MOST_POINTS = 4000;

export interface DrawnRows {
  /** Ascending. */
  readonly rows: Int32Array;
  /** For the figure: how many of how many are drawn; '' when all are. */
  readonly note: string;
}

/**
 * The rows that a figure draws: all of them, or a random choice that is the same every time.
 * @param what the rows are, in the plural: `networks`.
 */
export function drawnRows(count: number, what: string, most: number = MOST_POINTS): DrawnRows {
  if (count <= most) return { rows: Int32Array.from({ length: count }, (_, i) => i), note: '' };
  const rows = rng(0).fork('rows of a figure').choose(count, most).sort();
  return { rows, note: `${most.toLocaleString('en')} of ${count.toLocaleString('en')} ${what} drawn` };
}

/** Numbers as JSON keeps them short: six digits; what is not a number is null. */
export function compact(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? Number(value.toPrecision(6)) : null));
}
