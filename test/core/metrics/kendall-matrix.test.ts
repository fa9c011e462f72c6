import { expect, test } from 'vitest';
import { kendallMatrix } from '../../../src/core/metrics/kendall-matrix.js';

test('every pair is compared on the rows that both have', () => {
  // Of columns 0 and 1 one pair of six is turned; of column 2 rows 1 and 3 are absent.
  const columns = [
    [1, 2, 3, 4],
    [2, 1, 3, 4],
    [9, Number.NaN, 8, Number.NaN],
  ].map((values) => Float64Array.from(values));
  const { taus, rows } = kendallMatrix(columns);
  [1, 2 / 3, -1, 2 / 3, 1, -1, -1, -1, 1].forEach((tau, i) => {
    expect(taus[i]).toBeCloseTo(tau, 12);
  });
  expect([...rows]).toEqual([4, 4, 2, 4, 4, 2, 2, 2, 2]);
});

test('nothing is said of a pair that shares fewer than two rows, or of a constant column', () => {
  const columns = [
    [1, 2, Number.NaN],
    [Number.NaN, 5, 6],
    [7, 7, 7],
  ].map((values) => Float64Array.from(values));
  const { taus, rows } = kendallMatrix(columns);
  expect([taus[1], taus[2], rows[1], rows[2]]).toEqual([Number.NaN, Number.NaN, 1, 2]);
});
