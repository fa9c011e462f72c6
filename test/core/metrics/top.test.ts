import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { score } from '../../../src/core/metrics/index.js';
import { ndcgAt } from '../../../src/core/metrics/ndcg.js';
import { precisionAt } from '../../../src/core/metrics/precision.js';
import { r2 } from '../../../src/core/metrics/r2.js';
import { regretAt } from '../../../src/core/metrics/regret.js';
import { tauTop } from '../../../src/core/metrics/tau-top.js';

/** The mean of a top-k measure over every way to order the rows among equal predictions. */
function meanOverOrders(predicted: readonly number[], k: number, measure: (chosen: readonly number[]) => number): number {
  const orders = permutations(predicted.map((_, i) => i)).filter((order) =>
    order.every((row, i) => i === 0 || predicted[order[i - 1]] >= predicted[row]),
  );
  return orders.reduce((sum, order) => sum + measure(order.slice(0, k)), 0) / orders.length;
}

function permutations(rows: readonly number[]): number[][] {
  if (rows.length === 0) return [[]];
  return rows.flatMap((row) => permutations(rows.filter((other) => other !== row)).map((rest) => [row, ...rest]));
}

const smallRows = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 5 })), {
  minLength: 2,
  maxLength: 6,
});

describe('precisionAt', () => {
  test('counts the predicted best that are truly among the best', () => {
    expect(precisionAt([5, 4, 3, 2, 1], [1, 5, 4, 3, 2], 2)).toBe(0.5);
    expect(precisionAt([5, 4, 3, 2, 1], [5, 4, 3, 2, 1], 3)).toBe(1);
  });

  test('is the mean over all ways to break ties of the prediction', () => {
    fc.assert(
      fc.property(smallRows, fc.integer({ min: 1, max: 6 }), (pairs, wanted) => {
        const k = Math.min(wanted, pairs.length);
        const predicted = pairs.map(([p]) => p);
        const truth = pairs.map(([, t]) => t);
        const bar = [...truth].sort((a, b) => b - a)[k - 1];
        const expected = meanOverOrders(predicted, k, (rows) => rows.filter((row) => truth[row] >= bar).length / k);
        expect(precisionAt(predicted, truth, k)).toBeCloseTo(expected, 12);
      }),
      { numRuns: 60 },
    );
  });
});

describe('regretAt', () => {
  test('is what the best network has over the one that was picked', () => {
    expect(regretAt([0.2, 0.9, 0.5], [91, 88.5, 90], 1)).toBe(2.5);
    expect(regretAt([0.2, 0.9, 0.5], [91, 88.5, 90], 2)).toBe(1);
    expect(regretAt([0.2, 0.9, 0.5], [91, 88.5, 90], 3)).toBe(0);
  });

  test('is the mean over all ways to break ties of the prediction', () => {
    fc.assert(
      fc.property(smallRows, fc.integer({ min: 1, max: 6 }), (pairs, wanted) => {
        const k = Math.min(wanted, pairs.length);
        const predicted = pairs.map(([p]) => p);
        const truth = pairs.map(([, t]) => t);
        const expected = meanOverOrders(predicted, k, (rows) => Math.max(...truth) - Math.max(...rows.map((row) => truth[row])));
        expect(regretAt(predicted, truth, k)).toBeCloseTo(expected, 12);
      }),
      { numRuns: 60 },
    );
  });
});

describe('ndcgAt', () => {
  test('is 1 for the true order and smaller for its reverse', () => {
    const truth = [1, 2, 3, 4, 5];
    expect(ndcgAt(truth, truth, 3)).toBe(1);
    expect(
      ndcgAt(
        truth.map((t) => -t),
        truth,
        3,
      ),
    ).toBeLessThan(0.5);
  });

  test('is undefined for a constant truth', () => {
    expect(ndcgAt([1, 2, 3], [4, 4, 4], 2)).toBeNaN();
  });
});

describe('tauTop', () => {
  test('keeps every row that ties with the bar', () => {
    // The 90th percentile of ten values with three equal best is that best: no order is left among them.
    const truth = [1, 2, 3, 4, 5, 6, 7, 9, 9, 9];
    expect(tauTop(truth, truth, 0.9)).toBeNaN();
    expect(tauTop(truth, truth, 0.6)).toBe(1);
  });
});

describe('score', () => {
  const truth = [9, 7, 5, 3, 1, 2, 4, 6, 8, 10, 12, 11];
  const predicted = [8.5, 7, 5, 3.5, 1, 2.5, 4, 6, 8, 10, 11, 11.5];

  test('looks at the lowest where lower is better', () => {
    const lower = score(predicted, truth, { direction: 'lower' });
    const flipped = score(
      predicted.map((p) => -p),
      truth.map((t) => -t),
    );
    expect(lower).toEqual(flipped);
    expect(lower.regret1).toBe(0);
    expect(score(predicted, truth).regret1).toBe(1);
  });

  test('does not depend on the order of the rows', () => {
    const straight = score(predicted, truth);
    for (let seed = 0; seed < 10; seed++) {
      const order = rng(seed).permutation(truth.length);
      const shuffled = score(
        Array.from(order, (i) => predicted[i]),
        Array.from(order, (i) => truth[i]),
      );
      for (const [id, value] of Object.entries(shuffled)) expect(value).toBeCloseTo(straight[id as keyof typeof straight], 12);
    }
  });

  test('leaves R² undefined for a constant truth', () => {
    expect(r2([1, 2], [3, 3])).toBeNaN();
  });

  test('a top of no rows is refused', () => {
    for (const measure of [precisionAt, regretAt, ndcgAt]) {
      for (const k of [0, 1.5, Number.NaN]) expect(() => measure([1, 2], [1, 2], k)).toThrow(ShapeError);
    }
  });
});
