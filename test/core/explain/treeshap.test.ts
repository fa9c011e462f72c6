import { describe, expect, test } from 'vitest';
import { ShapeError, UnsupportedError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { type FeatureTable, take } from '../../../src/core/base/table.js';
import { type ShapValues, treeShap, treeShapInTurns } from '../../../src/core/explain/treeshap.js';
import { gradientBoosting } from '../../../src/core/models/boosting.js';
import { type FittedForest, randomForest } from '../../../src/core/models/forest.js';
import { loadModel } from '../../../src/core/models/load.js';
import type { Tree } from '../../../src/core/models/trees/tree.js';
import { noisyRows, tableOf } from '../models/rows.js';
import * as oracle from './sklearn-forest.js';

const rowOf = (shap: ShapValues, r: number): Float64Array =>
  shap.values.subarray(r * shap.columns.length, (r + 1) * shap.columns.length);

/** The expectation of a tree when only some columns are known: Algorithm 1 (EXPVALUE) of the TreeSHAP paper. */
function expectation(tree: Tree, x: FeatureTable, row: number, known: ReadonlySet<number>, node = 0): number {
  const column = tree.feature[node];
  if (column < 0) return tree.value[node];
  const left = tree.left[node];
  if (known.has(column)) {
    return expectation(tree, x, row, known, left + (x.values[column][row] <= tree.value[node] ? 0 : 1));
  }
  const of = (child: number): number => (tree.cover[child] / tree.cover[node]) * expectation(tree, x, row, known, child);
  return of(left) + of(left + 1);
}

/** Shapley values by their definition, over all subsets of the columns. */
function shapleyOfAllSubsets(model: FittedForest, x: FeatureTable, row: number): number[] {
  const count = x.columns.length;
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  const worth = Array.from({ length: 1 << count }, (_, subset) => {
    const known = new Set([...x.columns.keys()].filter((c) => (subset >> c) & 1));
    return model.trees.reduce((sum, tree) => sum + expectation(tree, x, row, known), 0) / model.trees.length;
  });
  return Array.from({ length: count }, (_, c) => {
    let value = 0;
    for (let subset = 0; subset < 1 << count; subset++) {
      if ((subset >> c) & 1) continue;
      const size = Array.from({ length: count }, (_, i) => (subset >> i) & 1).reduce((a, b) => a + b, 0);
      value += ((factorial(size) * factorial(count - size - 1)) / factorial(count)) * (worth[subset | (1 << c)] - worth[subset]);
    }
    return value;
  });
}

describe('treeShap', () => {
  test('equals the shap package on a forest of scikit-learn', () => {
    const model = loadModel(oracle.sklearnForest);
    const x = tableOf([0, 1, 2].map((c) => Float64Array.from(oracle.rows, (row) => row[c])));
    const shap = treeShap(model, x);
    expect(shap.base).toBeCloseTo(oracle.base, 10);
    oracle.rows.forEach((_, r) => {
      expect(model.predict(x)[r]).toBeCloseTo(oracle.predictions[r], 10);
      rowOf(shap, r).forEach((value, c) => {
        expect(value).toBeCloseTo(oracle.values[r][c], 10);
      });
    });
  });

  for (const seed of [1, 2, 3, 4]) {
    test(`equals Shapley values over all subsets, small forest ${seed}`, async () => {
      const { x, y } = noisyRows(30, seed);
      const model = await randomForest({ trees: 3, maxFeatures: 0.5 }).fit(x, y, { rng: rng(seed) });
      const fresh = noisyRows(4, seed + 100).x;
      const shap = treeShap(model, fresh);
      for (let r = 0; r < 4; r++) {
        shapleyOfAllSubsets(model, fresh, r).forEach((expected, c) => {
          expect(rowOf(shap, r)[c]).toBeCloseTo(expected, 9);
        });
      }
    });
  }

  test('equals Shapley values over all subsets where a path asks for more columns than a table would hold', async () => {
    // A chain of fourteen nodes, each with a column of its own, a leaf on its left and the next node on its right.
    const count = 14;
    const source = rng(5);
    const x = tableOf(Array.from({ length: count }, () => Float64Array.from({ length: 3 }, () => source.uniform())));
    const nodes = Array.from({ length: 2 * count + 1 }, (_, i) => i);
    const asks = (i: number): boolean => i % 2 === 0 && i < 2 * count;
    const tree = {
      feature: nodes.map((i) => (asks(i) ? i / 2 : -1)),
      value: nodes.map((i) => (asks(i) ? 0.3 : source.normal())),
      left: nodes.map((i) => (asks(i) ? i + 1 : 0)),
      cover: nodes.map((i) => (i % 2 === 0 ? 2 * count + 1 - i : 1)),
    };
    const file = { format: 'nascope/random-forest', version: 1, columns: x.columns, trees: [tree] };
    const model = loadModel(file) as FittedForest;
    const shap = treeShap(model, x);
    for (let r = 0; r < 3; r++) {
      shapleyOfAllSubsets(model, x, r).forEach((expected, c) => {
        expect(rowOf(shap, r)[c]).toBeCloseTo(expected, 9);
      });
    }
  });

  test('adds an offset to the base only, and weighs every tree, in an ensemble made by hand', () => {
    // Half the rows of each tree go left: the first tree gives 2 or 6 by column 0 (4 ± 2), the second -3 or 5 by column 1 (1 ± 4).
    const stump = (column: number, low: number, high: number): Tree => ({
      feature: Int32Array.of(column, -1, -1),
      value: Float64Array.of(0.5, low, high),
      left: Int32Array.of(1, 0, 0),
      cover: Float64Array.of(8, 4, 4),
    });
    const x = tableOf([Float64Array.of(0, 1, 1), Float64Array.of(0, 0, 1)]);
    const model = { columns: x.columns, trees: [stump(0, 2, 6), stump(1, -3, 5)], offset: 7, treeWeight: 0.5 };
    const shap = treeShap(model, x);
    expect(shap.base).toBe(7 + 0.5 * (4 + 1));
    expect([...shap.values]).toEqual([-1, -2, 1, -2, 1, 2]);
  });

  test('adds up to the prediction within 1e-9, 100 trees and 128 training rows', async () => {
    const { x, y } = noisyRows(128, 7);
    const model = await randomForest({ trees: 100 }).fit(x, y, { rng: rng(7) });
    const fresh = noisyRows(1500, 8).x;
    const shap = treeShap(model, fresh);
    const predicted = model.predict(fresh);
    for (let r = 0; r < fresh.rowCount; r++) {
      const sum = rowOf(shap, r).reduce((a, b) => a + b, shap.base);
      expect(Math.abs(sum - predicted[r])).toBeLessThan(1e-9);
    }
  });

  test('gives nothing to a column that no tree asks for', async () => {
    const { x, y } = noisyRows(64, 9);
    const model = await randomForest({ trees: 10 }).fit(x, y, { rng: rng(9) });
    const shap = treeShap(model, x);
    for (let r = 0; r < 64; r++) expect(rowOf(shap, r)[7]).toBe(0);
  });

  test('its importance is the mean size of the values', () => {
    const shap = treeShap(
      loadModel(oracle.sklearnForest),
      tableOf([0, 1, 2].map((c) => Float64Array.from(oracle.rows, (row) => row[c]))),
    );
    const importance = shap.importance();
    importance.mean.forEach((mean, c) => {
      expect(mean).toBeCloseTo(oracle.values.reduce((sum, row) => sum + Math.abs(row[c]), 0) / 5, 10);
    });
    expect(importance.columns).toBe(shap.columns);
  });

  test('stops when told to, and reports its way', async () => {
    const { x, y } = noisyRows(1100, 10);
    const model = await randomForest({ trees: 20 }).fit(take(x, [0, 1, 2, 3, 4, 5]), y.subarray(0, 6), { rng: rng(1) });
    const seen: number[] = [];
    treeShap(model, x, { onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    const control = new AbortController();
    const reason = new Error('enough');
    const abort = (): void => control.abort(reason);
    expect(() => treeShap(model, x, { signal: control.signal, onProgress: abort })).toThrow(reason);
    expect(() => treeShap(model, take(x, []), { signal: AbortSignal.abort(reason) })).toThrow(reason);
  });

  test('refuses models without trees and columns that are not the model’s', async () => {
    const { x, y } = noisyRows(10, 11);
    const model = await randomForest({ trees: 2 }).fit(x, y, { rng: rng(1) });
    expect(() => treeShap({ id: 'ridge' }, x)).toThrow(UnsupportedError);
    expect(() => treeShap(model, tableOf([Float64Array.of(1)]))).toThrow(ShapeError);
    expect(() => treeShap(model, take(x, [])).importance()).toThrow(ShapeError);
  });
});

/** Contributions and, last, the base of the four rows after the first forty: `pred_contribs=True` of xgboost 1.7.6, 20 rounds. */
const xgboostContributions: readonly (readonly number[])[] = [
  [-1.9492274522781372, -0.5628628134727478, -1.5703980922698975, 6.455563545227051],
  [-0.7798556685447693, 1.7072863578796387, -3.2819504737854004, 6.455563545227051],
  [-0.051478806883096695, -1.581485390663147, -1.127659559249878, 6.455563545227051],
  [0.6323630809783936, -0.1223500445485115, 0.33110058307647705, 6.455563545227051],
];

describe('treeShap of boosted trees', () => {
  test('equals xgboost’s contributions', async () => {
    const cell = (r: number, c: number): number => (((r * (2 * c + 3) + c) * (7 + r)) % 97) / 13;
    const table = (from: number, to: number): FeatureTable =>
      tableOf([0, 1, 2].map((c) => Float64Array.from({ length: to - from }, (_, r) => cell(from + r, c))));
    const y = Float64Array.from({ length: 40 }, (_, r) => ((r * r * 31) % 89) / 7);
    const model = await gradientBoosting({ rounds: 20 }).fit(table(0, 40), y, { rng: rng(1) });
    const shap = treeShap(model, table(40, 44));
    xgboostContributions.forEach((row, r) => {
      // xgboost adds up float32 numbers.
      [...rowOf(shap, r), shap.base].forEach((value, i) => {
        expect(Math.abs(value - row[i])).toBeLessThan(5e-6);
      });
    });
  });
});

describe('rows that are explained together', () => {
  test('are explained as each would be alone, bit for bit', async () => {
    const { x, y } = noisyRows(200, 12);
    const model = await randomForest({ trees: 12 }).fit(x, y, { rng: rng(12) });
    const twice = take(noisyRows(40, 13).x, [...Array(40).keys(), ...Array(40).keys()]);
    const together = treeShap(model, twice);
    for (let r = 0; r < 80; r++) expect(rowOf(together, r)).toEqual(treeShap(model, take(twice, [r])).values);
  });

  test('add up to the prediction where a path asks for hundreds of columns', () => {
    // A chain of three hundred nodes, each with a column of its own, a leaf on its left and the next node on its right.
    const count = 300;
    const source = rng(14);
    const x = tableOf(Array.from({ length: count }, () => Float64Array.from({ length: 5 }, () => source.uniform())));
    const nodes = Array.from({ length: 2 * count + 1 }, (_, i) => i);
    const asks = (i: number): boolean => i % 2 === 0 && i < 2 * count;
    const tree: Tree = {
      feature: Int32Array.from(nodes, (i) => (asks(i) ? i / 2 : -1)),
      value: Float64Array.from(nodes, (i) => (asks(i) ? 0.01 * (i % 3) : source.normal())),
      left: Int32Array.from(nodes, (i) => (asks(i) ? i + 1 : 0)),
      cover: Float64Array.from(nodes, (i) => (i % 2 === 0 ? 2 * count + 1 - i : 1)),
    };
    const shap = treeShap({ columns: x.columns, trees: [tree], offset: 0, treeWeight: 1 }, x);
    for (let r = 0; r < 5; r++) {
      let at = 0;
      while (asks(at)) at = tree.left[at] + (x.values[at / 2][r] <= tree.value[at] ? 0 : 1);
      expect(Math.abs(rowOf(shap, r).reduce((a, b) => a + b, shap.base) - tree.value[at])).toBeLessThan(1e-9);
    }
  });
});

describe('treeShapInTurns', () => {
  test('gives what treeShap gives, and lets others through', async () => {
    const { x, y } = noisyRows(600, 15);
    const model = await randomForest({ trees: 100 }).fit(x, y, { rng: rng(15) });
    let others = 0;
    const timer = setInterval(() => others++, 0);
    const inTurns = await treeShapInTurns(model, x);
    clearInterval(timer);
    const atOnce = treeShap(model, x);
    expect(inTurns.values).toEqual(atOnce.values);
    expect(inTurns.base).toBe(atOnce.base);
    expect(others).toBeGreaterThan(1);
  });

  test('stops soon after being told to from outside', async () => {
    const { x, y } = noisyRows(600, 16);
    const model = await randomForest({ trees: 100 }).fit(x, y, { rng: rng(16) });
    const control = new AbortController();
    const reason = new Error('enough');
    const seen: number[] = [];
    setTimeout(() => control.abort(reason), 0);
    const work = treeShapInTurns(model, x, { signal: control.signal, onProgress: ({ done }) => seen.push(done) });
    await expect(work).rejects.toBe(reason);
    expect(seen).not.toContain(600);
    await expect(treeShapInTurns({ id: 'ridge' }, x)).rejects.toThrow(UnsupportedError);
  });
});
