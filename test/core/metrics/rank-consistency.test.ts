import { expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rankConsistency } from '../../../src/core/metrics/rank-consistency.js';

test('is hand-worked: right between halves, reversed inside the upper one', () => {
  const full = [1, 2, 3, 4, 5, 6];
  const cheap = [1, 2, 3, 6, 5, 4];
  const report = rankConsistency(cheap, full, { tops: [1, 3], bins: 2 });
  expect(report.tau).toBeCloseTo(9 / 15, 12); // 12 pairs agree, 3 do not
  expect(report.overlap).toEqual([
    { k: 1, share: 0 },
    { k: 3, share: 1 },
  ]);
  expect(report.bins).toEqual([
    { from: 1, to: 3, tau: 1 },
    { from: 4, to: 6, tau: -1 },
  ]);
});

test('refuses more bins than pairs', () => {
  expect(() => rankConsistency([1, 2, 3], [1, 2, 3], { tops: [1], bins: 2 })).toThrow(ShapeError);
});
