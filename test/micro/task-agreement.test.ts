import { expect, test } from 'vitest';
import type { BenchmarkTable, DataColumn } from '../../src/data/benchmark.js';
import { TOLD_PAIRS, taskAgreement } from '../../src/micro/task-agreement.js';

/** A table of columns by name; only names and numbers matter here. */
function tableOf(columns: Readonly<Record<string, readonly number[]>>): BenchmarkTable {
  const names = Object.keys(columns);
  return {
    archs: Object.values(columns)[0].map((_, i) => `net ${i}`),
    columns: names.map((name) => ({ name }) as DataColumn),
    values: names.map((name) => Float64Array.from(columns[name])),
  } as unknown as BenchmarkTable;
}

const whole = {
  'cls.acc': [1, 2, 3, 4],
  'den.psnr': [8, 7, 6, 5],
  // One of the six pairs is turned: tau (5 - 1) / 6.
  'seg.iou': [2, 1, 3, 4],
  params_live: [10, 20, 30, 40],
};

test('tasks are compared with each other, then each with the number of weights', () => {
  expect(TOLD_PAIRS.map((pair) => pair.join(' '))).toEqual([
    ...['cls.acc den.psnr', 'cls.acc seg.iou', 'den.psnr seg.iou'],
    ...['params_live cls.acc', 'params_live den.psnr', 'params_live seg.iou'],
  ]);
  const { networks, taus } = taskAgreement(tableOf(whole)) ?? { networks: 0, taus: [] };
  expect(networks).toBe(4);
  [-1, 2 / 3, -2 / 3, 1, -1, 2 / 3].forEach((tau, i) => {
    expect(taus[i]).toBeCloseTo(tau, 12);
  });
});

test('a network of which a training diverged takes no part', () => {
  const told = taskAgreement(tableOf({ ...whole, 'seg.iou': [2, Number.NaN, 3, 4] }));
  expect(told?.networks).toBe(3);
  expect(told?.taus[1]).toBeCloseTo(1, 12);
});

test('nothing is told where a task is absent, or all networks are', () => {
  const { 'den.psnr': _, ...rest } = whole;
  expect(taskAgreement(tableOf(rest))).toBeNull();
  const none = [Number.NaN, Number.NaN, Number.NaN, 1];
  expect(taskAgreement(tableOf({ ...whole, 'cls.acc': none }))).toBeNull();
});
