import { ShapeError, UnsupportedError } from '../base/errors.js';
import type { WorkOptions } from '../base/progress.js';
import type { Column, FeatureTable } from '../base/table.js';
import { checkColumns } from '../models/check.js';
import { isTreeEnsemble } from '../models/trees/ensemble.js';
import type { Importance } from './importance.js';
import { type LeafPaths, leafPaths } from './leaf-paths.js';
import { LeafShares } from './leaf-shares.js';

/** Shapley values of single predictions: for every row, prediction = `base` + the sum of its values. */
export interface ShapValues {
  readonly kind: 'shap-values';
  /** What the model expects before it sees a row, in the target's unit. */
  readonly base: number;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** Row-major, rows × columns, in the target's unit. */
  readonly values: Float64Array;
  /** Mean |SHAP value| over the rows. @throws ShapeError when there is no row. */
  importance(): Importance;
}

/** Rows worked on at a time. */
const BLOCK = 1024;

/**
 * Exact path-dependent TreeSHAP of every row: how far each column moved the prediction from its expectation, where a
 * column that is not known is averaged over with the training rows' shares.
 * @param model any sum of trees, such as `randomForest`'s.
 * @param x `n` rows of the model's columns.
 * The work does not yield: the signal is looked at before the start and between blocks of 1,024 rows, and can only be
 * aborted meanwhile from within `onProgress`. Give it to a worker to stop it from outside.
 * @throws UnsupportedError when the model has no trees, ShapeError when the columns are not the model's, and the signal's reason.
 * @see Lundberg, Erion and Lee 2018 (arXiv 1802.03888), Algorithm 2, here leaf by leaf; equal to `shap.TreeExplainer`.
 * Takes O(rows × leaves × (columns asked on the leaf's path)²).
 */
export function treeShap(model: object, x: FeatureTable, options: WorkOptions = {}): ShapValues {
  options.signal?.throwIfAborted();
  if (!isTreeEnsemble(model)) throw new UnsupportedError('treeShap of a model without trees', 'Use permutationImportance.');
  checkColumns('treeShap', x, model.columns);
  const { columns, treeWeight } = model;
  const paths = model.trees.map((tree) => leafPaths(tree));
  const base = model.offset + treeWeight * paths.reduce((sum, path) => sum + path.expected, 0);
  const longest = Math.max(...paths.map(mostConditions));
  const values = new Float64Array(x.rowCount * columns.length);
  const leaves = new LeafShares(longest, BLOCK);
  const cells = new Float64Array(columns.length * BLOCK);
  const shares = new Float64Array(columns.length * BLOCK);
  for (let start = 0; start < x.rowCount; start += BLOCK) {
    options.signal?.throwIfAborted();
    const rows = Math.min(BLOCK, x.rowCount - start);
    for (let c = 0; c < columns.length; c++) cells.set(x.values[c].subarray(start, start + rows), c * BLOCK);
    shares.fill(0);
    for (const path of paths) leaves.add(path, cells, shares, rows, treeWeight);
    for (let c = 0; c < columns.length; c++) {
      for (let r = 0; r < rows; r++) values[(start + r) * columns.length + c] = shares[c * BLOCK + r];
    }
    options.onProgress?.({ done: start + rows, total: x.rowCount, label: 'row' });
  }
  return {
    kind: 'shap-values',
    base,
    columns,
    rowCount: x.rowCount,
    values,
    importance: () => meanAbsolute(columns, values),
  };
}

function mostConditions(paths: LeafPaths): number {
  let most = 0;
  for (let leaf = 0; leaf < paths.leafCount; leaf++) most = Math.max(most, paths.start[leaf + 1] - paths.start[leaf]);
  return most;
}

function meanAbsolute(columns: readonly Column[], values: Float64Array): Importance {
  const mean = new Float64Array(columns.length);
  const rowCount = values.length / columns.length;
  if (rowCount === 0) {
    throw new ShapeError({ argument: 'ShapValues.importance', expected: 'values of at least one row', got: 'none' });
  }
  for (let i = 0; i < values.length; i++) mean[i % columns.length] += Math.abs(values[i]);
  for (let c = 0; c < columns.length; c++) mean[c] /= rowCount;
  return { kind: 'importance', method: 'mean |SHAP value|', unit: '', columns, mean };
}
