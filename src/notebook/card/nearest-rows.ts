import type { FeatureTable } from '../../core/base/table.js';

export interface NearRow {
  readonly row: number;
  readonly distance: number;
  /** In how many columns the two rows differ. */
  readonly differing: number;
}

/**
 * The rows most like a row: Euclidean distance after every column is divided by its standard deviation, so that each counts
 * alike whatever its unit; columns that never change, or that hold missing numbers, do not count. Of equally near rows the
 * first. Takes O(rows × columns).
 */
export function nearestRows(x: FeatureTable, row: number, count: number): NearRow[] {
  const squares = new Float64Array(x.rowCount);
  const differing = new Int32Array(x.rowCount);
  for (const values of x.values) {
    const sd = standardDeviation(values);
    if (!(sd > 0)) continue;
    for (let r = 0; r < squares.length; r++) {
      const gap = (values[r] - values[row]) / sd;
      squares[r] += gap * gap;
      if (gap !== 0) differing[r]++;
    }
  }
  return Array.from(squares.keys())
    .filter((r) => r !== row)
    .sort((a, b) => squares[a] - squares[b] || a - b)
    .slice(0, count)
    .map((r) => ({ row: r, distance: Math.sqrt(squares[r]), differing: differing[r] }));
}

function standardDeviation(values: ArrayLike<number>): number {
  let sum = 0;
  for (let r = 0; r < values.length; r++) sum += values[r];
  const mean = sum / values.length;
  let square = 0;
  for (let r = 0; r < values.length; r++) square += (values[r] - mean) ** 2;
  return Math.sqrt(square / values.length);
}
