import { expect, test } from 'vitest';
import { Mt19937 } from '../../../src/core/base/mt19937.js';

// numpy 1.24.4
test("draws whole numbers as numpy's RandomState.randint does, near 2^31 and small", () => {
  const seeds = new Mt19937(42);
  expect(Array.from({ length: 4 }, () => seeds.interval(2147483646))).toEqual([1608637542, 1273642419, 1935803228, 787846414]);
  const rows = new Mt19937(1608637542);
  expect(Array.from({ length: 6 }, () => rows.interval(999))).toEqual([475, 41, 890, 970, 332, 642]);
});
