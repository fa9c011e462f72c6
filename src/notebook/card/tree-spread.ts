import type { FeatureTable } from '../../core/base/table.js';
import { quantile } from '../../core/metrics/quantile.js';
import { isTreeEnsemble, type TreeEnsemble } from '../../core/models/trees/ensemble.js';
import type { Tree } from '../../core/models/trees/tree.js';

/** The predictions of a forest's single trees for one row. */
export interface TreeSpread {
  readonly low: number;
  readonly high: number;
  readonly trees: number;
}

/**
 * The 10th and 90th percentile of what a forest's trees predict for a row: how much they disagree, which is not a
 * confidence interval. Null for models that are not the mean of their trees.
 */
export function treeSpread(model: object, x: FeatureTable, row: number): TreeSpread | null {
  if (!isMeanOfTrees(model) || model.trees.length < 2) return null;
  const { trees } = model;
  const answers = Float64Array.from(trees, (tree) => answerOf(tree, x, row)).sort();
  return { low: quantile(answers, 0.1), high: quantile(answers, 0.9), trees: trees.length };
}

/** Whether a model's prediction is the mean of its trees', as a forest's is and a boosted model's is not. */
export function isMeanOfTrees(model: object): model is TreeEnsemble {
  return isTreeEnsemble(model) && model.offset === 0 && Math.abs(model.treeWeight * model.trees.length - 1) < 1e-9;
}

function answerOf(tree: Tree, x: FeatureTable, row: number): number {
  let node = 0;
  while (tree.feature[node] >= 0) {
    node = tree.left[node] + (x.values[tree.feature[node]][row] <= tree.value[node] ? 0 : 1);
  }
  return tree.value[node];
}
