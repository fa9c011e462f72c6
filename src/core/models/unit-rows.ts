import { dot } from '../base/cholesky.js';
import type { FeatureTable } from '../base/table.js';

/** Row-major, rows × columns; each row divided by its length, so that dot products are cosines. Rows of zeros stay zeros. */
export function unitRows(x: FeatureTable): Float64Array {
  const width = x.values.length;
  const out = new Float64Array(x.rowCount * width);
  for (let c = 0; c < width; c++) {
    const column = x.values[c];
    for (let r = 0; r < x.rowCount; r++) out[r * width + c] = column[r];
  }
  for (let r = 0; r < x.rowCount; r++) {
    const row = out.subarray(r * width, (r + 1) * width);
    const length = Math.sqrt(dot(row, 0, row, 0, width));
    if (length > 0) for (let c = 0; c < width; c++) row[c] /= length;
  }
  return out;
}
