import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cos, exp, fillGaussian, gaussian, log, sin } from '../../../src/core/base/exact-math.js';
import { rng } from '../../../src/core/base/rng.js';

const ULPS = 4 * 2 ** -52;
const near = (got: number, expected: number, scale = Math.abs(expected)): boolean => Math.abs(got - expected) <= ULPS * scale;

test('exp, log, sine and cosine are within two units in the last place of the true value', () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
      expect(near(exp(x), Math.exp(x)), `exp ${x}: ${exp(x)}`).toBe(true);
      expect(near(cos(x), Math.cos(x), 1), `cos ${x}`).toBe(true);
      expect(near(sin(x), Math.sin(x), 1), `sin ${x}`).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(fc.double({ min: 5e-324, max: 1.7e308, noNaN: true }), (x) => {
      expect(near(log(x), Math.log(x)), `log ${x}: ${log(x)}`).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('what has an exact value has it', () => {
  expect([exp(0), log(1), cos(0), sin(0), exp(-800), exp(800), log(0)]).toEqual([1, 0, 1, 0, 0, Infinity, -Infinity]);
  expect([exp(Number.NaN), log(-1), exp(-Infinity), exp(Infinity), log(Infinity)]).toEqual([NaN, NaN, 0, Infinity, Infinity]);
  expect([log(2), log(10)]).toEqual([Math.LN2, Math.LN10]);
});

test('normal numbers have the moments of the normal distribution and depend on the generator alone', () => {
  const all = new Float64Array(100_001);
  fillGaussian(all, rng(1), 2, 3);
  const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
  const moment = (k: number): number => all.reduce((sum, v) => sum + ((v - 3) / 2) ** k, 0) / all.length;
  expect(Math.abs(mean - 3)).toBeLessThan(0.03);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02);
  expect(Math.abs(moment(3))).toBeLessThan(0.04);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
  const again = new Float64Array(100_001);
  fillGaussian(again, rng(1), 2, 3);
  expect(again).toEqual(all);
  const one = Array.from(
    { length: 20_000 },
    (
      (random) => () =>
        gaussian(random)
    )(rng(2)),
  );
  expect(Math.abs(one.reduce((sum, v) => sum + v * v, 0) / one.length - 1)).toBeLessThan(0.05);
});
