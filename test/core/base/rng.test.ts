import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rng, rng, rngFromPath } from '../../../src/core/base/rng.js';

const label = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('/', '%', '2', 'F', '5', 'a') }), fc.integer());

const first = (source: Rng): number => source.uniform();
const draws = (source: Rng, count: number): number[] => Array.from({ length: count }, () => source.uniform());

/** The generator at the end of a way of labels. */
const along = (seed: number, labels: readonly (string | number)[]): Rng =>
  labels.reduce<Rng>((source, name) => source.fork(name), rng(seed));

describe('fork', () => {
  test('tells labels with separators from forks of forks', () => {
    expect(rng(1).fork('a/b').path).not.toBe(rng(1).fork('a').fork('b').path);
    expect(first(rng(1).fork('a/b'))).not.toBe(first(rng(1).fork('a').fork('b')));
    expect(first(rng(1).fork('%2F'))).not.toBe(first(rng(1).fork('/')));
    expect(first(rng(1).fork('%25'))).not.toBe(first(rng(1).fork('%')));
    expect(first(rng(1).fork(''))).not.toBe(first(rng(1)));
  });

  test('gives another path for any other way of labels', () => {
    const way = fc.array(label, { maxLength: 4 });
    fc.assert(
      fc.property(way, way, (one, other) => {
        const same = one.map(String).join('\0') === other.map(String).join('\0') && one.length === other.length;
        expect(along(1, one).path === along(1, other).path).toBe(same);
      }),
      { numRuns: 1000 },
    );
  });

  test('gives another stream for any other label, number or seed', () => {
    const root = rng(7);
    const numbered = Array.from({ length: 20_000 }, (_, i) => first(root.fork(i)));
    const named = Array.from({ length: 20_000 }, (_, i) => first(root.fork(`column ${i}`)));
    const seeded = Array.from({ length: 20_000 }, (_, i) => first(rng(i / 2)));
    // Of 60,000 draws of 53 bits two are equal with a chance of 2e-7.
    expect(new Set([...numbered, ...named, ...seeded]).size).toBe(60_000);
  });

  test('depends on seed and labels, not on what was drawn before', () => {
    const root = rng(3);
    const before = draws(root.fork('split'), 5);
    draws(root, 100);
    root.normal();
    expect(draws(root.fork('split'), 5)).toEqual(before);
  });

  test('takes a number for its digits', () => {
    expect(rng(1).fork(12).path).toBe(rng(1).fork('12').path);
  });

  test('leaves neighbouring streams uncorrelated', () => {
    const root = rng(11);
    const n = 20_000;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += 12 * (first(root.fork(i)) - 0.5) * (first(root.fork(i + 1)) - 0.5);
    // The mean of products of independent unit-variance numbers has a standard deviation of 1/sqrt(n).
    expect(Math.abs(sum / n)).toBeLessThan(5 / Math.sqrt(n));
  });
});

describe('rngFromPath', () => {
  test('makes the same generator again', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.array(label, { maxLength: 3 }), (seed, labels) => {
        const source = along(seed, labels);
        const again = rngFromPath(source.path);
        expect(draws(again, 8)).toEqual(draws(source, 8));
        expect(first(again.fork('x'))).toBe(first(source.fork('x')));
      }),
    );
  });
});

// Statistics of fixed seeds: each bound is five standard deviations, which a right generator misses once in two million.
describe('draws', () => {
  const n = 100_000;

  test('uniform numbers have mean 1/2 and variance 1/12, and fill all tenths evenly', () => {
    const u = draws(rng(1), n);
    expect(u.every((x) => x >= 0 && x < 1)).toBe(true);
    const mean = u.reduce((a, b) => a + b, 0) / n;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    const variance = u.reduce((a, x) => a + (x - mean) ** 2, 0) / n;
    // The variance of (u - 1/2)² is 1/80 - 1/144 = 1/180.
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
    expect(
      chiSquare(
        u.map((x) => Math.floor(10 * x)),
        10,
      ),
    ).toBeLessThan(9 + 5 * Math.sqrt(18));
  });

  test.each([2, 3, 7, 10, 100])('whole numbers below %i are equally frequent', (below) => {
    const source = rng(below);
    const whole = Array.from({ length: n }, () => source.int(below));
    expect(chiSquare(whole, below)).toBeLessThan(below - 1 + 5 * Math.sqrt(2 * (below - 1)));
  });

  test('whole numbers are without bias where the range does not divide 2^32', () => {
    // Below 3 × 2^30 a remainder of 32 bits would land in the first third half of the time.
    const source = rng(5);
    const below = 3 * 2 ** 30;
    const thirds = Array.from({ length: n }, () => Math.floor(source.int(below) / 2 ** 30));
    expect(chiSquare(thirds, 3)).toBeLessThan(2 + 5 * 2);
  });

  test('normal numbers have the moments 0, 1, 0, 3', () => {
    const source = rng(2);
    const z = Array.from({ length: n }, () => source.normal());
    const moment = (k: number): number => z.reduce((sum, x) => sum + x ** k, 0) / n;
    // The variance of z^k is E z^2k - (E z^k)²: 1, 2, 15, 96.
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    // A number and the spare that came with it are independent.
    const pairs = z.reduce((sum, x, i) => (i % 2 === 0 ? sum + x * z[i + 1] : sum), 0) / (n / 2);
    expect(Math.abs(pairs)).toBeLessThan(5 * Math.sqrt(2 / n));
  });

  test('choose gives different numbers below n, permutation all of them', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 60 }), fc.nat(), (seed, n, some) => {
        const k = some % (n + 1);
        const chosen = rng(seed).choose(n, k);
        expect([chosen.length, new Set(chosen).size]).toEqual([k, k]);
        expect(chosen.every((i) => i >= 0 && i < n)).toBe(true);
        expect([...rng(seed).permutation(n)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  test('choose takes every ordered pair equally often', () => {
    const source = rng(4);
    const pairs = Array.from({ length: n }, () => {
      const [a, b] = source.choose(4, 2);
      return 3 * a + (b > a ? b - 1 : b);
    });
    expect(chiSquare(pairs, 12)).toBeLessThan(11 + 5 * Math.sqrt(22));
  });

  test('refuses what is no seed, so that a forgotten one is not the same seed everywhere', () => {
    for (const seed of [undefined as unknown as number, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => rng(seed)).toThrow(/rng: seed: expected a finite number/);
    }
  });

  test('refuses ranges that hold no whole number, and more than there are', () => {
    for (const below of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) expect(() => rng(1).int(below)).toThrow(RangeError);
    expect(() => rng(1).choose(3, 4)).toThrow(RangeError);
    expect(() => rng(1).choose(3, -1)).toThrow(RangeError);
  });
});

/** Of counts of `classes` equally likely classes; about `classes - 1`, with a variance of twice that. */
function chiSquare(drawn: readonly number[], classes: number): number {
  const counts = new Array<number>(classes).fill(0);
  for (const c of drawn) counts[c]++;
  const expected = drawn.length / classes;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
