import type { Tree } from './tree.js';

/** The nodes of a tree that is being grown; its room is used again from tree to tree. */
export class GrowingTree {
  readonly feature: Int32Array;
  readonly value: Float64Array;
  readonly left: Int32Array;
  readonly cover: Float64Array;
  private count = 1;

  /** @param rowCount training rows: a tree has fewer than twice as many nodes. */
  constructor(rowCount: number) {
    this.feature = new Int32Array(2 * rowCount);
    this.value = new Float64Array(2 * rowCount);
    this.left = new Int32Array(2 * rowCount);
    this.cover = new Float64Array(2 * rowCount);
  }

  /** Begins anew, with a root that is neither leaf nor split yet. */
  plant(): void {
    this.count = 1;
  }

  /** Makes a node ask a column of the table. Gives its left child; the right one is the next. */
  split(node: number, column: number, threshold: number, cover: number): number {
    const left = this.count;
    this.count += 2;
    this.feature[node] = column;
    this.value[node] = threshold;
    this.left[node] = left;
    this.cover[node] = cover;
    return left;
  }

  leaf(node: number, value: number, cover: number): void {
    this.feature[node] = -1;
    this.value[node] = value;
    this.left[node] = 0;
    this.cover[node] = cover;
  }

  /** The tree, in arrays of its own. */
  finished(): Tree {
    const { feature, value, left, cover, count } = this;
    return {
      feature: feature.slice(0, count),
      value: value.slice(0, count),
      left: left.slice(0, count),
      cover: cover.slice(0, count),
    };
  }
}
