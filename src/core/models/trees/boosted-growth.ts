/**
 * One numerical algorithm, kept together for speed: growing one tree of gradient boosting on squared error, as xgboost
 * grows it. Gradients, gains and leaves are rounded to float32 where xgboost rounds them, so that the same splits win.
 * Coarse columns are counted in histograms (the larger child's is the parent's minus the smaller child's), fine ones
 * walked in sorted lists that are partitioned along. Sums of float32 numbers in doubles are exact within 2^29 of range:
 * they do not depend on the order, nor on how they were obtained.
 *
 * Facts from src/tree/updater_colmaker.cc, updater_quantile_hist.cc, split_evaluator.h and param.h of xgboost 1.7.
 */
import { type HistogramRoom, histogramRoom } from '../../base/histogram-room.js';
import type { Rng } from '../../base/rng.js';
import { groupsWithOwnCuts } from './distinct-cuts.js';
import { belowFloat32 } from './float32-threshold.js';
import { GrowingTree } from './growing-tree.js';
import { partition } from './partition.js';
import { codesOf, type TrainingRows } from './training-rows.js';
import type { Tree } from './tree.js';

/** How a boosted tree is grown; the names and meanings are xgboost's. */
export interface BoostingSettings {
  readonly eta: number;
  /** Edges from the root. */
  readonly maxDepth: number;
  readonly lambda: number;
  readonly minChildWeight: number;
  /** Share of the rows that a tree sees. */
  readonly subsample: number;
  /** Share of the columns that a tree sees. */
  readonly colsample: number;
  /**
   * Where a threshold lies between two values that it parts: midway between those present in the node, the highest of
   * equals (xgboost's `exact`); or at the next value of all rows, the lowest of equals (`hist`).
   */
  readonly midway: boolean;
}

/** Gains up to this, in the squared unit of the target, are no gain. */
const LEAST_GAIN = Math.fround(1e-6);
/** Below this a node's sum of squares cannot reach the least gain, however it is rounded. */
const ENOUGH = 0.9 * LEAST_GAIN;
/** A sum of gains this far below the best, relatively, is not equal to it after rounding to float32. */
const CLOSE = 1 - 4e-7;

/** Twice as many fit 16 bits. */
const FEW_BINS = 32768;
/** Deeper trees may hold any number of histograms at once. */
const KNOWN_DEPTH = 32;

/** Room for kernels, where there are some and what they need is known beforehand. */
function roomFor(data: TrainingRows, { colsample, maxDepth }: BoostingSettings): HistogramRoom | null {
  const { rowCount, coarseCount, binStart } = data;
  const bins = binStart[coarseCount];
  if (colsample < 1 || maxDepth > KNOWN_DEPTH || bins === 0 || bins >= FEW_BINS) return null;
  // One histogram for each level that waits, and one that is being filled.
  const histograms = maxDepth + 2;
  return histogramRoom(rowCount * (8 + 4 + 2 * coarseCount) + histograms * 16 * bins, 3 + histograms);
}

/** Grows trees from one set of rows; its buffers are used again from tree to tree. */
export class BoostedGrowth {
  /** What the trees so far predict. */
  readonly margin: Float64Array;
  private readonly label: Float64Array;
  private readonly gradient: Float64Array;
  private readonly lambda: number;
  private readonly eta: number;

  private readonly rows: Int32Array;
  private readonly spare: Int32Array;
  private readonly lists: Int32Array;
  private readonly goesLeft: Uint8Array;
  /** 1 / (rows + lambda). */
  private readonly inverse: Float64Array;
  private readonly histograms: Float64Array[] = [];
  /** Where kernels fill the histograms; null: here, in plain arrays. */
  private readonly room: HistogramRoom | null;

  // What the tree at hand may look at. Columns are places in `data.column`; each group stands for its first column.
  private coarseColumn: Int32Array = new Int32Array(0);
  private fineColumn: Int32Array = new Int32Array(0);
  private binStart: Int32Array = new Int32Array(1);
  /** Row-major, rows × coarse columns: twice the bin, where its sum and count stand. */
  private cells: Uint16Array | Uint32Array = new Uint16Array(0);

  private readonly tree: GrowingTree;
  /** Of an inner node: its column's place, and the greatest code that goes left. */
  private readonly place: Int32Array;
  private readonly border: Int32Array;

  // The node at hand: sum of gradients, rows, gain when not split; and its best split so far.
  private sum = 0;
  private count = 0;
  private unsplit = 0;
  private bestColumn = -1;
  private bestGain = 0;
  private bestLow = 0;
  private bestHigh = 0;
  /** A split whose two gains, summed, are below this cannot win. */
  private floor = 0;
  private leftSum = 0;

  constructor(
    private readonly data: TrainingRows,
    private readonly settings: BoostingSettings,
    base: number,
  ) {
    const n = data.rowCount;
    this.label = data.target;
    this.margin = new Float64Array(n).fill(base);
    this.room = roomFor(data, settings);
    this.gradient = this.room?.doubles(n) ?? new Float64Array(n);
    this.lambda = Math.fround(settings.lambda);
    this.eta = Math.fround(settings.eta);
    this.rows = this.room?.integers(n) ?? new Int32Array(n);
    this.spare = new Int32Array(n);
    this.goesLeft = new Uint8Array(n);
    this.inverse = Float64Array.from({ length: n + 1 }, (_, k) => 1 / (k + this.lambda));
    this.tree = new GrowingTree(n);
    this.place = new Int32Array(2 * n);
    this.border = new Int32Array(2 * n);
    this.lists = new Int32Array(data.fineCount * n);
    if (settings.colsample === 1) {
      const first = this.firstColumns();
      this.lookAt(groupsWithOwnCuts(data, first), first);
    }
  }

  /** The next tree, on what the trees so far leave of the target. */
  grow(rng: Rng): Tree {
    const { label, margin, gradient } = this;
    for (let r = 0; r < label.length; r++) gradient[r] = Math.fround(margin[r] - label[r]);
    if (this.settings.colsample < 1) this.drawColumns(rng.fork('columns'));
    const count = this.drawRows(rng);
    let sum = 0;
    for (let i = 0; i < count; i++) sum += gradient[this.rows[i]];
    this.tree.plant();
    if (this.isLeaf(count, 0)) this.makeLeaf(0, 0, count, sum);
    else {
      if (this.settings.maxDepth > 0) this.fillLists(count);
      this.growNode(0, 0, count, 0, sum, this.counted(0, count));
    }
    this.predictUnseen(count);
    return this.tree.finished();
  }

  /** Of each group, the first column that is drawn: a place in `data.column`, or one past the end. */
  private firstColumns(drawn?: Uint8Array): Int32Array {
    const { column, group, coarseCount, fineCount } = this.data;
    const first = new Int32Array(coarseCount + fineCount).fill(column.length);
    for (let i = column.length - 1; i >= 0; i--) if (drawn === undefined || drawn[column[i]] === 1) first[group[i]] = i;
    return first;
  }

  private drawColumns(rng: Rng): void {
    const { columnCount, column, coarseCount } = this.data;
    const drawn = new Uint8Array(columnCount);
    for (const c of rng.choose(columnCount, Math.max(1, Math.trunc(this.settings.colsample * columnCount)))) drawn[c] = 1;
    const first = this.firstColumns(drawn);
    const seen = Int32Array.from({ length: coarseCount }, (_, g) => g).filter((g) => first[g] < column.length);
    this.lookAt(seen, first);
  }

  private lookAt(coarseGroups: Int32Array, first: Int32Array): void {
    const { rowCount, column, coarseCount, fineCount, bins, binStart } = this.data;
    const width = coarseGroups.length;
    const starts = new Int32Array(width + 1);
    for (let k = 0; k < width; k++) starts[k + 1] = starts[k] + binStart[coarseGroups[k] + 1] - binStart[coarseGroups[k]];
    const size = rowCount * width;
    const cells = this.room?.cells(size) ?? (starts[width] < FEW_BINS ? new Uint16Array(size) : new Uint32Array(size));
    for (let k = 0; k < width; k++) {
      const g = coarseGroups[k];
      const shift = starts[k] - binStart[g];
      for (let r = 0; r < rowCount; r++) cells[r * width + k] = 2 * (bins[r * coarseCount + g] + shift);
    }
    this.coarseColumn = Int32Array.from(coarseGroups, (g) => first[g]);
    this.binStart = starts;
    this.cells = cells;
    const fine = Int32Array.from({ length: fineCount }, (_, f) => first[coarseCount + f]);
    this.fineColumn = fine.filter((i) => i < column.length);
  }

  /** Lists the rows that the tree sees, then the others; gives how many it sees. */
  private drawRows(rng: Rng): number {
    const { rows, settings } = this;
    const n = rows.length;
    if (settings.subsample === 1) {
      for (let r = 0; r < n; r++) rows[r] = r;
      return n;
    }
    let seen = 0;
    let unseen = n;
    for (let r = 0; r < n; r++) {
      if (rng.uniform() < settings.subsample) rows[seen++] = r;
      else rows[--unseen] = r;
    }
    return seen;
  }

  private fillLists(count: number): void {
    const { lists, goesLeft, rows, fineColumn } = this;
    const { rowCount, coarseCount, group, sorted } = this.data;
    const all = count === rowCount;
    if (!all) {
      goesLeft.fill(0);
      for (let i = 0; i < count; i++) goesLeft[rows[i]] = 1;
    }
    for (let f = 0; f < fineColumn.length; f++) {
      const from = (group[fineColumn[f]] - coarseCount) * rowCount;
      let to = f * rowCount;
      if (all) lists.set(sorted.subarray(from, from + rowCount), to);
      else for (let i = from; i < from + rowCount; i++) if (goesLeft[sorted[i]] === 1) lists[to++] = sorted[i];
    }
  }

  private isLeaf(count: number, depth: number): boolean {
    return depth >= this.settings.maxDepth || count < 2 || count < 2 * this.settings.minChildWeight;
  }

  private makeLeaf(node: number, start: number, end: number, sum: number): void {
    const { rows, margin } = this;
    const count = end - start;
    const weight = count === 0 ? 0 : Math.fround((0 - sum) / (count + this.lambda));
    const value = Math.fround(weight * this.eta);
    for (let i = start; i < end; i++) margin[rows[i]] = Math.fround(margin[rows[i]] + value);
    this.tree.leaf(node, value, count);
  }

  /** Splits a node and all below it: at most `maxDepth` calls deep. Takes over the histogram. */
  private growNode(node: number, start: number, end: number, depth: number, sum: number, histogram: Float64Array): void {
    const count = end - start;
    this.search(start, end, sum, histogram);
    if (this.bestColumn < 0) {
      this.makeLeaf(node, start, end, sum);
      this.histograms.push(histogram);
      return;
    }
    const middle = this.split(node, start, end);
    const leftSum = this.leftSum;
    const rightSum = sum - leftSum;
    const left = this.tree.left[node];
    const leftLeaf = this.isLeaf(middle - start, depth + 1);
    const rightLeaf = this.isLeaf(end - middle, depth + 1);
    if (leftLeaf) this.makeLeaf(left, start, middle, leftSum);
    if (rightLeaf) this.makeLeaf(left + 1, middle, end, rightSum);
    if (leftLeaf && rightLeaf) {
      this.histograms.push(histogram);
      return;
    }
    this.partitionLists(start, end);
    if (leftLeaf || rightLeaf) {
      // What the leaf took is taken off; or the other side, where it is small, is counted anew.
      const [from, until] = leftLeaf ? [middle, end] : [start, middle];
      if (2 * (until - from) < count) {
        this.clear(histogram);
        this.add(histogram, from, until);
      } else {
        this.subtract(histogram, leftLeaf ? start : middle, leftLeaf ? middle : end);
      }
      this.growNode(leftLeaf ? left + 1 : left, from, until, depth + 1, leftLeaf ? rightSum : leftSum, histogram);
      return;
    }
    const leftSmaller = middle - start <= end - middle;
    const small = leftSmaller ? this.counted(start, middle) : this.counted(middle, end);
    const size = 2 * this.binStart[this.coarseColumn.length];
    for (let b = 0; b < size; b++) histogram[b] -= small[b];
    this.growNode(left, start, middle, depth + 1, leftSum, leftSmaller ? small : histogram);
    this.growNode(left + 1, middle, end, depth + 1, rightSum, leftSmaller ? histogram : small);
  }

  private counted(start: number, end: number): Float64Array {
    const histogram = this.histograms.pop() ?? this.newHistogram();
    this.clear(histogram);
    this.add(histogram, start, end);
    return histogram;
  }

  private newHistogram(): Float64Array {
    const length = 2 * this.data.binStart[this.data.coarseCount];
    return this.room?.doubles(length) ?? new Float64Array(length);
  }

  private clear(histogram: Float64Array): void {
    histogram.fill(0, 0, 2 * this.binStart[this.coarseColumn.length]);
  }

  private add(histogram: Float64Array, start: number, end: number): void {
    const { rows, gradient, cells } = this;
    const width = this.coarseColumn.length;
    if (this.room !== null) {
      this.room.add(histogram, rows, start, end, gradient, cells as Uint16Array, width);
      return;
    }
    for (let i = start; i < end; i++) {
      const g = gradient[rows[i]];
      const first = rows[i] * width;
      const last = first + width;
      for (let cell = first; cell < last; cell++) {
        const b = cells[cell];
        histogram[b] += g;
        histogram[b + 1]++;
      }
    }
  }

  private subtract(histogram: Float64Array, start: number, end: number): void {
    const { rows, gradient, cells } = this;
    const width = this.coarseColumn.length;
    if (this.room !== null) {
      this.room.take(histogram, rows, start, end, gradient, cells as Uint16Array, width);
      return;
    }
    for (let i = start; i < end; i++) {
      const g = gradient[rows[i]];
      const first = rows[i] * width;
      const last = first + width;
      for (let cell = first; cell < last; cell++) {
        const b = cells[cell];
        histogram[b] -= g;
        histogram[b + 1]--;
      }
    }
  }

  /** Splits a node as was found best. Gives where the right child's rows start. */
  private split(node: number, start: number, end: number): number {
    const { data, rows, goesLeft, gradient, bestColumn, bestLow } = this;
    const values = data.valueStart[bestColumn];
    const threshold = this.threshold(
      data.values[values + bestLow],
      data.values[values + this.bestHigh],
      data.values[values + bestLow + 1],
    );
    this.tree.split(node, data.column[bestColumn], threshold, end - start);
    const { list, offset } = codesOf(data, bestColumn);
    this.place[node] = bestColumn;
    this.border[node] = bestLow;
    let leftSum = 0;
    for (let i = start; i < end; i++) {
      const r = rows[i];
      const isLeft = list[offset + r] <= bestLow ? 1 : 0;
      goesLeft[r] = isLeft;
      leftSum += isLeft * gradient[r];
    }
    this.leftSum = leftSum;
    return partition(rows, start, end, goesLeft, this.spare);
  }

  /** xgboost asks `float32(x) < t`; we ask `x <= threshold`. */
  private threshold(low: number, high: number, next: number): number {
    if (!this.settings.midway) return belowFloat32(next);
    const middle = Math.fround(Math.fround(low + high) * 0.5);
    return belowFloat32(middle === low ? high : middle);
  }

  private partitionLists(start: number, end: number): void {
    const { rowCount } = this.data;
    for (let f = 0, from = 0; f < this.fineColumn.length; f++, from += rowCount) {
      partition(this.lists, from + start, from + end, this.goesLeft, this.spare);
    }
  }

  /** Finds the best split; of equals that of the first column. `bestColumn` is -1 when none gains anything. */
  private search(start: number, end: number, sum: number, histogram: Float64Array): void {
    const { rows, gradient } = this;
    this.bestColumn = -1;
    this.bestGain = LEAST_GAIN;
    // Both sides' gains together are at most the sum of squares, of which mostly the first rows are enough.
    let squares = 0;
    for (let i = start; i < end && squares < ENOUGH; i++) squares += gradient[rows[i]] * gradient[rows[i]];
    if (squares < ENOUGH) return;
    this.sum = sum;
    this.count = end - start;
    this.unsplit = singleGain(sum, this.count + this.lambda);
    this.floor = (this.unsplit + LEAST_GAIN) * CLOSE;
    for (let k = 0; k < this.coarseColumn.length; k++) this.searchCounted(k, histogram);
    for (let f = 0; f < this.fineColumn.length; f++) this.searchListed(f, start, end);
  }

  private searchCounted(k: number, histogram: Float64Array): void {
    const { inverse, binStart, sum, count } = this;
    const base = 2 * binStart[k];
    const until = 2 * binStart[k + 1];
    let leftSum = 0;
    let leftCount = 0;
    let low = -1;
    for (let b = base; b < until; b += 2) {
      const here = histogram[b + 1];
      if (here === 0) continue;
      if (leftCount > 0) {
        const rightSum = sum - leftSum;
        const gains = leftSum * leftSum * inverse[leftCount] + rightSum * rightSum * inverse[count - leftCount];
        if (gains >= this.floor) this.consider(this.coarseColumn[k], leftSum, leftCount, (low - base) >> 1, (b - base) >> 1);
      }
      leftSum += histogram[b];
      leftCount += here;
      if (leftCount === count) return;
      low = b;
    }
  }

  private searchListed(f: number, start: number, end: number): void {
    const { lists, inverse, gradient, sum, count } = this;
    const { ranks, rowCount, coarseCount, group } = this.data;
    const column = this.fineColumn[f];
    const offset = (group[column] - coarseCount) * rowCount;
    const from = f * rowCount + start;
    const until = f * rowCount + end;
    let row = lists[from];
    let low = ranks[offset + row];
    if (low === ranks[offset + lists[until - 1]]) return;
    let leftSum = gradient[row];
    for (let i = from + 1, leftCount = 1; i < until; i++, leftCount++) {
      row = lists[i];
      const high = ranks[offset + row];
      if (high !== low) {
        const rightSum = sum - leftSum;
        const gains = leftSum * leftSum * inverse[leftCount] + rightSum * rightSum * inverse[count - leftCount];
        if (gains >= this.floor) this.consider(column, leftSum, leftCount, low, high);
        low = high;
      }
      leftSum += gradient[row];
    }
  }

  /** Weighs a split that may be the best, with xgboost's roundings. */
  private consider(column: number, leftSum: number, leftCount: number, low: number, high: number): void {
    const { lambda, settings } = this;
    const rightSum = this.sum - leftSum;
    const rightCount = this.count - leftCount;
    if (leftCount < settings.minChildWeight || rightCount < settings.minChildWeight) return;
    const gains = Math.fround(singleGain(leftSum, leftCount + lambda) + singleGain(rightSum, rightCount + lambda));
    const gain = Math.fround(gains - this.unsplit);
    if (gain < this.bestGain) return;
    if (gain === this.bestGain) {
      if (column > this.bestColumn) return;
      if (column === this.bestColumn && !settings.midway) return;
    }
    this.bestColumn = column;
    this.bestGain = gain;
    this.bestLow = low;
    this.bestHigh = high;
    this.floor = gains * CLOSE;
  }

  /** Adds the tree's prediction to the rows that it did not see. */
  private predictUnseen(seen: number): void {
    const { rows, margin, place, border, data } = this;
    const { feature, left, value } = this.tree;
    for (let i = seen; i < rows.length; i++) {
      const r = rows[i];
      let node = 0;
      while (feature[node] >= 0) {
        const { list, offset } = codesOf(data, place[node]);
        node = left[node] + (list[offset + r] <= border[node] ? 0 : 1);
      }
      margin[r] = Math.fround(margin[r] + value[node]);
    }
  }
}

/** sum² / weight with every step in float32. */
function singleGain(sum: number, weight: number): number {
  return Math.fround(Math.fround(sum * sum) / Math.fround(weight));
}
