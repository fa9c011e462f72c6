import { ShapeError } from '../../base/errors.js';
import type { TrainingRows } from './training-rows.js';

/**
 * The training table as it was, column-major, rounded to float32. Constant columns, which `data` leaves out, are zeros.
 * @throws ShapeError on a number beyond float32.
 */
export function float32Columns(data: TrainingRows): Float32Array {
  const { rowCount, columnCount, tableRow, column, group, coarseCount, values, valueStart, bins, binStart, ranks } = data;
  const x = new Float32Array(rowCount * columnCount);
  for (let c = 0; c < column.length; c++) {
    const g = group[c];
    for (let i = 0; i < rowCount; i++) {
      const code = g < coarseCount ? bins[i * coarseCount + g] - binStart[g] : ranks[(g - coarseCount) * rowCount + i];
      x[column[c] * rowCount + tableRow[i]] = values[valueStart[c] + code];
    }
  }
  checkRange(x, rowCount);
  return x;
}

function checkRange(x: Float32Array, rowCount: number): void {
  const at = x.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const argument = `sklearnGrower: column ${Math.trunc(at / rowCount)}, row ${at % rowCount}`;
  throw new ShapeError({ argument, expected: 'a number within the range of float32', got: `${x[at]}` });
}
