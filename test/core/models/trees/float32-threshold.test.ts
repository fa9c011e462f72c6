import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float32Threshold } from '../../../../src/core/models/trees/float32-threshold.js';

const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);

/** The double that many places up or down from a positive or negative one. */
function beside(value: number, places: bigint): number {
  double[0] = value;
  bits[0] += value > 0 ? places : -places;
  return double[0];
}

function expectSameWays(threshold: number, x: number): void {
  expect([x, x <= float32Threshold(threshold)]).toEqual([x, Math.fround(x) <= threshold]);
}

const single = fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e38), max: Math.fround(1e38) });

test('sends every double the way that its float32 goes, up to the last bit', () => {
  fc.assert(
    fc.property(single, single, fc.double({ noNaN: true }), (a, b, x) => {
      const threshold = a / 2 + b / 2;
      const ours = float32Threshold(threshold);
      expectSameWays(threshold, x);
      for (const near of [ours, threshold, a, b]) {
        if (near === 0) continue;
        for (const places of [-1n, 0n, 1n]) expectSameWays(threshold, beside(near, places));
      }
    }),
    { numRuns: 1000 },
  );
});

test('lies midway between two float32s, below the middle where that would be rounded up', () => {
  expect(float32Threshold(1)).toBe(1 + 2 ** -24);
  const odd = 1 + 2 ** -23;
  expect(float32Threshold(odd)).toBe(odd + 2 ** -24 - 2 ** -52);
  expect(float32Threshold(0)).toBe(2 ** -150);
  expect(float32Threshold(-(2 ** -149))).toBe(-(2 ** -150) * (1 + 2 ** -52));
});
