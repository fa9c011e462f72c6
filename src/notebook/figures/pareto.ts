import { ShapeError } from '../../core/base/errors.js';

/** Which way a quantity is good. */
export type Better = 'higher' | 'lower';

/**
 * The rows that no other row beats: none is at least as good in both quantities and better in one. Equal rows stand or fall
 * together; a row with a missing number is not on the front.
 * @returns row numbers, from the worst x to the best.
 * @throws ShapeError when the lengths differ. Takes O(n log n).
 */
export function paretoRows(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  directions: { readonly x: Better; readonly y: Better },
): Int32Array {
  if (x.length !== y.length) {
    throw new ShapeError({ argument: 'paretoRows: y', expected: `${x.length} numbers`, got: `${y.length}` });
  }
  const gainX = (r: number): number => (directions.x === 'higher' ? x[r] : -x[r]);
  const gainY = (r: number): number => (directions.y === 'higher' ? y[r] : -y[r]);
  const rows = Array.from(x, (_, r) => r).filter((r) => !(Number.isNaN(x[r]) || Number.isNaN(y[r])));
  rows.sort((a, b) => gainX(b) - gainX(a) || gainY(b) - gainY(a) || a - b);
  const front: number[] = [];
  for (const row of rows) {
    const last = front[front.length - 1];
    const isBetter = last === undefined || gainY(row) > gainY(last);
    if (isBetter || (gainX(row) === gainX(last) && gainY(row) === gainY(last))) front.push(row);
  }
  return Int32Array.from(front.reverse());
}
