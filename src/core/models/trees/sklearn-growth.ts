/*
 * One numerical algorithm, kept together: a regression tree as scikit-learn 1.2 grows it, down to the last bit. What looks
 * arbitrary here (the order of sums, what is drawn when, which side is summed, rounding to float32) decides between splits
 * that are equally good but for rounding, and so which tree comes out. `growth.ts` is the forest for new work.
 *
 * Facts from sklearn/tree/_splitter.pyx, _criterion.pyx, _tree.pyx and utils/_random.pxd of version 1.2.1.
 */
import { Mt19937 } from '../../base/mt19937.js';
import { Xorshift32 } from '../../base/xorshift.js';
import { float32Columns } from './float32-columns.js';
import { float32Threshold } from './float32-threshold.js';
import { GrowingTree } from './growing-tree.js';
import type { GrowthSettings } from './growth-settings.js';
import { introsort } from './introsort.js';
import type { TrainingRows } from './training-rows.js';
import type { Tree } from './tree.js';

/** Values no further apart count as equal. */
const EQUAL = Math.fround(1e-7);
/** Nodes whose variance is no greater are leaves. */
const EPSILON = 2 ** -52;
/** The xorshift's seed is drawn below this. */
const DICE_SEEDS = 0x7fffffff;

/** Numbers of a node that waits to be grown: [node, start, end, depth, columns known to be constant]. */
const WAITING = 5;

/** Grows trees from one set of rows; its buffers are used again from tree to tree. */
export class SklearnGrowth {
  private readonly n: number;
  /** Column-major, in the table's row order. */
  private readonly x: Float32Array;
  private readonly y: Float64Array;
  private readonly maxVisits: number;
  private readonly minSplit: number;

  private readonly weight: Float64Array;
  private readonly weighted: Float64Array;
  private readonly keys: Float32Array;
  /** The tree's rows; a node owns a stretch, whose order its ancestors' searches left behind. */
  private readonly rows: Int32Array;
  /** All columns in the order that draws have left them in: known constants, found constants, not drawn, drawn. */
  private readonly order: Int32Array;
  private readonly constants: Int32Array;
  private readonly waiting: Int32Array;
  private readonly waitingImpurity: Float64Array;
  private dice: Xorshift32 = new Xorshift32(1);

  private readonly tree: GrowingTree;

  // The node at hand: its stretch of `rows`, and sums over it of weight, weight × target, weight × target².
  private start = 0;
  private end = 0;
  private sumWeight = 0;
  private sum = 0;
  private sumSquares = 0;
  private impurity = 0;

  // Its best split so far: column (−1: none), first place of the right child, threshold, and what ranks it.
  private bestColumn = -1;
  private bestMiddle = 0;
  private bestThreshold = 0;
  private bestProxy = 0;
  private leftImpurity = 0;
  private rightImpurity = 0;

  constructor(
    data: TrainingRows,
    private readonly settings: GrowthSettings,
  ) {
    const { rowCount, columnCount } = data;
    this.n = rowCount;
    this.x = float32Columns(data);
    this.y = new Float64Array(rowCount);
    for (let i = 0; i < rowCount; i++) this.y[data.tableRow[i]] = data.target[i];
    this.maxVisits = Math.max(1, Math.trunc(settings.maxFeatures * columnCount));
    this.minSplit = Math.max(settings.minSamplesSplit, 2 * settings.minSamplesLeaf);
    this.weight = new Float64Array(rowCount);
    this.weighted = new Float64Array(rowCount);
    this.keys = new Float32Array(rowCount);
    this.rows = new Int32Array(rowCount);
    this.order = new Int32Array(columnCount);
    this.constants = new Int32Array(columnCount);
    this.waiting = new Int32Array(WAITING * (rowCount + 1));
    this.waitingImpurity = new Float64Array(rowCount + 1);
    this.tree = new GrowingTree(rowCount);
  }

  /** The tree of a `DecisionTreeRegressor(random_state=seed)` inside a forest. */
  grow(seed: number): Tree {
    const { waiting, waitingImpurity, order, tree } = this;
    const rowCount = this.drawRows(seed);
    this.dice = new Xorshift32(new Mt19937(seed).interval(DICE_SEEDS - 1));
    for (let c = 0; c < order.length; c++) order[c] = c;
    tree.plant();
    let height = 1;
    waiting.set([0, 0, rowCount, 0, 0]);
    waitingImpurity[0] = Number.NaN;
    while (height > 0) {
      const from = WAITING * --height;
      const node = waiting[from];
      const depth = waiting[from + 3];
      this.enter(waiting[from + 1], waiting[from + 2]);
      this.impurity = node === 0 ? variance(this.sumSquares, this.sum, this.sumWeight) : waitingImpurity[height];
      const constants = this.isLeaf(depth) ? -1 : this.search(waiting[from + 4]);
      if (constants < 0 || this.bestColumn < 0 || !this.divide()) {
        tree.leaf(node, this.sum / this.sumWeight, this.sumWeight);
        continue;
      }
      const left = tree.split(node, this.bestColumn, float32Threshold(this.bestThreshold), this.sumWeight);
      waiting.set([left + 1, this.bestMiddle, this.end, depth + 1, constants], WAITING * height);
      waitingImpurity[height++] = this.rightImpurity;
      waiting.set([left, this.start, this.bestMiddle, depth + 1, constants], WAITING * height);
      waitingImpurity[height++] = this.leftImpurity;
    }
    return tree.finished();
  }

  /** Weighs and lists the rows of a new tree; gives how many there are. */
  private drawRows(seed: number): number {
    const { n, weight, weighted, y, rows } = this;
    if (this.settings.bootstrap) {
      const draws = new Mt19937(seed);
      weight.fill(0);
      for (let i = 0; i < n; i++) weight[draws.interval(n - 1)]++;
    } else {
      weight.fill(1);
    }
    let count = 0;
    for (let r = 0; r < n; r++) {
      weighted[r] = weight[r] * y[r];
      if (weight[r] > 0) rows[count++] = r;
    }
    return count;
  }

  private enter(start: number, end: number): void {
    const { rows, weight, weighted, y } = this;
    let sumWeight = 0;
    let sum = 0;
    let sumSquares = 0;
    for (let i = start; i < end; i++) {
      const r = rows[i];
      sumWeight += weight[r];
      sum += weighted[r];
      sumSquares += weighted[r] * y[r];
    }
    this.start = start;
    this.end = end;
    this.sumWeight = sumWeight;
    this.sum = sum;
    this.sumSquares = sumSquares;
  }

  private isLeaf(depth: number): boolean {
    return depth >= this.settings.maxDepth || this.end - this.start < this.minSplit || this.impurity <= EPSILON;
  }

  /**
   * Looks at columns in random order, for the best split.
   * @param known how many columns at the front of `order` were found constant further up.
   * @returns how many are constant here.
   */
  private search(known: number): number {
    const { order, constants } = this;
    this.bestColumn = -1;
    this.bestProxy = Number.NEGATIVE_INFINITY;
    let drawnKnown = 0;
    let found = 0;
    let undrawn = order.length;
    // Draws go on past `maxVisits` until one column has not been constant.
    for (let visits = 0; undrawn > known + found && (visits < this.maxVisits || visits <= found + drawnKnown); visits++) {
      const drawn = drawnKnown + (this.dice.next() % (undrawn - found - drawnKnown));
      if (drawn < known) {
        swap(order, drawn, drawnKnown++);
      } else if (this.sortBy(order[drawn + found])) {
        this.weigh(order[drawn + found]);
        swap(order, drawn + found, --undrawn);
      } else {
        swap(order, drawn + found, known + found);
        found++;
      }
    }
    // Siblings must meet the known constants in the order in which they were found.
    for (let i = 0; i < known; i++) order[i] = constants[i];
    for (let i = known; i < known + found; i++) constants[i] = order[i];
    return known + found;
  }

  /** Sorts the node's rows by a column, with their values in `keys`; false if these are all equal. */
  private sortBy(column: number): boolean {
    const { keys, rows, x, start, end } = this;
    const offset = column * this.n;
    const first = x[offset + rows[start]];
    let differ = false;
    for (let i = start; i < end; i++) {
      const key = x[offset + rows[i]];
      keys[i] = key;
      if (key !== first) differ = true;
    }
    if (!differ) return false;
    introsort(keys, rows, start, end);
    return keys[end - 1] > Math.fround(keys[start] + EQUAL);
  }

  /** Weighs all splits of the column that the node's rows are sorted by. */
  private weigh(column: number): void {
    const { keys, rows, weight, weighted, start, end, sum, sumWeight } = this;
    const { minSamplesLeaf } = this.settings;
    let leftSum = 0;
    let leftWeight = 0;
    let at = start;
    for (let middle = start + 1; middle < end; middle++) {
      if (keys[middle] <= Math.fround(keys[middle - 1] + EQUAL)) continue;
      if (middle - start < minSamplesLeaf || end - middle < minSamplesLeaf) continue;
      // The left sum grows from the last split's, or is the total less the right rows, whichever is fewer terms.
      if (middle - at <= end - middle) {
        for (; at < middle; at++) {
          leftSum += weighted[rows[at]];
          leftWeight += weight[rows[at]];
        }
      } else {
        leftSum = sum;
        leftWeight = sumWeight;
        for (let i = end - 1; i >= middle; i--) {
          leftSum -= weighted[rows[i]];
          leftWeight -= weight[rows[i]];
        }
        at = middle;
      }
      const rightSum = sum - leftSum;
      const proxy = (leftSum * leftSum) / leftWeight + (rightSum * rightSum) / (sumWeight - leftWeight);
      if (proxy > this.bestProxy) {
        this.bestProxy = proxy;
        this.bestColumn = column;
        this.bestMiddle = middle;
        const midway = keys[middle - 1] / 2 + keys[middle] / 2;
        this.bestThreshold = midway === keys[middle] ? keys[middle - 1] : midway;
      }
    }
  }

  /** Puts the node's rows on their sides of the best split; false if rounding makes that a loss. */
  private divide(): boolean {
    const { rows, x, weight, weighted, y, start, end, sum, sumWeight, bestMiddle, bestThreshold } = this;
    const offset = this.bestColumn * this.n;
    for (let i = start, right = end; i < right; ) {
      if (x[offset + rows[i]] <= bestThreshold) i++;
      else swap(rows, i, --right);
    }
    let leftWeight = 0;
    let squares = 0;
    for (let i = start; i < bestMiddle; i++) {
      leftWeight += weight[rows[i]];
      squares += weighted[rows[i]] * y[rows[i]];
    }
    let leftSum = 0;
    if (bestMiddle - start <= end - bestMiddle) {
      for (let i = start; i < bestMiddle; i++) leftSum += weighted[rows[i]];
    } else {
      leftSum = sum;
      for (let i = end - 1; i >= bestMiddle; i--) leftSum -= weighted[rows[i]];
    }
    const rightWeight = sumWeight - leftWeight;
    this.leftImpurity = variance(squares, leftSum, leftWeight);
    this.rightImpurity = variance(this.sumSquares - squares, sum - leftSum, rightWeight);
    const gain = this.impurity - (rightWeight / sumWeight) * this.rightImpurity - (leftWeight / sumWeight) * this.leftImpurity;
    return (sumWeight / this.n) * gain + EPSILON >= 0;
  }
}

function variance(sumSquares: number, sum: number, weight: number): number {
  const mean = sum / weight;
  return sumSquares / weight - mean * mean;
}

function swap(list: Int32Array, i: number, j: number): void {
  const kept = list[i];
  list[i] = list[j];
  list[j] = kept;
}
