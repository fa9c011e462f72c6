import { ShapeError } from '../base/errors.js';
import type { WorkOptions } from '../base/progress.js';
import type { FeatureTable } from '../base/table.js';
import type { TreeEnsemble } from '../models/trees/ensemble.js';
import type { Tree } from '../models/trees/tree.js';
import { explicable, type ShapValues, shapValues } from './treeshap.js';

/**
 * Exact interventional TreeSHAP: how far each column moved the prediction from the background's mean prediction, where a
 * column that is not known is replaced by its value in a background row, whatever the other columns are (`treeShap`
 * stays with the training rows that look alike). Take it where the question is what the model does, not what goes together.
 * @param model any sum of trees.
 * @param x `n` rows of the model's columns.
 * @param background the rows to compare with; a hundred drawn at random are mostly enough. Repeats count as often as they come.
 * Looks at the signal and reports after every row, without yielding.
 * @throws ShapeError when the columns are not the model's or there is no background row, UnsupportedError when the model
 * has no trees, and the signal's reason.
 * @see Lundberg et al. 2020 (Nature Machine Intelligence 2, 56), Algorithm 3. Takes O(rows × background rows × leaves) at most.
 */
export function interventionalShap(
  model: object,
  x: FeatureTable,
  background: FeatureTable,
  options: WorkOptions = {},
): ShapValues {
  options.signal?.throwIfAborted();
  const where = 'interventionalShap';
  const ensemble = explicable(where, model, x);
  explicable(`${where}: background`, model, background);
  if (background.rowCount === 0) {
    throw new ShapeError({ argument: `${where}: background`, expected: 'at least one row', got: 'none' });
  }
  const width = x.columns.length;
  const comparison = new Comparison(ensemble, x, background);
  const values = new Float64Array(x.rowCount * width);
  for (let row = 0; row < x.rowCount; row++) {
    const out = values.subarray(row * width, (row + 1) * width);
    for (let other = 0; other < background.rowCount; other++) comparison.add(row, other, out);
    for (let c = 0; c < width; c++) out[c] *= ensemble.treeWeight / background.rowCount;
    options.onProgress?.({ done: row + 1, total: x.rowCount, label: 'row' });
    if (row + 1 < x.rowCount) options.signal?.throwIfAborted();
  }
  return shapValues(ensemble, ensemble.offset + comparison.mean(), values);
}

const OPEN = 0;
const ROW = 1;
const OTHER = 2;

/** Two rows walk down a tree; where they part by a column, both ways are followed, and the column is of that row from there on. */
class Comparison {
  private readonly owner: Uint8Array;
  /** `weights[p][q]` = p! q! / (p + q + 1)!. */
  private readonly weights: Float64Array[] = [];
  /** What the leaves below give to each column of the row, and take for each of the other's. */
  private gain = 0;
  private loss = 0;

  constructor(
    private readonly model: TreeEnsemble,
    private readonly x: FeatureTable,
    private readonly background: FeatureTable,
  ) {
    this.owner = new Uint8Array(x.columns.length);
    for (let p = 0; p <= x.columns.length; p++) {
      const weights = new Float64Array(x.columns.length + 1);
      weights[0] = 1 / (p + 1);
      for (let q = 1; q < weights.length; q++) weights[q] = (weights[q - 1] * q) / (p + q + 1);
      this.weights.push(weights);
    }
  }

  /** The trees' weighted sum, a mean over the background rows. */
  mean(): number {
    const { model, background } = this;
    let sum = 0;
    for (const tree of model.trees) {
      for (let r = 0; r < background.rowCount; r++) {
        let node = 0;
        while (tree.feature[node] >= 0) node = next(tree, node, background, r);
        sum += tree.value[node];
      }
    }
    return (sum * model.treeWeight) / background.rowCount;
  }

  add(row: number, other: number, out: Float64Array): void {
    for (const tree of this.model.trees) this.walk(tree, 0, row, other, 0, 0, out);
  }

  /** @param ours how many columns on the path are the row's. @param theirs how many are the other's. */
  private walk(tree: Tree, node: number, row: number, other: number, ours: number, theirs: number, out: Float64Array): void {
    const { owner, weights } = this;
    const column = tree.feature[node];
    if (column < 0) {
      this.gain = ours === 0 ? 0 : tree.value[node] * weights[ours - 1][theirs];
      this.loss = theirs === 0 ? 0 : tree.value[node] * weights[ours][theirs - 1];
      return;
    }
    const mine = next(tree, node, this.x, row);
    const its = next(tree, node, this.background, other);
    if (mine === its || owner[column] !== OPEN) {
      this.walk(tree, owner[column] === OTHER ? its : mine, row, other, ours, theirs, out);
      return;
    }
    owner[column] = ROW;
    this.walk(tree, mine, row, other, ours + 1, theirs, out);
    const { gain, loss } = this;
    owner[column] = OTHER;
    this.walk(tree, its, row, other, ours, theirs + 1, out);
    owner[column] = OPEN;
    out[column] += gain - this.loss;
    this.gain += gain;
    this.loss += loss;
  }
}

function next(tree: Tree, node: number, x: FeatureTable, row: number): number {
  return tree.left[node] + (x.values[tree.feature[node]][row] <= tree.value[node] ? 0 : 1);
}
