import { describe, expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { type FeatureTable, take } from '../../../src/core/base/table.js';
import { ascending } from '../../../src/core/metrics/ranks.js';
import { randomForest } from '../../../src/core/models/forest.js';
import { bootstrapWeights } from '../../../src/core/models/trees/bootstrap.js';
import type { Tree } from '../../../src/core/models/trees/tree.js';
import { noisyRows, tableOf } from './rows.js';
import { treeDepth } from './tree-depth.js';

/** Weighted rows of every node, by walking each training row down. */
function recount(tree: Tree, x: FeatureTable, weights: Float64Array): number[][] {
  const rows: number[][] = Array.from(tree.feature, () => []);
  for (let r = 0; r < x.rowCount; r++) {
    if (weights[r] === 0) continue;
    let node = 0;
    rows[0].push(r);
    while (tree.feature[node] >= 0) {
      node = tree.left[node] + (x.values[tree.feature[node]][r] <= tree.value[node] ? 0 : 1);
      rows[node].push(r);
    }
  }
  return rows;
}

const total = (rows: readonly number[], of: (row: number) => number): number => rows.reduce((sum, row) => sum + of(row), 0);

/** How far a split lowers the weighted squared error. */
function gain(left: readonly number[], right: readonly number[], y: Float64Array, w: Float64Array): number {
  const [wl, wr] = [total(left, (r) => w[r]), total(right, (r) => w[r])];
  const difference = total(left, (r) => w[r] * y[r]) / wl - total(right, (r) => w[r] * y[r]) / wr;
  return (difference ** 2 * wl * wr) / (wl + wr);
}

/** The best gain over all columns and all borders between distinct values. */
function bestGain(rows: readonly number[], x: FeatureTable, y: Float64Array, w: Float64Array): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const column of x.values) {
    for (const border of new Set(rows.map((r) => column[r]))) {
      const left = rows.filter((r) => column[r] <= border);
      if (left.length === rows.length) continue;
      const right = rows.filter((r) => column[r] > border);
      best = Math.max(best, gain(left, right, y, w));
    }
  }
  return best;
}

/** Holds a tree to a direct recount: covers, leaf means, borders, and that no better split was left lying. */
function expectExact(tree: Tree, x: FeatureTable, y: Float64Array, weights: Float64Array): void {
  const rows = recount(tree, x, weights);
  const scale = total(rows[0], (r) => weights[r] * y[r] ** 2);
  rows.forEach((here, node) => {
    expect(tree.cover[node]).toBe(total(here, (r) => weights[r]));
    const best = new Set(here.map((r) => y[r])).size === 1 ? Number.NEGATIVE_INFINITY : bestGain(here, x, y, weights);
    if (tree.feature[node] < 0) {
      expect(tree.value[node]).toBeCloseTo(total(here, (r) => weights[r] * y[r]) / tree.cover[node], 9);
      expect(best).toBe(Number.NEGATIVE_INFINITY);
      return;
    }
    const [left, right] = [rows[tree.left[node]], rows[tree.left[node] + 1]];
    expect(Math.abs(gain(left, right, y, weights) - best)).toBeLessThanOrEqual(1e-12 * scale);
    const column = x.values[tree.feature[node]];
    const below = Math.max(...left.map((r) => column[r]));
    const above = Math.min(...right.map((r) => column[r]));
    expect(tree.value[node]).toBe(below / 2 + above / 2);
  });
}

describe('a grown tree', () => {
  for (const rowCount of [2, 7, 40, 300]) {
    test(`of ${rowCount} rows is exact in every node`, async () => {
      const { x, y } = noisyRows(rowCount, rowCount);
      const { trees } = await randomForest({ trees: 2, bootstrap: false }).fit(x, y, { rng: rng(1) });
      for (const tree of trees) expectExact(tree, x, y, new Float64Array(rowCount).fill(1));
    });

    test(`of ${rowCount} bootstrapped rows is exact in every node`, async () => {
      const { x, y } = noisyRows(rowCount, rowCount);
      const { trees } = await randomForest({ trees: 3 }).fit(x, y, { rng: rng(9) });
      const byTarget = ascending(y);
      trees.forEach((tree, t) => {
        const weights = new Float64Array(rowCount);
        bootstrapWeights(rowCount, rng(9).fork(t)).forEach((weight, place) => {
          weights[byTarget[place]] = weight;
        });
        expectExact(tree, x, y, weights);
      });
    });
  }

  test('of a chain is as deep as it has to be', async () => {
    // Targets quadruple from row to row: each best split takes the last row off.
    const y = Float64Array.from({ length: 20 }, (_, r) => 4 ** r);
    const x = tableOf([Float64Array.from({ length: 20 }, (_, r) => r)]);
    const { trees } = await randomForest({ trees: 1, bootstrap: false }).fit(x, y, { rng: rng(1) });
    expect(treeDepth(trees[0])).toBe(19);
    expectExact(trees[0], x, y, new Float64Array(20).fill(1));
  });

  test('keeps to the limits that are set', async () => {
    const { x, y } = noisyRows(300, 5);
    const grown = async (options: Parameters<typeof randomForest>[0]): Promise<readonly Tree[]> =>
      (await randomForest({ trees: 5, bootstrap: false, ...options }).fit(x, y, { rng: rng(2) })).trees;

    for (const tree of await grown({ maxDepth: 3 })) expect(treeDepth(tree)).toBe(3);
    for (const tree of await grown({ minSamplesLeaf: 7 })) {
      const leaves = tree.cover.filter((_, i) => tree.feature[i] < 0);
      expect(Math.min(...leaves)).toBeGreaterThanOrEqual(7);
      expect(Math.min(...leaves)).toBeLessThan(14);
    }
    for (const tree of await grown({ minSamplesSplit: 40 })) {
      const parents = tree.cover.filter((_, i) => tree.feature[i] >= 0);
      expect(Math.min(...parents)).toBeGreaterThanOrEqual(40);
    }
  });

  test('wins ties in proportion to the columns that share them', async () => {
    // a, b and c say the same, d the mirror of it: every split of one is a split of all.
    const a = Int8Array.from({ length: 60 }, (_, r) => r % 5);
    const x = tableOf([a, a.slice(), a.slice(), a.map((v) => -v)]);
    const y = Float64Array.from(a, (v) => v * v);
    const { trees } = await randomForest({ trees: 800, bootstrap: false }).fit(x, y, { rng: rng(3) });
    const roots = [0, 0, 0, 0];
    for (const tree of trees) roots[tree.feature[0]]++;
    // 200 expected each, with a standard deviation of 12.
    for (const count of roots) expect(Math.abs(count - 200)).toBeLessThan(50);
  });

  test('looks at a random share of the columns where told so', async () => {
    const { x, y } = noisyRows(200, 6);
    const { trees } = await randomForest({ trees: 200, bootstrap: false, maxFeatures: 1 / 8 }).fit(x, y, { rng: rng(4) });
    const roots = new Array<number>(8).fill(0);
    for (const tree of trees) roots[tree.feature[0]]++;
    // One column a node: seven that differ have a seventh each, and the constant one is passed over.
    expect(roots[7]).toBe(0);
    for (const count of roots.slice(0, 7)) expect(Math.abs(count - 200 / 7)).toBeLessThan(22);
  });

  test('does not change its shape when targets are scaled, however far', async () => {
    const { x, y } = noisyRows(150, 8);
    const plain = await randomForest({ trees: 3 }).fit(x, y, { rng: rng(5) });
    for (const factor of [2 ** 900, 2 ** -900]) {
      const scaled = await randomForest({ trees: 3 }).fit(
        x,
        y.map((v) => v * factor),
        { rng: rng(5) },
      );
      scaled.trees.forEach((tree, t) => {
        expect(tree.feature).toEqual(plain.trees[t].feature);
        expect(tree.left).toEqual(plain.trees[t].left);
      });
      expect(scaled.predict(x)).toEqual(plain.predict(x).map((v) => v * factor));
    }
  });

  test('splits neighbouring doubles at the lower one', async () => {
    const next = 1 + Number.EPSILON;
    const x = tableOf([Float64Array.of(1, next)]);
    const model = await randomForest({ trees: 1, bootstrap: false }).fit(x, Float64Array.of(3, 4), { rng: rng(1) });
    expect(model.trees[0].value[0]).toBe(1);
    expect(Array.from(model.predict(x))).toEqual([3, 4]);
  });
});

describe('a forest', () => {
  test('predicts the mean of what its trees say, walked one by one', async () => {
    const { x, y } = noisyRows(500, 11);
    const model = await randomForest({ trees: 20 }).fit(x, y, { rng: rng(6) });
    const far = tableOf(noisyRows(1501, 12).x.values.map((v) => (v instanceof Float64Array ? v.map((c) => 3 * c) : v)));
    // Rows that lie exactly on thresholds belong to the left.
    const border = tableOf(x.values.map((v, c) => Float64Array.from(onThresholds(model.trees, c, v))));
    for (const rows of [far, border]) {
      const walked = Float64Array.from({ length: rows.rowCount }, (_, r) => {
        const sum = model.trees.reduce((s, tree) => s + walk(tree, rows, r), 0);
        return sum / 20;
      });
      expect(model.predict(rows)).toEqual(walked);
    }
  });

  test('is the beginning of a larger forest of the same seed', async () => {
    const { x, y } = noisyRows(80, 13);
    const small = await randomForest({ trees: 4 }).fit(x, y, { rng: rng(7) });
    const large = await randomForest({ trees: 9 }).fit(x, y, { rng: rng(7) });
    expect(large.trees.slice(0, 4)).toEqual(small.trees);
  });

  test('does not care about identical rows standing in another order', async () => {
    const { x, y } = noisyRows(50, 14);
    const order = rng(1).permutation(50);
    const a = await randomForest({ trees: 1, bootstrap: false }).fit(x, y, { rng: rng(8) });
    const b = await randomForest({ trees: 1, bootstrap: false }).fit(take(x, order), take(y, order), { rng: rng(8) });
    const predicted = a.predict(x);
    b.predict(x).forEach((p, r) => {
      expect(p).toBeCloseTo(predicted[r], 10);
    });
  });
});

function walk(tree: Tree, x: FeatureTable, row: number): number {
  let node = 0;
  while (tree.feature[node] >= 0) node = tree.left[node] + (x.values[tree.feature[node]][row] <= tree.value[node] ? 0 : 1);
  return tree.value[node];
}

function onThresholds(trees: readonly Tree[], column: number, otherwise: ArrayLike<number>): number[] {
  const found = trees.flatMap((tree) => Array.from(tree.value).filter((_, i) => tree.feature[i] === column));
  return Array.from({ length: 403 }, (_, r) => (found.length === 0 ? otherwise[0] : found[(r * 31) % found.length]));
}
