import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { kendallTau } from '../../../src/core/metrics/kendall.js';
import { pearson } from '../../../src/core/metrics/pearson.js';
import { ascending, denseRanks, midRanks } from '../../../src/core/metrics/ranks.js';
import { spearman } from '../../../src/core/metrics/spearman.js';

/** Rows of two sides: sometimes few distinct values, sometimes any doubles, sometimes doubles whose upper halves agree. */
const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e150, max: 1e150 }),
  fc.integer({ min: 0, max: 5 }).map((i) => 1 + i * Number.EPSILON),
);
const rows = fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 200 });
const sides = (pairs: readonly (readonly [number, number])[]): [number[], number[]] => [
  pairs.map(([a]) => a),
  pairs.map(([, b]) => b),
];

/** Equal to 1e-10, where NaN equals NaN. */
function near(got: number, expected: number): void {
  if (Number.isNaN(expected)) expect(got).toBeNaN();
  else expect(got).toBeCloseTo(expected, 10);
}

/** Tau-b by its definition, over all pairs. */
function tauOfAllPairs(a: readonly number[], b: readonly number[]): number {
  let surplus = 0;
  let untiedA = 0;
  let untiedB = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const da = Math.sign(a[i] - a[j]);
      const db = Math.sign(b[i] - b[j]);
      surplus += da * db;
      untiedA += da * da;
      untiedB += db * db;
    }
  }
  return surplus / Math.sqrt(untiedA * untiedB);
}

function rankOfAllPairs(a: readonly number[]): number[] {
  return a.map((x) => a.reduce((sum, other) => sum + (other < x ? 1 : other === x ? 0.5 : 0), 0.5));
}

/** What every correlation promises, whichever it is. */
function correlationLaws(correlation: (a: ArrayLike<number>, b: ArrayLike<number>) => number): void {
  test('is the same with its sides exchanged', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const [a, b] = sides(pairs);
        near(correlation(a, b), correlation(b, a));
      }),
    );
  });

  test('is 1 with itself and −1 with its negative, unless constant', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 2 }), (a) => {
        const constant = a.every((x) => x === a[0]);
        near(correlation(a, a), constant ? Number.NaN : 1);
        const negative = a.map((x) => -x);
        near(correlation(a, negative), constant ? Number.NaN : -1);
      }),
    );
  });

  test('is NaN exactly when a side is constant', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const [a, b] = sides(pairs);
        const constant = a.every((x) => x === a[0]) || b.every((x) => x === b[0]);
        expect(Number.isNaN(correlation(a, b))).toBe(constant);
      }),
    );
  });

  test('refuses unequal lengths, a single row, and NaN', () => {
    expect(() => correlation([1, 2], [1, 2, 3])).toThrow(ShapeError);
    expect(() => correlation([1], [1])).toThrow(ShapeError);
    expect(() => correlation([1, Number.NaN], [1, 2])).toThrow(ShapeError);
    expect(() => correlation([1, 2], [Number.NaN, 2])).toThrow(ShapeError);
  });
}

describe('kendallTau', () => {
  correlationLaws(kendallTau);

  test('equals the definition over all pairs, heavy ties included', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const [a, b] = sides(pairs);
        near(kendallTau(a, b), tauOfAllPairs(a, b));
      }),
    );
  });

  test('does not change under increasing maps', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), value), { minLength: 2 }), (pairs) => {
        const [a, b] = sides(pairs);
        const mapped = a.map((x) => x ** 3 / 7 - 1e6);
        expect(kendallTau(mapped, b)).toEqual(kendallTau(a, b));
      }),
    );
  });

  test('orders failed networks at −Infinity below all others', () => {
    expect(kendallTau([Number.NEGATIVE_INFINITY, 1, 2], [0, 1, 2])).toBe(1);
  });
});

describe('spearman', () => {
  correlationLaws(spearman);

  test('is exactly 1 for the same order and −1 for the opposite one, ties included', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 2 }), (a) => {
        const constant = a.every((x) => x === a[0]);
        const ranks = midRanks(a);
        expect(spearman(a, ranks)).toBe(constant ? Number.NaN : 1);
        expect(
          spearman(
            a,
            Float64Array.from(ranks, (rank) => -rank),
          ),
        ).toBe(constant ? Number.NaN : -1);
      }),
    );
    expect(spearman([1, 2, 3], [3, 2, 1])).toBe(-1);
  });

  test('is Pearson of mid ranks', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const [a, b] = sides(pairs);
        near(spearman(a, b), pearson(rankOfAllPairs(a), rankOfAllPairs(b)));
      }),
    );
  });
});

describe('pearson', () => {
  test('does not change under increasing straight lines', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer()), { minLength: 2 }), (pairs) => {
        const [a, b] = sides(pairs);
        const mapped = a.map((x) => 4 * x + 8);
        near(pearson(mapped, b), pearson(a, b));
      }),
    );
  });

  test('is exactly ±1 on a straight line of whole numbers', () => {
    expect(pearson([1, 2, 3], [3, 2, 1])).toBe(-1);
    expect(pearson([1, 2, 3, 4, 5], [10, 20, 30, 40, 50])).toBe(1);
  });

  test('is near ±1 where the product of the sums of squares leaves the range of doubles', () => {
    for (const scale of [1e-150, 1e-85, 1e85, 1e150]) {
      near(pearson([1 * scale, 2 * scale, 4 * scale], [2 * scale, 4 * scale, 8 * scale]), 1);
      near(pearson([1 * scale, 2 * scale, 4 * scale], [-1 * scale, -2 * scale, -4 * scale]), -1);
    }
  });

  test('refuses infinite numbers', () => {
    expect(() => pearson([1, Number.POSITIVE_INFINITY], [1, 2])).toThrow(ShapeError);
  });
});

describe('ranks', () => {
  test('ascending sorts stably, whatever the length and the bits', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 400 }), (values) => {
        const expected = values.map((_, i) => i).sort((i, j) => values[i] - values[j] || i - j);
        expect(Array.from(ascending(values))).toEqual(expected);
      }),
    );
  });

  test('ascending tells apart a long run of doubles that agree in their upper half', () => {
    const values = Array.from({ length: 3000 }, (_, i) => 1 + ((i * 7919) % 3000) * Number.EPSILON);
    const sorted = Array.from(ascending(values), (i) => values[i]);
    expect(sorted).toEqual([...values].sort((a, b) => a - b));
  });

  test('minus zero ties with zero', () => {
    const values = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 0 : -0));
    expect(Array.from(ascending(values))).toEqual(values.map((_, i) => i));
    expect(new Set(midRanks(values))).toEqual(new Set([50.5]));
  });

  test('dense ranks number the distinct values and count them', () => {
    const values = [30, 10, 20, 10];
    expect(denseRanks(values, ascending(values))).toEqual({ ranks: Int32Array.of(2, 0, 1, 0), counts: Int32Array.of(2, 1, 1) });
  });
});
