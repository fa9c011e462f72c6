import { type Rng, rng } from '../../../src/core/base/rng.js';
import { type ColumnValues, type FeatureTable, featureTable } from '../../../src/core/base/table.js';

/** A table of columns named a, b, c, … */
export function tableOf(values: readonly ColumnValues[]): FeatureTable {
  const columns = values.map((_, c) => ({ name: String.fromCharCode(97 + c), says: `column ${c}`, family: 'made up', unit: '' }));
  return featureTable(values[0].length, columns, values);
}

/**
 * Rows with every kind of column: a step, a count, a twin of the count, its mirror, two doubles, one of few distinct
 * values, and a constant; the target follows three of them, with noise and ties.
 */
export function noisyRows(rowCount: number, seed: number): { readonly x: FeatureTable; readonly y: Float64Array } {
  const source: Rng = rng(seed);
  const step = Int8Array.from({ length: rowCount }, () => source.int(2));
  const count = Int8Array.from({ length: rowCount }, () => source.int(7) - 2);
  const smooth = Float64Array.from({ length: rowCount }, () => source.normal());
  const other = Float64Array.from({ length: rowCount }, () => Math.exp(10 * source.normal()));
  const tenths = Float64Array.from({ length: rowCount }, () => source.int(60) / 10);
  const y = Float64Array.from({ length: rowCount }, (_, r) =>
    Math.round(40 + 5 * step[r] + 2 * count[r] + 4 * Math.sin(2 * smooth[r]) + source.normal()),
  );
  const x = tableOf([step, count, count.slice(), count.map((v) => -v), smooth, other, tenths, new Int8Array(rowCount).fill(3)]);
  return { x, y };
}

/** Counts of four operations, 12 in all; the target follows the shares of two of them, with noise. */
export function countRows(rowCount: number, seed: number): { readonly x: FeatureTable; readonly y: Float64Array } {
  const source: Rng = rng(seed);
  const counts = Array.from({ length: 4 }, () => new Int8Array(rowCount));
  for (let r = 0; r < rowCount; r++) for (let op = 0; op < 12; op++) counts[source.int(4)][r]++;
  const y = Float64Array.from({ length: rowCount }, (_, r) => 40 + 3 * counts[0][r] - 2 * counts[1][r] + source.normal());
  return { x: tableOf(counts), y };
}
