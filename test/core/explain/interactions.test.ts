import { describe, expect, test } from 'vitest';
import { ShapeError, UnsupportedError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { type FeatureTable, take } from '../../../src/core/base/table.js';
import { interactionStrengths, type ShapInteractions, shapInteractions } from '../../../src/core/explain/interactions.js';
import { treeShap } from '../../../src/core/explain/treeshap.js';
import { gradientBoosting } from '../../../src/core/models/boosting.js';
import { type FittedForest, randomForest } from '../../../src/core/models/forest.js';
import { loadModel } from '../../../src/core/models/load.js';
import type { Tree } from '../../../src/core/models/trees/tree.js';
import { noisyRows, tableOf } from '../models/rows.js';
import * as oracle from './sklearn-forest.js';

const at = ({ values, columns }: ShapInteractions, r: number, i: number, j: number): number =>
  values[(r * columns.length + i) * columns.length + j];

/** `shap_interaction_values` of shap 0.51.0 for the forest and the rows of `sklearn-forest.ts`. */
const shapPackage: readonly (readonly (readonly number[])[])[] = [
  [
    [-0.5182022752064828, -0.28587955820476857, 0.01691143193347444],
    [-0.2858795582047686, 0.9037560189148549, -0.09800505480572097],
    [0.0169114319334744, -0.09800505480572097, -1.2549407148876757],
  ],
  [
    [-0.8455555555555557, -0.07208333333333339, 0.47083333333333316],
    [-0.0720833333333333, -1.384493055555556, -0.29236987433862477],
    [0.4708333333333334, -0.29236987433862477, 2.073121693121693],
  ],
  [
    [-0.005169724949353166, 0.08451304153031004, -0.10226243766557586],
    [0.08451304153031014, 0.41490571893043854, 0.17924314826322194],
    [-0.10226243766557588, 0.17924314826322188, -0.05022349823699865],
  ],
  [
    [0.4458622409225492, 0.2133153342683497, -0.018882967118591276],
    [0.2133153342683497, 0.8615705350438871, 0.09639727986677493],
    [-0.018882967118591276, 0.09639727986677502, 0.27007459666716227],
  ],
  [
    [-0.8155266479663398, 0.21331533426834975, -0.6390108910951994],
    [0.21331533426834975, 0.8615705350438875, -0.034726828999269405],
    [-0.6390108910951995, -0.034726828999269294, -1.9260324487586433],
  ],
];

/** `pred_interactions=True` of xgboost 3.2.0, 20 exact rounds, for the first two rows after the first forty. */
const xgboostInteractions: readonly (readonly (readonly number[])[])[] = [
  [
    [-1.229739785194397, -0.021788030862808228, -0.6976996660232544],
    [-0.02178812026977539, -0.23676639795303345, -0.30430829524993896],
    [-0.6976998448371887, -0.30430805683135986, -0.5683901309967041],
  ],
  [
    [-0.13941419124603271, 0.3603522777557373, -1.0007938146591187],
    [0.3603523075580597, 1.2145133018493652, 0.13242077827453613],
    [-1.0007940530776978, 0.13242071866989136, -2.413577079772949],
  ],
];

/** Expectation of a tree when only some columns are known (Algorithm 1 of the TreeSHAP paper). */
function expectation(tree: Tree, x: FeatureTable, row: number, known: number, node = 0): number {
  const column = tree.feature[node];
  if (column < 0) return tree.value[node];
  const left = tree.left[node];
  if ((known >> column) & 1) return expectation(tree, x, row, known, left + (x.values[column][row] <= tree.value[node] ? 0 : 1));
  const of = (child: number): number => (tree.cover[child] / tree.cover[node]) * expectation(tree, x, row, known, child);
  return of(left) + of(left + 1);
}

/** The Shapley interaction index of two columns by its definition, half of it. */
function halfIndex(model: FittedForest, x: FeatureTable, row: number, i: number, j: number): number {
  const count = x.columns.length;
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  const worth = (subset: number): number =>
    model.trees.reduce((sum, tree) => sum + expectation(tree, x, row, subset), 0) / model.trees.length;
  let index = 0;
  for (let subset = 0; subset < 1 << count; subset++) {
    if ((subset >> i) & 1 || (subset >> j) & 1) continue;
    const size = Array.from({ length: count }, (_, k) => (subset >> k) & 1).reduce((a, b) => a + b, 0);
    const weight = (factorial(size) * factorial(count - size - 2)) / (2 * factorial(count - 1));
    const [withI, withJ] = [subset | (1 << i), subset | (1 << j)];
    index += weight * (worth(withI | withJ) - worth(withI) - worth(withJ) + worth(subset));
  }
  return index;
}

describe('shapInteractions', () => {
  test('equals the shap package on a forest of scikit-learn', () => {
    const x = tableOf([0, 1, 2].map((c) => Float64Array.from(oracle.rows, (row) => row[c])));
    const made = shapInteractions(loadModel(oracle.sklearnForest), x);
    expect(made.base).toBeCloseTo(oracle.base, 10);
    shapPackage.forEach((matrix, r) => {
      matrix.forEach((line, i) => {
        line.forEach((value, j) => {
          expect(at(made, r, i, j)).toBeCloseTo(value, 10);
        });
      });
    });
  });

  test('equals xgboost’s interactions', async () => {
    const cell = (r: number, c: number): number => (((r * (2 * c + 3) + c) * (7 + r)) % 97) / 13;
    const table = (from: number, to: number): FeatureTable =>
      tableOf([0, 1, 2].map((c) => Float64Array.from({ length: to - from }, (_, r) => cell(from + r, c))));
    const y = Float64Array.from({ length: 40 }, (_, r) => ((r * r * 31) % 89) / 7);
    const model = await gradientBoosting({ rounds: 20 }).fit(table(0, 40), y, { rng: rng(1) });
    const made = shapInteractions(model, table(40, 42));
    xgboostInteractions.forEach((matrix, r) => {
      matrix.forEach((line, i) => {
        line.forEach((value, j) => {
          // xgboost adds up float32 numbers.
          expect(Math.abs(at(made, r, i, j) - value)).toBeLessThan(5e-6);
        });
      });
    });
  });

  for (const seed of [1, 2]) {
    test(`equals the interaction index over all subsets, small forest ${seed}`, async () => {
      const { x, y } = noisyRows(30, seed);
      const model = await randomForest({ trees: 3, maxFeatures: 0.5 }).fit(x, y, { rng: rng(seed) });
      const fresh = noisyRows(2, seed + 100).x;
      const made = shapInteractions(model, fresh);
      const pairs = [...x.columns.keys()].flatMap((i) => [...x.columns.keys()].filter((j) => j > i).map((j) => [i, j]));
      for (const [i, j] of pairs) expect(at(made, 1, i, j)).toBeCloseTo(halfIndex(model, fresh, 1, i, j), 9);
    });
  }

  test('is symmetric and its rows sum to SHAP values within 1e-9, boosting and a forest of bounded depth', async () => {
    const { x, y } = noisyRows(300, 5);
    const fresh = noisyRows(40, 6).x;
    const models = [
      await gradientBoosting({ rounds: 30 }).fit(x, y, { rng: rng(1) }),
      await randomForest({ trees: 20, maxDepth: 6 }).fit(x, y, { rng: rng(2) }),
    ];
    for (const model of models) {
      const [made, shap] = [shapInteractions(model, fresh), treeShap(model, fresh)];
      expect(made.base).toBeCloseTo(shap.base, 10);
      const width = x.columns.length;
      for (let r = 0; r < fresh.rowCount; r++) {
        for (let i = 0; i < width; i++) {
          let sum = 0;
          for (let j = 0; j < width; j++) {
            sum += at(made, r, i, j);
            expect(at(made, r, i, j)).toBe(at(made, r, j, i));
          }
          expect(Math.abs(sum - shap.values[r * width + i])).toBeLessThan(1e-9);
        }
      }
    }
  });

  test('finds nothing between columns of an additive ensemble, and all of a product between its two', () => {
    const stump = (column: number): Tree => ({
      feature: Int32Array.of(column, -1, -1),
      value: Float64Array.of(0.5, -1, 1),
      left: Int32Array.of(1, 0, 0),
      cover: Float64Array.of(8, 4, 4),
    });
    // +1 where both columns are alike, −1 where they differ: nothing but interaction.
    const alike: Tree = {
      feature: Int32Array.of(0, 1, 1, -1, -1, -1, -1),
      value: Float64Array.of(0.5, 0.5, 0.5, 1, -1, -1, 1),
      left: Int32Array.of(1, 3, 5, 0, 0, 0, 0),
      cover: Float64Array.of(8, 4, 4, 2, 2, 2, 2),
    };
    const x = tableOf([Float64Array.of(0, 1), Float64Array.of(0, 0)]);
    const of = (trees: readonly Tree[]): number[] => [
      ...shapInteractions({ columns: x.columns, trees, offset: 0, treeWeight: 1 }, x).values,
    ];
    const flat = (values: number[]): number[] => values.map((value) => Math.round(value * 1e12) / 1e12 + 0);
    expect(flat(of([stump(0), stump(1)]))).toEqual([-1, 0, 0, -1, 1, 0, 0, -1]);
    expect(flat(of([alike]))).toEqual([0, 0.5, 0.5, 0, 0, -0.5, -0.5, 0]);
  });

  test('refuses models without trees, other columns, answers beyond memory and paths without end', async () => {
    const { x, y } = noisyRows(20, 9);
    const model = await randomForest({ trees: 2, maxDepth: 3 }).fit(x, y, { rng: rng(1) });
    expect(() => shapInteractions({ id: 'ridge' }, x)).toThrow(UnsupportedError);
    expect(() => shapInteractions(model, tableOf([Float64Array.of(1)]))).toThrow(ShapeError);
    const wide = { ...model, columns: Array.from({ length: 20_000 }, (_, c) => ({ ...x.columns[0], name: `c${c}` })) };
    const wideRow = { ...x, rowCount: 1, columns: wide.columns, values: wide.columns.map(() => new Int8Array(1)) };
    expect(() => shapInteractions(wide, wideRow)).toThrow(/interactionStrengths/);
    const count = 40;
    const asks = (i: number): boolean => i % 2 === 0 && i < 2 * count;
    const chain: Tree = {
      feature: Int32Array.from({ length: 2 * count + 1 }, (_, i) => (asks(i) ? i / 2 : -1)),
      value: new Float64Array(2 * count + 1),
      left: Int32Array.from({ length: 2 * count + 1 }, (_, i) => (asks(i) ? i + 1 : 0)),
      cover: Float64Array.from({ length: 2 * count + 1 }, (_, i) => 2 * count + 1 - i),
    };
    const long = tableOf(Array.from({ length: count }, () => Float64Array.of(1)));
    expect(() => shapInteractions({ columns: long.columns, trees: [chain], offset: 0, treeWeight: 1 }, long)).toThrow(/maxDepth/);
  });
});

describe('interactionStrengths', () => {
  test('is the mean size over the rows: both halves off the diagonal', async () => {
    const { x, y } = noisyRows(200, 11);
    const model = await gradientBoosting({ rounds: 10 }).fit(x, y, { rng: rng(1) });
    const made = shapInteractions(model, x);
    const seen: number[] = [];
    const { values } = interactionStrengths(model, x, { onProgress: ({ done, total }) => seen.push(done / total) });
    const width = x.columns.length;
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) {
        let sum = 0;
        for (let r = 0; r < 200; r++) sum += Math.abs(at(made, r, i, j)) * (i === j ? 1 : 2);
        expect(values[i * width + j]).toBeCloseTo(sum / 200, 9);
      }
    }
    expect(seen.at(-1)).toBe(1);
    expect(() => interactionStrengths(model, take(x, []))).toThrow(ShapeError);
    const reason = new Error('enough');
    expect(() => interactionStrengths(model, x, { signal: AbortSignal.abort(reason) })).toThrow(reason);
  });
});
