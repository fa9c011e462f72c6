import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile } from '../../../src/core/metrics/quantile.js';

test('quantiles are numpy’s to the last bit', () => {
  // numpy 2.4.6: np.quantile(numbers, shares).
  const numbers = [0.1, 0.7, 1.3, 2.9, 3.3, 10, 11.1];
  const shares = [0.05, 0.1, 0.3, 0.37, 0.5, 0.62, 0.9, 0.95];
  const theirs = [0.28, 0.46, 1.18, 1.6519999999999997, 2.9, 3.1879999999999997, 10.44, 10.77];
  expect(shares.map((share) => quantile(numbers, share))).toEqual(theirs);
});

test('quantiles are worked by hand: three quarters of the way from 1 to 2, half-way from 2 to 4, a quarter from 4 to 8', () => {
  expect([0.25, 0.5, 0.75].map((share) => quantile([1, 2, 4, 8], share))).toEqual([1.75, 3, 5]);
  expect(quantile([3], 0.25)).toBe(3);
  expect(quantile([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 1], 0.25)).toBe(Number.NEGATIVE_INFINITY);
});

/** Of numbers up to a million. */
const ROUNDING = 1e-9;

test('quantiles stay between the ends, rise with the share, and meet each number at its own', () => {
  const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(numbers, share, share, (list, a, b) => {
      const sorted = Float64Array.from(list).sort();
      const last = sorted.length - 1;
      const [low, high] = [quantile(sorted, Math.min(a, b)), quantile(sorted, Math.max(a, b))];
      expect(low).toBeLessThanOrEqual(high + ROUNDING);
      expect(low).toBeGreaterThanOrEqual(sorted[0] - ROUNDING);
      expect(high).toBeLessThanOrEqual(sorted[last] + ROUNDING);
      sorted.forEach((value, i) => {
        expect(quantile(sorted, last === 0 ? 0 : i / last)).toBeCloseTo(value, 6);
      });
    }),
  );
});
