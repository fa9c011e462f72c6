import { ShapeError } from '../../base/errors.js';
import type { ColumnValues, FeatureTable } from '../../base/table.js';
import { ascending } from '../../metrics/ranks.js';
import { COARSE, type TrainingRows, trainingRows } from './training-rows.js';

/** Sums of two numbers must stay within float32. */
const LARGEST = 2 ** 126;
/** From here on histograms of up to 256 values are quicker than sorted lists. */
const MANY_ROWS = 900;
/** As many values as a byte has. */
const BYTE = 256;

/**
 * The training table as boosting reads it: rounded to float32, as xgboost does, and encoded as for forests.
 * @param bins each column keeps at most so many values (its quantiles); null for all of them.
 * @throws ShapeError on a number of 2^126 or more.
 */
export function boostingRows(x: FeatureTable, y: Float64Array, bins: number | null): TrainingRows {
  const values = x.values.map((column, c) => {
    const rounded = column instanceof Int8Array ? column : singles(column, `column ${x.columns[c].name}, row`);
    return bins === null ? rounded : binned(rounded, bins);
  });
  return trainingRows({ ...x, values }, singles(y, 'y, row'), y.length > MANY_ROWS ? BYTE : COARSE);
}

function singles(values: Float64Array, what: string): Float64Array {
  const rounded = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    rounded[i] = Math.fround(values[i]);
    if (Math.abs(rounded[i]) < LARGEST) continue;
    throw new ShapeError({
      argument: `gradientBoosting.fit: ${what} ${i}`,
      expected: 'a number within the range of float32',
      got: `${values[i]}`,
    });
  }
  return rounded;
}

/** Replaces each value by the least of its quantile bin; where there are no more values than bins, each is a bin. */
function binned(column: ColumnValues, bins: number): ColumnValues {
  const n = column.length;
  if (n <= bins || (column instanceof Int8Array && bins >= BYTE)) return column;
  const order = ascending(column);
  let distinct = 1;
  for (let i = 1; i < n; i++) if (column[order[i]] !== column[order[i - 1]]) distinct++;
  if (distinct <= bins) return column;
  const out = new Float64Array(n);
  let bin = -1;
  let least = 0;
  for (let start = 0; start < n; ) {
    const value = column[order[start]];
    let end = start + 1;
    while (end < n && column[order[end]] === value) end++;
    const here = Math.floor((start * bins) / n);
    if (here !== bin) {
      bin = here;
      least = value;
    }
    for (let i = start; i < end; i++) out[order[i]] = least;
    start = end;
  }
  return out;
}
