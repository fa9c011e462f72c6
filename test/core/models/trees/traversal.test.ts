import { describe, expect, test } from 'vitest';
import { type Rng, rng } from '../../../../src/core/base/rng.js';
import { type ColumnValues, type FeatureTable, featureTable } from '../../../../src/core/base/table.js';
import { countBelow, thresholdCodes } from '../../../../src/core/models/trees/threshold-codes.js';
import { sumOfTrees, traversal } from '../../../../src/core/models/trees/traversal.js';
import type { Tree } from '../../../../src/core/models/trees/tree.js';

const COLUMNS = 7;

/** Bytes, counts beyond a byte, fractions, numbers over many magnitudes, and some so far apart that their difference overflows. */
function drawn(column: number, random: Rng): number {
  if (column === 0) return random.int(256) - 128;
  if (column === 1) return random.int(5) - 2;
  if (column === 2) return random.int(1000);
  if (column === 3) return random.normal();
  if (column === 4) return Math.exp(40 * random.normal());
  if (column === 5) return (random.uniform() < 0.5 ? -1 : 1) * 1.7e308 * random.uniform();
  return Math.round(8 * random.normal()) / 8;
}

function table(rows: number, random: Rng): FeatureTable {
  const values = Array.from({ length: COLUMNS }, (_, c): ColumnValues => {
    const numbers = Float64Array.from({ length: rows }, () => drawn(c, random));
    return c < 2 ? Int8Array.from(numbers) : numbers;
  });
  const columns = values.map((_, c) => ({ name: `c${c}`, says: '', family: '', unit: '' }));
  return featureTable(rows, columns, values);
}

/** A tree whose inner nodes stop at random, or at a depth. */
function randomTree(deepest: number, random: Rng): Tree {
  const [feature, value, left]: [number[], number[], number[]] = [[-1], [0], [0]];
  const grow = (node: number, depth: number): void => {
    if (depth === deepest || random.uniform() < 0.2) {
      value[node] = random.normal();
      return;
    }
    const column = random.int(COLUMNS);
    feature[node] = column;
    value[node] = drawn(column, random) + (column === 1 ? 0.5 : 0);
    left[node] = feature.length;
    for (let child = 0; child < 2; child++) {
      feature.push(-1);
      value.push(0);
      left.push(0);
    }
    grow(left[node], depth + 1);
    grow(left[node] + 1, depth + 1);
  };
  grow(0, 0);
  return {
    feature: Int32Array.from(feature),
    value: Float64Array.from(value),
    left: Int32Array.from(left),
    cover: new Float64Array(feature.length),
  };
}

function walked(trees: readonly Tree[], x: FeatureTable, row: number): number {
  return trees.reduce((sum, tree) => {
    let node = 0;
    while (tree.feature[node] >= 0) node = tree.left[node] + (x.values[tree.feature[node]][row] <= tree.value[node] ? 0 : 1);
    return sum + tree.value[node];
  }, 0);
}

describe('the sum of trees is what walking them one by one gives, bit for bit', () => {
  for (const [says, count, deepest] of [
    ['a single leaf', 1, 0],
    ['stumps', 20, 1],
    ['trees as boosting grows them', 60, 6],
    ['the deepest that are completed', 12, 8],
    ['trees too deep for that', 12, 13],
  ] as const) {
    test.each([1, 3, 4, 255, 256, 261])(`${says}, %i rows`, (rows) => {
      const random = rng(deepest).fork(rows);
      const trees = Array.from({ length: count }, () => randomTree(deepest, random));
      const x = table(rows, random);
      const sums = sumOfTrees(traversal(trees, COLUMNS), x);
      expect(Array.from(sums)).toEqual(Array.from(sums, (_, row) => walked(trees, x, row)));
    });
  }
});

test('values at, next to and far from a threshold, and no numbers, are coded by how many thresholds are below them', () => {
  const stump = (value: number): Tree => ({
    feature: Int32Array.of(0, -1, -1),
    value: Float64Array.of(value, 0, 1),
    left: Int32Array.of(1, 0, 0),
    cover: new Float64Array(3),
  });
  const cuts = [-1e300, -3, -1e-9, 0, 1e-9, 0.25, 0.5, 0.5000000001, 7, 1e6, 1e300];
  const near = cuts.flatMap((cut) => [cut, cut + 1e-12, cut - 1e-12, 2 * cut, cut / 2]);
  const values = Float64Array.from([...near, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
  const x = featureTable(values.length, [{ name: 'c', says: '', family: '', unit: '' }], [values]);
  const trees = cuts.map(stump);
  // A row is 1 in each stump whose threshold it is above; what is no number goes left, as it always did in `countBelow`.
  const above = Array.from(values, (value) => cuts.filter((cut) => cut < value).length);
  expect(Array.from(sumOfTrees(traversal(trees, 1), x))).toEqual(above);
  const [thresholds] = thresholdCodes(trees, 1).thresholds;
  expect(Array.from(values, (value) => countBelow(thresholds, value))).toEqual(above);
});
