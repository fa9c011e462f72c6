import type { ColumnValues } from '../base/table.js';
import type { TreeEnsemble } from '../models/trees/ensemble.js';
import { countBelow, distinct } from '../models/trees/threshold-codes.js';
import { splitPaths } from './split-paths.js';
import { SplitShares } from './split-shares.js';

/** Rows worked on at a time: the more there are, the more of them answer alike. */
const BLOCK_ROWS = 16_384;
/** Trees worked on at a time. */
const PART_TREES = 8;
/** Splits × rows between two steps: some ten milliseconds. */
const STEP = 1 << 19;

/** Some trees on some rows. Work is always cut alike and summed up in order, so that results are the same wherever it is done. */
export interface Part {
  readonly fromTree: number;
  readonly toTree: number;
  readonly fromRow: number;
  readonly toRow: number;
}

/** Rows in blocks of nearly one size; of each, all trees in order. There is a block even where there is no row. */
export function partsOf(treeCount: number, rowCount: number): readonly Part[] {
  const blocks = Math.max(1, Math.ceil(rowCount / BLOCK_ROWS));
  const parts = Math.max(1, Math.ceil(treeCount / PART_TREES));
  return Array.from({ length: blocks * parts }, (_, i) => {
    const [block, part] = [Math.floor(i / parts), i % parts];
    return {
      fromTree: part * PART_TREES,
      toTree: Math.min((part + 1) * PART_TREES, treeCount),
      fromRow: Math.floor((block * rowCount) / blocks),
      toRow: Math.floor(((block + 1) * rowCount) / blocks),
    };
  });
}

/** What trees give to each column of each row. */
export interface PartShares {
  /** Mean of the trees' sum over the training rows. */
  readonly expected: number;
  /** Column-major, columns × rows. */
  readonly shares: Float64Array;
}

/** The Shapley values of a sum of trees. What lies between two steps, of some ten milliseconds each, is the caller's. */
export function* sharesOfTrees(
  { trees, treeWeight }: Pick<TreeEnsemble, 'trees' | 'treeWeight'>,
  values: readonly ColumnValues[],
  fromRow: number,
  toRow: number,
): Generator<void, PartShares> {
  const rows = toRow - fromRow;
  const asked: number[][] = values.map(() => []);
  for (const { feature, value } of trees) {
    for (let i = 0; i < feature.length; i++) if (feature[i] >= 0) asked[feature[i]].push(value[i]);
  }
  const thresholds = asked.map((list) => distinct(Float64Array.from(list).sort()));
  const codes = new Int32Array(values.length * rows);
  for (let c = 0; c < values.length; c++) {
    if (thresholds[c].length === 0) continue;
    for (let r = 0; r < rows; r++) codes[c * rows + r] = countBelow(thresholds[c], values[c][fromRow + r]);
  }
  const paths = trees.map((tree) => splitPaths(tree, (column, threshold) => countBelow(thresholds[column], threshold)));
  const shares = new Float64Array(values.length * rows);
  const mostColumns = paths.reduce((most, path) => Math.max(most, path.mostColumns), 0);
  const mostSplits = paths.reduce((most, path) => Math.max(most, path.mostSplits), 0);
  const work = new SplitShares(mostColumns, mostSplits, rows);
  const splits = Math.max(1, Math.floor(STEP / Math.max(1, rows)));
  for (const path of paths) {
    for (let from = 0; from < path.splitCount && rows > 0; from += splits) {
      yield;
      work.add(path, from, Math.min(from + splits, path.splitCount), codes, shares, treeWeight);
    }
  }
  return { expected: treeWeight * paths.reduce((sum, path) => sum + path.expected, 0), shares };
}

/** Adds a part's shares to all rows' values, row-major. */
export function addShares(shares: Float64Array, { fromRow, toRow }: Part, columnCount: number, values: Float64Array): void {
  const rows = toRow - fromRow;
  for (let c = 0; c < columnCount; c++) {
    for (let r = 0; r < rows; r++) values[(fromRow + r) * columnCount + c] += shares[c * rows + r];
  }
}
