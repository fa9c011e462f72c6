import { expect, test } from 'vitest';
import { type ColumnValues, featureTable } from '../../../src/core/base/table.js';
import { boostingRows } from '../../../src/core/models/trees/boosting-rows.js';

const ROWS = 64;
const y = Float64Array.from({ length: ROWS }, (_, r) => r);

/** Distinct values that are left of a column whose rows hold 0 to 15, four times each. */
function left(column: ColumnValues, bins: number | null): number[] {
  const x = featureTable(ROWS, [{ name: 'c', says: 'c', family: 'f', unit: '' }], [column]);
  return [...boostingRows(x, y, bins).values];
}

test.each([
  ['bytes', Int8Array.from({ length: ROWS }, (_, r) => r % 16)],
  ['doubles', Float64Array.from({ length: ROWS }, (_, r) => r % 16)],
])('a column of %s keeps at most so many quantiles, each the least of its bin, and all values where they fit', (_, column) => {
  expect(left(column, 4)).toEqual([0, 4, 8, 12]);
  const whole = Array.from({ length: 16 }, (_, value) => value);
  expect(left(column, 256)).toEqual(whole);
  expect(left(column, null)).toEqual(whole);
});
