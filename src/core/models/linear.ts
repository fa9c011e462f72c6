import { dot } from '../base/cholesky.js';
import type { FeatureTable } from '../base/table.js';
import type { Standardisation } from './standardise.js';

/** intercept + Σ weight × standardised column, column by column. */
export function linearPrediction(
  x: FeatureTable,
  { mean, sd }: Standardisation,
  intercept: number,
  weights: readonly number[],
): Float64Array {
  const out = new Float64Array(x.rowCount).fill(intercept);
  x.values.forEach((column, c) => {
    if (sd[c] === 0 || weights[c] === 0) return;
    for (let r = 0; r < out.length; r++) out[r] += (weights[c] * (column[r] - mean[c])) / sd[c];
  });
  return out;
}

/** M Mᵀ of a row-major matrix: count × count, both triangles. */
export function innerProducts(m: Float64Array, count: number, width: number): Float64Array {
  const out = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      out[i * count + j] = dot(m, i * width, m, j * width, width);
      out[j * count + i] = out[i * count + j];
    }
  }
  return out;
}

export function transposed(m: Float64Array, rows: number, width: number): Float64Array {
  const out = new Float64Array(m.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < width; c++) out[c * rows + r] = m[r * width + c];
  return out;
}
