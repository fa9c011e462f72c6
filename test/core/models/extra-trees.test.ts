import { expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { type ExtraTreesOptions, extraTrees } from '../../../src/core/models/extra-trees.js';
import type { Tree } from '../../../src/core/models/trees/tree.js';
import { formulaTable, furthest, targets } from './oracle-rows.js';
import { noisyRows, tableOf } from './rows.js';
import { treeDepth } from './tree-depth.js';

const ties = (r: number, c: number): number => (r * (c + 3) + Math.floor(r / (c + 2))) % (2 + (c % 3));
const tied = (from: number, to: number) =>
  tableOf(Array.from({ length: 6 }, (_, c) => Float64Array.from({ length: to - from }, (_, i) => ties(from + i, c))));

const mean = (trees: readonly Tree[], of: (tree: Tree) => number): number =>
  trees.reduce((sum, tree) => sum + of(tree), 0) / trees.length;

/**
 * What scikit-learn 1.2.1 predicts: the mean of 32,000 trees (fractions) or 8,000. `apart`: four standard deviations between
 * predictions of 4,000 trees, which are 0.02 to 0.066 on fractions, and 0.1 % of the range for ties that rounding decides.
 */
const oracles = [
  {
    says: 'fractions',
    x: formulaTable(0, 40, 3),
    y: targets(40, (r) => ((r * r * 31) % 89) / 7),
    next: formulaTable(40, 46, 3),
    options: {} as ExtraTreesOptions,
    predicted: [3.0423, 7.7974, 6.2928, 6.6746, 8.0077, 7.7723],
    apart: 0.25,
    nodes: 78.99,
    depth: 10.6,
  },
  {
    says: 'few distinct values',
    x: tied(0, 60),
    y: targets(60, (r) => 80 + ((r * r * 13) % 7) / 2),
    next: tied(60, 66),
    options: {} as ExtraTreesOptions,
    predicted: [82.0414, 81.8381, 82.6888, 82.2229, 82.1006, 82.2409],
    apart: 0.05,
    nodes: 89.01,
    depth: 8.25,
  },
  {
    says: 'half of the columns, larger leaves, bootstrap samples',
    x: tied(0, 60),
    y: targets(60, (r) => 80 + ((r * r * 13) % 7) / 2),
    next: tied(60, 66),
    options: { maxFeatures: 0.5, minSamplesLeaf: 3, bootstrap: true },
    predicted: [81.9103, 81.8968, 82.1463, 82.01, 81.944, 82.0497],
    apart: 0.05,
    nodes: 17.74,
    depth: 4.41,
  },
];

for (const { says, x, y, next, options, predicted, apart, nodes, depth } of oracles) {
  test(`extra trees are statistically scikit-learn's on ${says}`, async () => {
    const model = await extraTrees({ ...options, trees: 4000 }).fit(x, y, { rng: rng(1) });
    expect(furthest(model.predict(next), predicted)).toBeLessThan(apart);
    expect(Math.abs(mean(model.trees, (tree) => tree.feature.length) / nodes - 1)).toBeLessThan(0.01);
    expect(Math.abs(mean(model.trees, treeDepth) / depth - 1)).toBeLessThan(0.02);
  });
}

test('every node holds what a recount of its rows gives, and leaves are pure', async () => {
  const { x, y } = noisyRows(150, 4);
  const { trees } = await extraTrees({ trees: 5 }).fit(x, y, { rng: rng(3) });
  for (const tree of trees) {
    const rows: number[][] = Array.from(tree.feature, () => []);
    for (let r = 0; r < x.rowCount; r++) {
      let node = 0;
      rows[0].push(r);
      while (tree.feature[node] >= 0) {
        node = tree.left[node] + (x.values[tree.feature[node]][r] <= tree.value[node] ? 0 : 1);
        rows[node].push(r);
      }
    }
    rows.forEach((here, node) => {
      expect(tree.cover[node]).toBe(here.length);
      if (tree.feature[node] < 0) for (const r of here) expect(y[r]).toBe(tree.value[node]);
    });
  }
});

test('a tree may end early: depth and leaf sizes are kept', async () => {
  const { x, y } = noisyRows(150, 4);
  const { trees } = await extraTrees({ trees: 5, maxDepth: 3, minSamplesLeaf: 7 }).fit(x, y, { rng: rng(3) });
  expect(Math.max(...trees.map(treeDepth))).toBe(3);
  expect(Math.min(...trees.flatMap((tree) => [...tree.cover]))).toBeGreaterThanOrEqual(7);
  expect(() => extraTrees({ trees: 0 })).toThrow(ShapeError);
});
