import type { FeatureTable } from '../base/table.js';
import { savedNumbers } from './saved.js';

/** What takes each column to mean 0 and standard deviation 1; plain lists, so that it can be saved. */
export interface Standardisation {
  readonly mean: readonly number[];
  /** Standard deviation (over n, as scikit-learn's `StandardScaler`); 0 where the column is constant up to rounding. */
  readonly sd: readonly number[];
}

export function standardisation(x: FeatureTable): Standardisation {
  const moments = x.values.map((column) => momentsOf(column));
  return { mean: moments.map((m) => m.mean), sd: moments.map((m) => m.sd) };
}

/** Row-major, rows × columns; constant columns are zeros. */
export function standardised(x: FeatureTable, { mean, sd }: Standardisation): Float64Array {
  const width = x.values.length;
  const out = new Float64Array(x.rowCount * width);
  for (let c = 0; c < width; c++) {
    if (sd[c] === 0) continue;
    const column = x.values[c];
    for (let r = 0; r < x.rowCount; r++) out[r * width + c] = (column[r] - mean[c]) / sd[c];
  }
  return out;
}

/** Mean and standard deviation (over n) of finite numbers of any size. */
export function momentsOf(values: ArrayLike<number>): { readonly mean: number; readonly sd: number } {
  const n = values.length;
  let largest = 0;
  for (let r = 0; r < n; r++) largest = Math.max(largest, Math.abs(values[r]));
  if (largest === 0) return { mean: 0, sd: 0 };
  // Differences from the first number: a constant has exactly its own mean.
  const first = values[0] / largest;
  let sum = 0;
  for (let r = 0; r < n; r++) sum += values[r] / largest - first;
  const mean = first + sum / n;
  let squares = 0;
  for (let r = 0; r < n; r++) squares += (values[r] / largest - mean) ** 2;
  const variance = squares / n;
  const rounding = n * Number.EPSILON * variance + (n * mean * Number.EPSILON) ** 2;
  return { mean: mean * largest, sd: variance <= rounding ? 0 : Math.sqrt(variance) * largest };
}

/** A saved standardisation of `width` columns. @throws DataError when it is damaged. */
export function standardisationFromJSON(where: string, file: unknown, width: number): Standardisation {
  const { mean, sd } = (file ?? {}) as Partial<Standardisation>;
  return { mean: savedNumbers(where, 'mean', mean, width), sd: savedNumbers(where, 'sd', sd, width) };
}
