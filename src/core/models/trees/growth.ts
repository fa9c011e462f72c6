/**
 * One numerical algorithm, kept together for speed: growing an exact regression tree. Large nodes count coarse columns
 * in a histogram (the larger child's is the parent's minus the smaller child's) and walk fine columns in sorted lists
 * that are partitioned along; small nodes look at their rows directly.
 */
import type { Rng } from '../../base/rng.js';
import { GrowingTree } from './growing-tree.js';
import type { GrowthSettings } from './growth-settings.js';
import { partition } from './partition.js';
import type { TrainingRows } from './training-rows.js';
import type { Tree } from './tree.js';
import { TreeSample } from './tree-sample.js';

/** Nodes with at most this many rows are looked at directly. At most 64, the width of a local sort key. */
const DIRECT = 32;
/** A gain within this share of the best conceivable one is that one, up to rounding. */
const REACHED = 1 - 1e-12;
/** A gain must exceed the best by more than rounding: a column and its mirror tie, whichever way their sums were rounded. */
const EXCEEDS = 1 + 1e-12;

/** Grows trees from one set of rows; its buffers are used again from tree to tree. */
export class TreeGrowth {
  private readonly sample: TreeSample;
  private readonly tree: GrowingTree;
  /** Of row `r`: [weight × scaled target, weight]. */
  private readonly stat: Float64Array;
  private readonly lists: Int32Array;
  private readonly order: Int32Array;
  private readonly stamp: Int32Array;
  private readonly constant: Uint8Array;
  private readonly histograms: Float64Array[] = [];
  private readonly histogramSize: number;
  private readonly maxVisits: number;

  // The small node at hand: its rows' numbers side by side, and tables by code.
  private readonly nearStat = new Float64Array(2 * DIRECT);
  private readonly nearBins = new Int32Array(DIRECT);
  private readonly nearRows = new Int32Array(DIRECT);
  private readonly nearKeys = new Int32Array(DIRECT);
  private readonly codeSum = new Float64Array(32);
  private readonly codeWeight = new Float64Array(32);

  // The best split of the node at hand, and the gain that another must exceed, as a fraction.
  private bestColumn = -1;
  private bestLow = 0;
  private bestHigh = 0;
  private bestNum = -1;
  private bestDen = 1;

  private stampNow = 0;
  private dice = 1;

  constructor(
    private readonly data: TrainingRows,
    private readonly settings: GrowthSettings,
  ) {
    const n = data.rowCount;
    this.sample = new TreeSample(data, settings);
    this.tree = new GrowingTree(n);
    this.stat = new Float64Array(2 * n);
    this.lists = new Int32Array(data.fineCount * n);
    this.order = new Int32Array(data.column.length);
    this.stamp = new Int32Array(data.coarseCount + data.fineCount).fill(-1);
    this.constant = new Uint8Array(data.coarseCount + data.fineCount);
    this.histogramSize = 2 * data.binStart[data.coarseCount];
    this.maxVisits = Math.max(1, Math.floor(settings.maxFeatures * data.columnCount));
  }

  /** One tree. Depends on `rng`'s path and the rows only, not on trees grown before. */
  grow(rng: Rng): Tree {
    const { sample, tree, stat } = this;
    const count = sample.draw(rng);
    for (let r = 0; r < this.data.rowCount; r++) {
      stat[2 * r] = sample.weight[r] * this.data.scaled[r];
      stat[2 * r + 1] = sample.weight[r];
    }
    this.dice = rng.int(4294967295) + 1;
    for (let i = 0; i < this.order.length; i++) this.order[i] = i;
    tree.plant();
    if (sample.isLeaf(0, count, 0)) {
      sample.makeLeaf(tree, 0, 0, count);
    } else {
      let histogram: Float64Array | undefined;
      if (count > DIRECT) {
        this.fillLists();
        histogram = this.count(0, count);
      }
      this.growNode(0, 0, count, 0, this.order.length, histogram);
    }
    return tree.finished();
  }

  private fillLists(): void {
    const { lists } = this;
    const { weight } = this.sample;
    const { rowCount, fineCount, sorted } = this.data;
    for (let f = 0; f < fineCount; f++) {
      let to = f * rowCount;
      const end = to + rowCount;
      for (let i = to; i < end; i++) if (weight[sorted[i]] > 0) lists[to++] = sorted[i];
    }
  }

  /**
   * Splits a node and all below it. Goes into the smaller child first and on with the larger, so that neither the call
   * stack nor the histograms alive grow past log2(rows).
   * @param active how many columns at the front of `order` may still differ among the node's rows.
   */
  private growNode(
    node: number,
    start: number,
    end: number,
    depth: number,
    active: number,
    histogram: Float64Array | undefined,
  ): void {
    const { sample, tree } = this;
    for (;;) {
      active = this.search(start, end, active, histogram);
      if (this.bestColumn < 0) {
        sample.makeLeaf(tree, node, start, end);
        break;
      }
      const middle = this.split(node, start, end);
      const left = tree.left[node];
      depth++;
      const leftLeaf = sample.isLeaf(start, middle, depth);
      const rightLeaf = sample.isLeaf(middle, end, depth);
      if (leftLeaf) sample.makeLeaf(tree, left, start, middle);
      if (rightLeaf) sample.makeLeaf(tree, left + 1, middle, end);
      if (leftLeaf && rightLeaf) break;

      const leftSmaller = middle - start <= end - middle;
      const smallStart = leftSmaller ? start : middle;
      const smallEnd = leftSmaller ? middle : end;
      const largeStart = leftSmaller ? middle : start;
      const largeEnd = leftSmaller ? end : middle;
      const smallLeaf = leftSmaller ? leftLeaf : rightLeaf;
      const largeLeaf = leftSmaller ? rightLeaf : leftLeaf;
      const smallNode = leftSmaller ? left : left + 1;
      const largeNode = leftSmaller ? left + 1 : left;

      let smallHistogram: Float64Array | undefined;
      let largeHistogram: Float64Array | undefined;
      const largeCounted = !largeLeaf && largeEnd - largeStart > DIRECT;
      const smallCounted = !smallLeaf && smallEnd - smallStart > DIRECT;
      if (smallCounted || largeCounted) this.partitionLists(start, end);
      if (smallCounted) {
        smallHistogram = this.count(smallStart, smallEnd);
        if (largeCounted) {
          largeHistogram = histogram as Float64Array;
          for (let b = 0; b < this.histogramSize; b++) largeHistogram[b] -= smallHistogram[b];
          histogram = undefined;
        }
      } else if (largeCounted) {
        largeHistogram = histogram as Float64Array;
        this.add(largeHistogram, smallStart, smallEnd, -1);
        histogram = undefined;
      }
      if (histogram !== undefined) this.histograms.push(histogram);

      if (!smallLeaf) {
        if (largeLeaf) {
          node = smallNode;
          start = smallStart;
          end = smallEnd;
          histogram = smallHistogram;
          continue;
        }
        this.growNode(smallNode, smallStart, smallEnd, depth, active, smallHistogram);
      }
      node = largeNode;
      start = largeStart;
      end = largeEnd;
      histogram = largeHistogram;
    }
    if (histogram !== undefined) this.histograms.push(histogram);
  }

  /** A histogram of the coarse columns over some rows: [sum, weight] a bin. */
  private count(start: number, end: number): Float64Array {
    const histogram = this.histograms.pop() ?? new Float64Array(this.histogramSize);
    histogram.fill(0);
    this.add(histogram, start, end, 1);
    return histogram;
  }

  private add(histogram: Float64Array, start: number, end: number, sign: number): void {
    const { stat } = this;
    const { rows } = this.sample;
    const { bins, coarseCount } = this.data;
    for (let i = start; i < end; i++) {
      const r = rows[i];
      const sum = sign * stat[2 * r];
      const weight = sign * stat[2 * r + 1];
      const first = r * coarseCount;
      const last = first + coarseCount;
      for (let cell = first; cell < last; cell++) {
        const b = 2 * bins[cell];
        histogram[b] += sum;
        histogram[b + 1] += weight;
      }
    }
  }

  /** Splits a node as was found best. Gives where the right child's rows start. */
  private split(node: number, start: number, end: number): number {
    const { data, bestColumn, bestLow } = this;
    const values = data.valueStart[bestColumn];
    const low = data.values[values + bestLow];
    const high = data.values[values + this.bestHigh];
    const middle = low / 2 + high / 2;
    return this.sample.split(this.tree, node, start, end, bestColumn, bestLow, middle < high ? middle : low);
  }

  private partitionLists(start: number, end: number): void {
    const { goesLeft, spare } = this.sample;
    const { rowCount, fineCount } = this.data;
    for (let f = 0, from = 0; f < fineCount; f++, from += rowCount) {
      partition(this.lists, from + start, from + end, goesLeft, spare);
    }
  }

  /**
   * Finds the best split over the columns in random order; the first of equals wins. Columns found constant go behind
   * the active ones. Gives how many stay active.
   */
  private search(start: number, end: number, active: number, histogram: Float64Array | undefined): number {
    const { order, stamp, constant, data, maxVisits } = this;
    const { coarseCount } = data;
    const direct = end - start <= DIRECT;
    const stampNow = ++this.stampNow;
    this.bestColumn = -1;
    this.bestNum = -1;
    this.bestDen = 1;

    const { stat } = this;
    const { rows } = this.sample;
    let sum = 0;
    let weight = 0;
    for (let i = start; i < end; i++) {
      sum += stat[2 * rows[i]];
      weight += stat[2 * rows[i] + 1];
    }
    const mean = sum / weight;
    let boundNum = Number.POSITIVE_INFINITY;
    let boundDen = 1;
    if (direct) {
      this.gather(start, end);
      const near = this.nearStat;
      boundNum = -1;
      let leftSum = 0;
      let leftWeight = 0;
      const last = 2 * (end - start - 1);
      for (let i = 0; i < last; i += 2) {
        leftSum += near[i];
        leftWeight += near[i + 1];
        const d = leftSum - leftWeight * mean;
        const den = leftWeight * (weight - leftWeight);
        if (d * d * boundDen > boundNum * den) {
          boundNum = d * d;
          boundDen = den;
        }
      }
      boundNum *= REACHED;
    }

    const limited = maxVisits < data.columnCount;
    let idle = data.columnCount - active;
    let visits = 0;
    let found = false;
    let dice = this.dice;
    for (let i = 0; i < active; ) {
      dice ^= dice << 13;
      dice ^= dice >>> 17;
      dice ^= dice << 5;
      if (limited) {
        if (visits >= maxVisits && found) break;
        visits++;
        const draw = Math.floor(((dice >>> 0) / 4294967296) * (idle + active - i));
        if (draw < idle) {
          idle--;
          continue;
        }
        dice ^= dice << 13;
        dice ^= dice >>> 17;
        dice ^= dice << 5;
      }
      const j = i + Math.floor(((dice >>> 0) / 4294967296) * (active - i));
      const c = order[j];
      order[j] = order[i];
      order[i] = c;
      const g = data.group[c];
      if (stamp[g] !== stampNow) {
        stamp[g] = stampNow;
        const same = direct
          ? g < coarseCount
            ? this.tryCoarse(c, g, end - start, mean, weight)
            : this.tryFine(c, g, end - start, mean, weight)
          : g < coarseCount
            ? this.tryCounted(c, g, histogram as Float64Array, mean, weight)
            : this.tryListed(c, g, start, end, mean, weight);
        constant[g] = same ? 1 : 0;
        if (!same && this.bestNum * boundDen >= boundNum * this.bestDen) break;
      }
      if (constant[g] === 1) {
        active--;
        order[i] = order[active];
        order[active] = c;
      } else {
        found = true;
        i++;
      }
    }
    this.dice = dice;
    return active;
  }

  private gather(start: number, end: number): void {
    const { stat, nearStat, nearBins, nearRows } = this;
    const { rows } = this.sample;
    const { coarseCount } = this.data;
    for (let i = start, k = 0; i < end; i++, k++) {
      const r = rows[i];
      nearBins[k] = r * coarseCount;
      nearStat[2 * k] = stat[2 * r];
      nearStat[2 * k + 1] = stat[2 * r + 1];
      nearRows[k] = r;
    }
  }

  // Each `try…` compares a column's splits with the best so far and tells whether the column is constant in the node.
  // The gain of a split, up to a factor that all share, is (left sum − left weight × mean)² / (left weight × right weight);
  // fractions are compared by cross-multiplication.

  private tryCoarse(column: number, g: number, size: number, mean: number, weight: number): boolean {
    const { nearBins, nearStat, codeSum, codeWeight } = this;
    const { bins, binStart } = this.data;
    const first = bins[nearBins[0] + g];
    let at = 1;
    while (at < size && bins[nearBins[at] + g] === first) at++;
    if (at === size) return true;
    const base = binStart[g];
    let present = 0;
    for (let k = 0; k < size; k++) {
      const code = bins[nearBins[k] + g] - base;
      const bit = 1 << code;
      if ((present & bit) === 0) {
        present |= bit;
        codeSum[code] = nearStat[2 * k];
        codeWeight[code] = nearStat[2 * k + 1];
      } else {
        codeSum[code] += nearStat[2 * k];
        codeWeight[code] += nearStat[2 * k + 1];
      }
    }
    let { bestNum, bestDen } = this;
    let leftSum = 0;
    let leftWeight = 0;
    let low = 31 - Math.clz32(present & -present);
    for (;;) {
      leftSum += codeSum[low];
      leftWeight += codeWeight[low];
      present &= present - 1;
      if (present === 0) break;
      const high = 31 - Math.clz32(present & -present);
      const d = leftSum - leftWeight * mean;
      const den = leftWeight * (weight - leftWeight);
      if (d * d * bestDen > bestNum * den) {
        bestNum = d * d * EXCEEDS;
        bestDen = den;
        this.bestColumn = column;
        this.bestLow = low;
        this.bestHigh = high;
      }
      low = high;
    }
    this.bestNum = bestNum;
    this.bestDen = bestDen;
    return false;
  }

  private tryCounted(column: number, g: number, histogram: Float64Array, mean: number, weight: number): boolean {
    const { binStart } = this.data;
    const base = binStart[g];
    const end = binStart[g + 1];
    let { bestNum, bestDen } = this;
    let leftSum = 0;
    let leftWeight = 0;
    let low = -1;
    for (let b = base; b < end; b++) {
      const here = histogram[2 * b + 1];
      if (here === 0) continue;
      if (low >= 0) {
        const d = leftSum - leftWeight * mean;
        const den = leftWeight * (weight - leftWeight);
        if (d * d * bestDen > bestNum * den) {
          bestNum = d * d * EXCEEDS;
          bestDen = den;
          this.bestColumn = column;
          this.bestLow = low - base;
          this.bestHigh = b - base;
        }
      } else if (here === weight) return true;
      leftSum += histogram[2 * b];
      leftWeight += here;
      low = b;
    }
    this.bestNum = bestNum;
    this.bestDen = bestDen;
    return false;
  }

  private tryFine(column: number, g: number, size: number, mean: number, weight: number): boolean {
    const { nearRows, nearStat, nearKeys: keys } = this;
    const { ranks, rowCount, coarseCount } = this.data;
    const offset = (g - coarseCount) * rowCount;
    for (let k = 0; k < size; k++) {
      const key = ranks[offset + nearRows[k]] * 64 + k;
      let j = k - 1;
      while (j >= 0 && keys[j] > key) {
        keys[j + 1] = keys[j];
        j--;
      }
      keys[j + 1] = key;
    }
    if (keys[0] >> 6 === keys[size - 1] >> 6) return true;
    const { minSamplesLeaf } = this.settings;
    let { bestNum, bestDen } = this;
    let leftSum = 0;
    let leftWeight = 0;
    for (let k = 0; k + 1 < size; k++) {
      const near = keys[k] & 63;
      leftSum += nearStat[2 * near];
      leftWeight += nearStat[2 * near + 1];
      const low = keys[k] >> 6;
      const high = keys[k + 1] >> 6;
      if (low === high || k + 1 < minSamplesLeaf || size - k - 1 < minSamplesLeaf) continue;
      const d = leftSum - leftWeight * mean;
      const den = leftWeight * (weight - leftWeight);
      if (d * d * bestDen > bestNum * den) {
        bestNum = d * d * EXCEEDS;
        bestDen = den;
        this.bestColumn = column;
        this.bestLow = low;
        this.bestHigh = high;
      }
    }
    this.bestNum = bestNum;
    this.bestDen = bestDen;
    return false;
  }

  private tryListed(column: number, g: number, start: number, end: number, mean: number, weight: number): boolean {
    const { lists, stat } = this;
    const { ranks, rowCount, coarseCount } = this.data;
    const offset = (g - coarseCount) * rowCount;
    let row = lists[offset + start];
    let low = ranks[offset + row];
    if (low === ranks[offset + lists[offset + end - 1]]) return true;
    const { minSamplesLeaf } = this.settings;
    const until = offset + end;
    let { bestNum, bestDen } = this;
    let leftSum = 0;
    let leftWeight = 0;
    for (let i = offset + start + 1; i < until; i++) {
      leftSum += stat[2 * row];
      leftWeight += stat[2 * row + 1];
      row = lists[i];
      const high = ranks[offset + row];
      if (high === low) continue;
      const d = leftSum - leftWeight * mean;
      const den = leftWeight * (weight - leftWeight);
      if (d * d * bestDen > bestNum * den) {
        if (i - offset - start >= minSamplesLeaf && until - i >= minSamplesLeaf) {
          bestNum = d * d * EXCEEDS;
          bestDen = den;
          this.bestColumn = column;
          this.bestLow = low;
          this.bestHigh = high;
        }
      }
      low = high;
    }
    this.bestNum = bestNum;
    this.bestDen = bestDen;
    return false;
  }
}
