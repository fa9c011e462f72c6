import { ShapeError } from '../base/errors.js';
import type { WorkOptions } from '../base/progress.js';
import type { Column, FeatureTable } from '../base/table.js';
import { gaussLegendre } from './gauss-legendre.js';
import { type LeafPath, leafPaths } from './leaf-paths.js';
import { explicable } from './treeshap.js';

/**
 * SHAP values taken apart: for every row a symmetric matrix, whose entry off the diagonal is half of what two columns give
 * together, and on the diagonal what a column gives by itself. Rows of the matrix sum to the columns' SHAP values.
 */
export interface ShapInteractions {
  readonly kind: 'shap-interactions';
  readonly base: number;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** Rows × columns × columns, in the target's unit. */
  readonly values: Float64Array;
}

/** How strong interactions are over many rows. */
export interface InteractionStrengths {
  readonly kind: 'interaction-strengths';
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** Columns × columns: off the diagonal the mean size of what two columns give together (both halves), on it the mean size of a column's own effect. */
  readonly values: Float64Array;
}

/** Numbers in one answer: 2 GB. */
const MOST_NUMBERS = 2 ** 28;
/** Rows worked on at a time where only their mean is wanted. */
const BLOCK = 64;

/**
 * Exact SHAP interaction values of every row, path-dependent as `treeShap`.
 * @param model a sum of trees of bounded depth: boosting, or a forest with `maxDepth` (a path that asks for d columns takes d² a class of rows).
 * @param x `n` rows; the answer holds n × columns² numbers. For the mean over many rows take `interactionStrengths`.
 * @throws UnsupportedError when the model has no trees or a path asks for more than 30 columns, ShapeError when the columns are not the
 * model's or there are too many rows for one answer; and the signal's reason.
 * @see Lundberg et al. 2020 (Nature Machine Intelligence 2, 56); equal to `shap.TreeExplainer(…).shap_interaction_values` and
 * xgboost's `pred_interactions`.
 */
export function shapInteractions(model: object, x: FeatureTable, options: WorkOptions = {}): ShapInteractions {
  options.signal?.throwIfAborted();
  const { trees, treeWeight, offset, columns } = explicable('shapInteractions', model, x);
  const size = columns.length ** 2;
  if (x.rowCount * size > MOST_NUMBERS) {
    const expected = `at most ${Math.floor(MOST_NUMBERS / size)} rows of ${columns.length} columns (interactionStrengths takes any number)`;
    throw new ShapeError({ argument: 'shapInteractions: x', expected, got: `${x.rowCount}` });
  }
  const paths = trees.map(leafPaths);
  const values = new Float64Array(x.rowCount * size);
  paths.forEach((leaves, t) => {
    options.signal?.throwIfAborted();
    addTree(leaves, treeWeight, x, 0, x.rowCount, values);
    options.onProgress?.({ done: t + 1, total: trees.length, label: 'tree' });
  });
  const expected = paths.flat().reduce((sum, leaf) => sum + leaf.share.reduce((part, share) => part * share, leaf.value), 0);
  return { kind: 'shap-interactions', base: offset + treeWeight * expected, columns, rowCount: x.rowCount, values };
}

/**
 * The mean size of interactions and of own effects over many rows, in memory that does not grow with them.
 * @throws as `shapInteractions`; ShapeError when there is no row.
 */
export function interactionStrengths(model: object, x: FeatureTable, options: WorkOptions = {}): InteractionStrengths {
  options.signal?.throwIfAborted();
  const { trees, treeWeight, columns } = explicable('interactionStrengths', model, x);
  if (x.rowCount === 0) {
    throw new ShapeError({ argument: 'interactionStrengths: x', expected: 'at least one row', got: 'none' });
  }
  const width = columns.length;
  const size = width ** 2;
  const paths = trees.map(leafPaths);
  const block = new Float64Array(Math.min(BLOCK, x.rowCount) * size);
  const sums = new Float64Array(size);
  for (let from = 0; from < x.rowCount; from += BLOCK) {
    options.signal?.throwIfAborted();
    const to = Math.min(from + BLOCK, x.rowCount);
    block.fill(0);
    for (const leaves of paths) addTree(leaves, treeWeight, x, from, to, block);
    for (let at = 0; at < (to - from) * size; at++) sums[at % size] += Math.abs(block[at]);
    options.onProgress?.({ done: to, total: x.rowCount, label: 'row' });
  }
  const values = sums.map((sum, at) => ((at % (width + 1) === 0 ? 1 : 2) * sum) / x.rowCount);
  return { kind: 'interaction-strengths', columns, rowCount: x.rowCount, values };
}

/** Adds a tree's matrices for rows `from` .. `to` − 1; rows that meet the same conditions of a leaf share one. */
function addTree(
  leaves: readonly LeafPath[],
  weight: number,
  x: FeatureTable,
  from: number,
  to: number,
  values: Float64Array,
): void {
  const width = x.columns.length;
  for (const leaf of leaves) {
    const { columns, low, high } = leaf;
    const depth = columns.length;
    if (depth === 0 || leaf.value === 0) continue;
    const known = new Map<number, Float64Array>();
    for (let r = from; r < to; r++) {
      let met = 0;
      for (let i = 0; i < depth; i++) {
        const value = x.values[columns[i]][r];
        if (value > low[i] && value <= high[i]) met |= 1 << i;
      }
      let matrix = known.get(met);
      if (matrix === undefined) {
        matrix = matrixOf(leaf, met, weight);
        known.set(met, matrix);
      }
      const row = (r - from) * width * width;
      for (let i = 0; i < depth; i++) {
        const at = row + columns[i] * width;
        for (let j = 0; j < depth; j++) values[at + columns[j]] += matrix[i * depth + j];
      }
    }
  }
}

/**
 * A leaf's game: columns S known are worth value × Π over S of met × Π over the others of share. By Owen's integral (each
 * column known with probability t) column i gives ∫ (met − share) Π over the others of (met t + share (1 − t)) dt, and two
 * columns together ∫ (met − share)(met' − share') Π over the rest; polynomials, summed up exactly at Gauss's points.
 */
function matrixOf({ value, share }: LeafPath, met: number, weight: number): Float64Array {
  const depth = share.length;
  const matrix = new Float64Array(depth * depth);
  const { points, weights } = gaussLegendre((depth + 2) >> 1);
  const before = new Float64Array(depth + 1);
  for (let q = 0; q < points.length; q++) {
    const t = points[q];
    const factor = (i: number): number => ((met >> i) & 1) * t + share[i] * (1 - t);
    const pull = (i: number): number => ((met >> i) & 1) - share[i];
    before[0] = weight * value * weights[q];
    for (let i = 0; i < depth; i++) before[i + 1] = before[i] * factor(i);
    for (let i = 0; i < depth; i++) {
      let between = before[i] * pull(i);
      for (let j = i + 1; j < depth; j++) {
        let rest = between * pull(j);
        for (let k = j + 1; k < depth; k++) rest *= factor(k);
        matrix[i * depth + j] += rest / 2;
        between *= factor(j);
      }
      matrix[i * depth + i] += between;
    }
  }
  for (let i = 0; i < depth; i++) {
    for (let j = i + 1; j < depth; j++) {
      const half = matrix[i * depth + j];
      matrix[j * depth + i] = half;
      matrix[i * depth + i] -= half;
      matrix[j * depth + j] -= half;
    }
  }
  return matrix;
}
