import type { Rng } from '../../base/rng.js';
import { bootstrapWeights } from './bootstrap.js';
import type { GrowingTree } from './growing-tree.js';
import type { GrowthSettings } from './growth-settings.js';
import { partition } from './partition.js';
import { codesOf, type TrainingRows } from './training-rows.js';

/**
 * The rows that one tree of a forest sees, with their weights. A node owns the stretch `start .. end` of `rows`, in which
 * targets ascend: partitioning keeps the order.
 */
export class TreeSample {
  readonly weight: Float64Array;
  readonly rows: Int32Array;
  readonly spare: Int32Array;
  /** Of each row of the node that was split last: 1 on the left, 0 on the right. */
  readonly goesLeft: Uint8Array;

  constructor(
    private readonly data: TrainingRows,
    private readonly settings: GrowthSettings,
  ) {
    this.weight = new Float64Array(data.rowCount);
    this.rows = new Int32Array(data.rowCount);
    this.spare = new Int32Array(data.rowCount);
    this.goesLeft = new Uint8Array(data.rowCount);
  }

  /** Weighs and lists the rows of a new tree; gives how many there are. */
  draw(rng: Rng): number {
    const { weight, rows } = this;
    if (this.settings.bootstrap) weight.set(bootstrapWeights(weight.length, rng));
    else weight.fill(1);
    let count = 0;
    for (let r = 0; r < weight.length; r++) if (weight[r] > 0) rows[count++] = r;
    return count;
  }

  /** Whether a node's rows need or allow no split. */
  isLeaf(start: number, end: number, depth: number): boolean {
    const { minSamplesSplit, minSamplesLeaf, maxDepth } = this.settings;
    const size = end - start;
    if (size < minSamplesSplit || size < 2 * minSamplesLeaf || depth >= maxDepth) return true;
    const { target } = this.data;
    return target[this.rows[start]] === target[this.rows[end - 1]];
  }

  /** Makes a node predict the mean of its rows. */
  makeLeaf(tree: GrowingTree, node: number, start: number, end: number): void {
    const { rows, weight } = this;
    const { target } = this.data;
    const first = target[rows[start]];
    let sum = 0;
    let total = 0;
    for (let i = start; i < end; i++) {
      const r = rows[i];
      sum += weight[r] * (target[r] - first);
      total += weight[r];
    }
    tree.leaf(node, first + sum / total, total);
  }

  /**
   * Splits a node: rows whose code in a column is at most `code` come first.
   * @param column a place in the training rows' `column`.
   * @returns where the right child's rows start; `tree` says which node the left child is.
   */
  split(tree: GrowingTree, node: number, start: number, end: number, column: number, code: number, threshold: number): number {
    const { rows, weight, goesLeft, spare, data } = this;
    const { list, offset } = codesOf(data, column);
    let cover = 0;
    for (let i = start; i < end; i++) {
      const r = rows[i];
      cover += weight[r];
      goesLeft[r] = list[offset + r] <= code ? 1 : 0;
    }
    tree.split(node, data.column[column], threshold, cover);
    return partition(rows, start, end, goesLeft, spare);
  }
}
