import { expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { nearestNeighbours } from '../../../src/core/models/nearest-neighbours.js';
import { tableOf } from './rows.js';

const fit = (column: number[], y: number[], neighbours: number) =>
  nearestNeighbours({ neighbours }).fit(tableOf([Float64Array.from(column)]), Float64Array.from(y), { rng: rng(1) });

test('the nearest are averaged; of equally distant rows the earlier ones count', async () => {
  // Mean 0, so that standardised places are symmetric: from 0 the first two rows are equally far.
  const model = await fit([1, -1, 0, 4, -4], [30, 10, 20, 90, 70], 2);
  expect([...model.predict(tableOf([Float64Array.of(0, 100, 0)]))]).toEqual([25, 60, 25]);
  expect([...(await fit([3, 1, 2], [30, 10, 20], 9)).predict(tableOf([Float64Array.of(0)]))]).toEqual([20]);
});

test('a row further off than numbers reach is equally far from all, whatever was asked before it', async () => {
  const model = await fit([3, 1, 2, 9], [30, 10, 20, 90], 2);
  for (const before of [1, 9]) expect(model.predict(tableOf([Float64Array.of(before, 1e200)]))[1]).toBe(20);
  expect(model.predict(tableOf([Float64Array.of(-1e300)]))[0]).toBe(20);
});
