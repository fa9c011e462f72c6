import { kendallTau } from './kendall.js';

/** Kendall's tau-b of every pair of columns. */
export interface KendallMatrix {
  /** Of columns i and j at `i * columns + j`; NaN where one is constant or fewer than two rows have both. */
  readonly taus: Float64Array;
  /** Rows that have both. */
  readonly rows: Int32Array;
}

/** Each pair is compared on the rows in which neither is NaN. Takes O(columns² × rows × log rows). */
export function kendallMatrix(columns: readonly Float64Array[]): KendallMatrix {
  const size = columns.length;
  const taus = new Float64Array(size * size);
  const rows = new Int32Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const both = Int32Array.from(columns[i].keys()).filter((r) => !Number.isNaN(columns[i][r] + columns[j][r]));
      const of = (column: Float64Array): Float64Array => Float64Array.from(both, (row) => column[row]);
      taus[i * size + j] = both.length < 2 ? Number.NaN : kendallTau(of(columns[i]), of(columns[j]));
      taus[j * size + i] = taus[i * size + j];
      rows[i * size + j] = rows[j * size + i] = both.length;
    }
  }
  return { taus, rows };
}
