/** One numerical algorithm, kept together for speed: growing a regression tree whose thresholds are drawn at random. */
import type { Rng } from '../../base/rng.js';
import { GrowingTree } from './growing-tree.js';
import type { GrowthSettings } from './growth-settings.js';
import type { TrainingRows } from './training-rows.js';
import type { Tree } from './tree.js';
import { TreeSample } from './tree-sample.js';

/** A gain must exceed the best by more than rounding. */
const EXCEEDS = 1 + 1e-12;
/** A gain within this share of the best conceivable one is that one, up to rounding. */
const REACHED = 1 - 1e-12;
/** In nodes of at most this many rows the best conceivable gain is often met, and the search ends there. */
const SMALL = 16;

/** Grows trees from one set of rows; its buffers are used again from tree to tree. */
export class RandomGrowth {
  private readonly sample: TreeSample;
  private readonly tree: GrowingTree;
  /** Of each row: weight × scaled target. */
  private readonly weighted: Float64Array;
  /** Columns in the order in which draws have left them; those still active in the node at hand come first. */
  private readonly order: Int32Array;
  private readonly maxVisits: number;
  /** Of each group in the node at hand (`stamp` says whether it was looked at): its least and greatest code. */
  private readonly stamp: Int32Array;
  private readonly least: Int32Array;
  private readonly greatest: Int32Array;
  /** Of each coarse code in the node at hand: [sum, weight, rows]. */
  private readonly counts: Float64Array;

  private bestColumn = -1;
  private bestCode = 0;
  private bestThreshold = 0;
  private bestNum = -1;
  private bestDen = 1;
  private stampNow = 0;
  private dice = 1;

  constructor(
    private readonly data: TrainingRows,
    private readonly settings: GrowthSettings,
  ) {
    const n = data.rowCount;
    const groups = data.coarseCount + data.fineCount;
    this.sample = new TreeSample(data, settings);
    this.tree = new GrowingTree(n);
    this.weighted = new Float64Array(n);
    this.order = new Int32Array(data.column.length);
    this.maxVisits = Math.max(1, Math.floor(settings.maxFeatures * data.columnCount));
    this.stamp = new Int32Array(groups).fill(-1);
    this.least = new Int32Array(groups);
    this.greatest = new Int32Array(groups);
    this.counts = new Float64Array(3 * data.binStart[data.coarseCount]);
  }

  /** One tree. Depends on `rng`'s path and the rows only, not on trees grown before. */
  grow(rng: Rng): Tree {
    const { sample, tree, weighted, order } = this;
    const count = sample.draw(rng);
    for (let r = 0; r < weighted.length; r++) weighted[r] = sample.weight[r] * this.data.scaled[r];
    this.dice = rng.int(4294967295) + 1;
    for (let i = 0; i < order.length; i++) order[i] = i;
    tree.plant();
    this.growNode(0, 0, count, 0, order.length);
    return tree.finished();
  }

  /** Goes into the smaller child first and on with the larger, so that the call stack stays within log2(rows). */
  private growNode(node: number, start: number, end: number, depth: number, active: number): void {
    const { sample, tree } = this;
    for (;;) {
      if (!sample.isLeaf(start, end, depth)) active = this.search(start, end, active);
      else this.bestColumn = -1;
      if (this.bestColumn < 0) {
        sample.makeLeaf(tree, node, start, end);
        return;
      }
      const middle = sample.split(tree, node, start, end, this.bestColumn, this.bestCode, this.bestThreshold);
      const left = tree.left[node];
      depth++;
      if (middle - start <= end - middle) {
        this.growNode(left, start, middle, depth, active);
        node = left + 1;
        start = middle;
      } else {
        this.growNode(left + 1, middle, end, depth, active);
        node = left;
        end = middle;
      }
    }
  }

  /**
   * Draws a threshold for columns in random order, and keeps the best. Columns found constant go behind the active ones.
   * Gives how many stay active.
   */
  private search(start: number, end: number, active: number): number {
    const { order, stamp, least, greatest, data, maxVisits, weighted } = this;
    const { rows, weight } = this.sample;
    const stampNow = ++this.stampNow;
    this.bestColumn = -1;
    this.bestNum = -1;
    this.bestDen = 1;
    let sum = 0;
    let total = 0;
    for (let i = start; i < end; i++) {
      sum += weighted[rows[i]];
      total += weight[rows[i]];
    }
    // Rows of a node are sorted by target: no split is better than the best cut of that order.
    let boundNum = Number.POSITIVE_INFINITY;
    let boundDen = 1;
    if (end - start <= SMALL) {
      boundNum = -1;
      let leftSum = 0;
      let leftWeight = 0;
      for (let i = start; i + 1 < end; i++) {
        leftSum += weighted[rows[i]];
        leftWeight += weight[rows[i]];
        const d = leftSum - (leftWeight * sum) / total;
        const den = leftWeight * (total - leftWeight);
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
    for (let i = 0; i < active; ) {
      if (limited) {
        if (visits >= maxVisits && found) break;
        visits++;
        if (Math.floor(this.draw() * (idle + active - i)) < idle) {
          idle--;
          continue;
        }
      }
      const j = i + Math.floor(this.draw() * (active - i));
      const c = order[j];
      order[j] = order[i];
      const g = data.group[c];
      if (stamp[g] !== stampNow) {
        stamp[g] = stampNow;
        if (g < data.coarseCount) this.countCodes(g, start, end);
        else this.rangeOfRanks(g, start, end);
      }
      if (least[g] === greatest[g]) {
        active--;
        order[i] = order[active];
        order[active] = c;
      } else {
        order[i] = c;
        found = true;
        i++;
        this.tryColumn(c, g, start, end, sum / total, total);
        if (this.bestNum * boundDen >= boundNum * this.bestDen) break;
      }
    }
    return active;
  }

  /** A number in [0, 1). */
  private draw(): number {
    let dice = this.dice;
    dice ^= dice << 13;
    dice ^= dice >>> 17;
    dice ^= dice << 5;
    this.dice = dice;
    // The low bits of one draw are those of the next; the product parts them.
    return (Math.imul(dice, 0x9e3779bb) >>> 0) / 4294967296;
  }

  private countCodes(g: number, start: number, end: number): void {
    const { weighted, counts } = this;
    const { rows, weight } = this.sample;
    const { bins, binStart, coarseCount } = this.data;
    counts.fill(0, 3 * binStart[g], 3 * binStart[g + 1]);
    let least = binStart[g + 1];
    let greatest = 0;
    for (let i = start; i < end; i++) {
      const r = rows[i];
      const code = bins[r * coarseCount + g];
      counts[3 * code] += weighted[r];
      counts[3 * code + 1] += weight[r];
      counts[3 * code + 2]++;
      if (code < least) least = code;
      if (code > greatest) greatest = code;
    }
    this.least[g] = least - binStart[g];
    this.greatest[g] = greatest - binStart[g];
  }

  private rangeOfRanks(g: number, start: number, end: number): void {
    const { rows } = this.sample;
    const { ranks, rowCount, coarseCount } = this.data;
    const offset = (g - coarseCount) * rowCount;
    let least = rowCount;
    let greatest = 0;
    for (let i = start; i < end; i++) {
      const code = ranks[offset + rows[i]];
      if (code < least) least = code;
      if (code > greatest) greatest = code;
    }
    this.least[g] = least;
    this.greatest[g] = greatest;
  }

  private tryColumn(column: number, g: number, start: number, end: number, mean: number, total: number): void {
    const { weighted, counts, least, greatest } = this;
    const { rows, weight } = this.sample;
    const { values, valueStart, coarseCount, binStart, ranks, rowCount } = this.data;
    const first = valueStart[column];
    const low = values[first + least[g]];
    const high = values[first + greatest[g]];
    const share = this.draw();
    // Sum of shares: the difference of two large numbers may overflow. Rounded up to the greatest, it would part nothing.
    const drawn = low * (1 - share) + high * share;
    const threshold = drawn < high ? Math.max(drawn, low) : low;
    const code = lastUpTo(values, first + least[g], first + greatest[g], threshold) - first;
    let leftSum = 0;
    let leftWeight = 0;
    let leftRows = 0;
    if (g < coarseCount) {
      for (let b = 3 * (binStart[g] + least[g]), until = 3 * (binStart[g] + code); b <= until; b += 3) {
        leftSum += counts[b];
        leftWeight += counts[b + 1];
        leftRows += counts[b + 2];
      }
    } else {
      const offset = (g - coarseCount) * rowCount;
      for (let i = start; i < end; i++) {
        const r = rows[i];
        if (ranks[offset + r] <= code) {
          leftSum += weighted[r];
          leftWeight += weight[r];
          leftRows++;
        }
      }
    }
    const { minSamplesLeaf } = this.settings;
    if (leftRows < minSamplesLeaf || end - start - leftRows < minSamplesLeaf) return;
    const d = leftSum - leftWeight * mean;
    const den = leftWeight * (total - leftWeight);
    if (d * d * this.bestDen > this.bestNum * den) {
      this.bestNum = d * d * EXCEEDS;
      this.bestDen = den;
      this.bestColumn = column;
      this.bestCode = code;
      this.bestThreshold = threshold;
    }
  }
}

/** The last place in `from .. to` whose value is at most `limit`; the value at `from` is. */
function lastUpTo(ascending: Float64Array, from: number, to: number, limit: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (ascending[middle] <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
