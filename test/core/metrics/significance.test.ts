import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { chiSquareTail } from '../../../src/core/metrics/chi-square.js';
import { friedman } from '../../../src/core/metrics/friedman.js';
import { holm } from '../../../src/core/metrics/holm.js';
import { kendallTau } from '../../../src/core/metrics/kendall.js';
import { noiseCeiling } from '../../../src/core/metrics/noise-ceiling.js';
import { significance } from '../../../src/core/metrics/significance.js';
import { spread } from '../../../src/core/metrics/spread.js';
import { tauTop } from '../../../src/core/metrics/tau-top.js';
import { wilcoxon } from '../../../src/core/metrics/wilcoxon.js';

// Literals: scipy 1.17.1 with numpy 2.4.6 (stats.chi2.sf, wilcoxon, friedmanchisquare), unless worked by hand.
const a = [0.71, 0.74, 0.69, 0.78, 0.73, 0.7, 0.75, 0.72, 0.77, 0.76];
const b = [0.7, 0.72, 0.7, 0.74, 0.71, 0.69, 0.72, 0.75, 0.73, 0.715];
const c = [0.6, 0.66, 0.64, 0.7, 0.62, 0.71, 0.63, 0.65, 0.66, 0.64];
const zeros = (n: number): number[] => new Array<number>(n).fill(0);

describe('the tail of chi-square', () => {
  test.each([
    [0.5, 1, 0.47950012218695337],
    [3.84, 1, 0.05004352124870519],
    [10, 4, 0.04042768199451279],
    [30, 5, 1.4748581038443073e-5],
    [120, 7, 7.661246463353007e-23],
    [2.3, 30, 0.9999999999978779],
    [1000, 3, 1.7994208765314067e-216],
  ])('at %d with %i degrees of freedom is %d', (x, df, p) => {
    expect(Math.abs(chiSquareTail(x, df) / p - 1)).toBeLessThan(1e-11);
  });

  test('with two degrees of freedom is exp(−x/2)', () => {
    for (const x of [0, 0.1, 1, 3.9, 4.1, 50]) expect(chiSquareTail(x, 2)).toBeCloseTo(Math.exp(-x / 2), 14);
  });
});

describe('Wilcoxon’s signed-rank test', () => {
  test('is exact for few pairs', () => {
    const found = wilcoxon([1, -2, 3, 4, 5, 6, -7, 8, 9, 10, 11, -12], zeros(12));
    expect([found.minus, found.plus]).toEqual([21, 57]);
    expect(found.p).toBeCloseTo(0.17626953125, 14);
  });

  test('is exact with ties as well', () => {
    expect(wilcoxon([1, 1, -1, 2, 2, 3, -3, 4, 4, 4], zeros(10)).p).toBeCloseTo(0.05859375, 14);
  });

  test('corrects the normal law for ties where there are many pairs', () => {
    const differences = Array.from({ length: 60 }, (_, k) => ((k * 37) % 23) - 8);
    const found = wilcoxon(differences, zeros(60));
    expect([found.n, Math.min(found.plus, found.minus)]).toEqual([58, 474.5]);
    expect(Math.abs(found.p / 0.0031533488349645717 - 1)).toBeLessThan(1e-10);
  });

  test('cannot fall below 2^(1−n), which six pairs need to pass 0.05', () => {
    for (const n of [1, 5, 6])
      expect(
        wilcoxon(
          Array.from({ length: n }, (_, i) => i + 1),
          zeros(n),
        ).p,
      ).toBe(2 ** (1 - n));
  });

  test('says nothing of equal lists', () => {
    expect(wilcoxon(a, a)).toEqual({ n: 0, plus: 0, minus: 0, p: 1 });
  });

  test('gives the same p whichever side is named first', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ max: 9, min: -9 }), fc.integer({ max: 9, min: -9 })), { minLength: 1, maxLength: 70 }),
        (pairs) => {
          const [left, right] = [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])];
          const [there, back] = [wilcoxon(left, right), wilcoxon(right, left)];
          expect(there.p).toBeCloseTo(back.p, 12);
          expect(there.plus).toBe(back.minus);
          expect(there.p).toBeGreaterThan(0);
          expect(there.p).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  test('refuses lists that do not pair up', () => {
    expect(() => wilcoxon([1], [1, 2])).toThrow(ShapeError);
    expect(() => wilcoxon([], [])).toThrow(/at least one/);
    expect(() => wilcoxon([Number.NaN], [1])).toThrow(/finite/);
  });
});

describe('Friedman’s test', () => {
  test('equals scipy’s without ties and with them', () => {
    const plain = friedman([a, b, c]);
    expect(plain.statistic).toBeCloseTo(11.4, 12);
    expect(plain.p).toBeCloseTo(0.003345965457471265, 14);
    const tied = friedman([a, b, c, [0.7, 0.72, 0.69, 0.78, 0.73, 0.69, 0.72, 0.72, 0.77, 0.76]]);
    expect(tied.statistic).toBeCloseTo(15.6, 12);
    expect(tied.p).toBeCloseTo(0.0013694899228687274, 14);
  });

  test('finds no difference between equal lists', () => {
    expect(friedman([a, a, a])).toEqual({ statistic: 0, df: 2, p: 1, meanRanks: [2, 2, 2] });
  });

  test('refuses what it cannot answer', () => {
    expect(() => friedman([a, b])).toThrow(/at least 3/);
    expect(() => friedman([[1], [2], [3]])).toThrow(/at least 2 numbers/);
    expect(() => friedman([a, b, [1]])).toThrow(ShapeError);
  });
});

test('Holm’s correction multiplies by what is left, never falls and stays below 1', () => {
  // By hand: .01 × 4, .02 × 3, max(.06, .03 × 2), max(.06, .9 × 1).
  expect(Array.from(holm([0.02, 0.9, 0.01, 0.03]), (p) => Number(p.toFixed(12)))).toEqual([0.06, 0.9, 0.04, 0.06]);
  expect(holm([0.6, 0.7])).toEqual(Float64Array.of(1, 1));
  expect(holm([])).toHaveLength(0);
});

describe('significance', () => {
  test('names the best median, who is alike and who is worse', () => {
    const found = significance([
      { name: 'c', values: c },
      { name: 'a', values: a },
      { name: 'b', values: b },
    ]);
    expect([found.best, found.alike, found.worse, found.blocks]).toEqual(['a', ['b'], ['c'], 10]);
    // scipy's wilcoxon: a–c and b–c .00390625 each. Three pairs: the smallest p times 3, the next no smaller.
    expect(found.pairs.find((pair) => pair.a === 'c' && pair.b === 'a')?.corrected).toBeCloseTo(3 * 0.00390625, 12);
    expect(found.says).toBe('a has the best median; b cannot be told apart from it; c is worse (p ≤ 0.0078).');
    expect(found.friedman?.p).toBeCloseTo(0.003345965457471265, 14);
  });

  test('turns round where lower is better', () => {
    const found = significance(
      [
        { name: 'a', values: a },
        { name: 'c', values: c },
      ],
      { better: 'lower' },
    );
    expect([found.best, found.worse, found.friedman]).toEqual(['c', ['a'], null]);
    expect(found.says).toBe('c is best; a is worse (p ≤ 0.0039).');
  });

  test('does not pretend to know from few seeds', () => {
    const found = significance([
      { name: 'a', values: [0.9, 0.9, 0.91] },
      { name: 'c', values: [0.1, 0.2, 0.3] },
    ]);
    expect(found.worse).toEqual([]);
    expect(found.says).toBe('a has the best median. 3 seeds say nothing about chance: a verdict takes at least 6.');
  });

  test('asks for more seeds the more recipes there are', () => {
    const many = (count: number, seeds: number): string =>
      significance(
        Array.from({ length: count }, (_, k) => ({ name: `${k}`, values: Array.from({ length: seeds }, (_, i) => i - k) })),
      ).says;
    // 2^(1−n) times the tests against the best must fall below .05: 6 seeds for 1 test, 8 for 5, 10 for 25.
    expect(
      [many(2, 5), many(2, 6), many(6, 7), many(6, 8), many(26, 9), many(26, 10)].map((says) => says.includes('nothing')),
    ).toEqual([true, false, true, false, true, false]);
  });

  test('leaves out blocks in which a number is not defined', () => {
    const hole = a.map((value, i) => (i === 2 ? Number.NaN : value));
    expect(
      significance([
        { name: 'a', values: hole },
        { name: 'b', values: b },
      ]).blocks,
    ).toBe(9);
    expect(() => significance([{ name: 'a', values: [Number.NaN] }])).toThrow(/every number is defined/);
    expect(() =>
      significance([
        { name: 'a', values: a },
        { name: 'a', values: b },
      ]),
    ).toThrow(/differ/);
  });
});

describe('the spread over seeds', () => {
  test('has the mean, sd, median and quartiles worked by hand', () => {
    const { low, high, ...found } = spread([1, 2, 3, 4, 10], { rng: rng(1) });
    expect(found).toEqual({ n: 5, mean: 4, sd: Math.sqrt(12.5), median: 3, q1: 2, q3: 4 });
    // Three or more of five draws are the least number in .058 of the resamples: more than 2.5 %, so the interval ends there.
    expect([low, high]).toEqual([1, 10]);
  });

  test('covers the true median about as often as it says', () => {
    // Binomial with 300 draws at .95 lies in .91..0.99 but for one time in a thousand; the percentile interval of 25 is a little narrow.
    let covered = 0;
    for (let i = 0; i < 300; i++) {
      const source = rng(i);
      const { low, high } = spread(
        Array.from({ length: 25 }, () => source.normal()),
        { rng: source.fork('bootstrap') },
      );
      if (low <= 0 && 0 <= high) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.9);
    expect(covered / 300).toBeLessThan(0.995);
  });

  test('leaves out what is not defined', () => {
    expect(spread([Number.NaN, 2], { rng: rng(1) })).toEqual({ n: 1, mean: 2, sd: 0, median: 2, q1: 2, q3: 2, low: 2, high: 2 });
    expect(spread([], { rng: rng(1) }).n).toBe(0);
    expect(() => spread([Number.POSITIVE_INFINITY], { rng: rng(1) })).toThrow(ShapeError);
  });
});

describe('the noise ceiling', () => {
  test('of two measurements is their tau, of three the mean of the pairs', () => {
    const [ab, ac, bc] = [kendallTau(a, b), kendallTau(a, c), kendallTau(b, c)];
    expect(noiseCeiling([a, b])).toMatchObject({ tau: ab, pairs: 1, rows: 10 });
    expect(noiseCeiling([a, b, c]).tau).toBeCloseTo((ab + ac + bc) / 3, 14);
  });

  test('looks at rows that were measured every time', () => {
    const hole = a.map((value, i) => (i < 4 ? Number.NaN : value));
    expect(noiseCeiling([hole, b])).toMatchObject({ tau: kendallTau(a.slice(4), b.slice(4)), rows: 6 });
    expect(() => noiseCeiling([a])).toThrow(/two lists/);
    expect(() =>
      noiseCeiling([
        [1, Number.NaN],
        [1, 2],
      ]),
    ).toThrow(/rows/);
  });

  test('looks at the top tenth of either, and does not mind which comes first', () => {
    const source = rng(6);
    const [one, other] = [0, 1].map(() => Array.from({ length: 120 }, () => source.normal()));
    const [byOne, byOther] = [tauTop(other, one, 0.9), tauTop(one, other, 0.9)];
    expect(byOne).not.toBeCloseTo(byOther, 2);
    expect(noiseCeiling([one, other]).tau_top10).toBeCloseTo((byOne + byOther) / 2, 14);
    expect(noiseCeiling([other, one])).toEqual(noiseCeiling([one, other]));
  });

  test('falls as the measurements grow noisier, and lower in the top tenth than over all', () => {
    const source = rng(5);
    const truth = Array.from({ length: 800 }, () => source.normal());
    const measured = (noise: number): number[] => truth.map((value) => value + noise * source.normal());
    const [fine, coarse] = [0.1, 0.6].map((noise) => noiseCeiling([measured(noise), measured(noise), measured(noise)]));
    expect(fine.tau).toBeGreaterThan(coarse.tau + 0.1);
    expect(coarse.tau_top10).toBeLessThan(coarse.tau);
  });
});
