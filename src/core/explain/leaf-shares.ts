import type { LeafPaths } from './leaf-paths.js';

/** Up to this many conditions a leaf's answers are kept by pattern; beyond, each row is worked out by itself. */
const TABLE = 12;

/** Adds what the leaves of a tree give to each column of each row; its buffers are used again from leaf to leaf. */
export class LeafShares {
  private readonly patterns: Int32Array;
  private readonly slotOf = new Int32Array(1 << TABLE);
  private readonly kept: Float64Array;
  private readonly met: Uint8Array;
  private readonly product: Float64Array;
  private readonly out: Float64Array;
  private readonly weights: (Float64Array | undefined)[] = [];

  /**
   * @param longest the most conditions of any leaf.
   * @param blockRows how many rows come at a time.
   */
  constructor(
    longest: number,
    private readonly blockRows: number,
  ) {
    this.patterns = new Int32Array(blockRows);
    this.kept = new Float64Array(Math.min(blockRows, 1 << TABLE) * TABLE);
    this.met = new Uint8Array(longest);
    this.product = new Float64Array(longest + 1);
    this.out = new Float64Array(longest);
  }

  /**
   * @param cells column-major, columns × blockRows: the values of `rows` rows.
   * @param shares the same shape: receives each column's Shapley values, times `treeWeight`.
   */
  add(paths: LeafPaths, cells: Float64Array, shares: Float64Array, rows: number, treeWeight: number): void {
    for (let leaf = 0; leaf < paths.leafCount; leaf++) {
      const value = treeWeight * paths.value[leaf];
      if (paths.start[leaf + 1] - paths.start[leaf] <= TABLE) this.addByPattern(paths, leaf, cells, shares, rows, value);
      else this.addByRow(paths, leaf, cells, shares, rows, value);
    }
  }

  private addByPattern(
    paths: LeafPaths,
    leaf: number,
    cells: Float64Array,
    shares: Float64Array,
    rows: number,
    value: number,
  ): void {
    const { patterns, slotOf, kept, met, out, blockRows } = this;
    const first = paths.start[leaf];
    const count = paths.start[leaf + 1] - first;
    patterns.fill(0, 0, rows);
    for (let i = 0; i < count; i++) {
      const above = paths.above[first + i];
      const upTo = paths.upTo[first + i];
      const offset = paths.column[first + i] * blockRows;
      const bit = 1 << i;
      for (let r = 0; r < rows; r++) {
        const cell = cells[offset + r];
        if (above < cell && cell <= upTo) patterns[r] |= bit;
      }
    }
    slotOf.fill(-1, 0, 1 << count);
    let slots = 0;
    for (let r = 0; r < rows; r++) {
      const pattern = patterns[r];
      let slot = slotOf[pattern];
      if (slot < 0) {
        for (let i = 0; i < count; i++) met[i] = (pattern >> i) & 1;
        this.workOut(paths, first, count, value);
        slot = slots;
        slots += count;
        for (let i = 0; i < count; i++) kept[slot + i] = out[i];
        slotOf[pattern] = slot;
      }
      patterns[r] = slot;
    }
    for (let i = 0; i < count; i++) {
      const offset = paths.column[first + i] * blockRows;
      for (let r = 0; r < rows; r++) shares[offset + r] += kept[patterns[r] + i];
    }
  }

  private addByRow(paths: LeafPaths, leaf: number, cells: Float64Array, shares: Float64Array, rows: number, value: number): void {
    const { met, out, blockRows } = this;
    const first = paths.start[leaf];
    const count = paths.start[leaf + 1] - first;
    for (let r = 0; r < rows; r++) {
      for (let i = 0; i < count; i++) {
        const cell = cells[paths.column[first + i] * blockRows + r];
        met[i] = paths.above[first + i] < cell && cell <= paths.upTo[first + i] ? 1 : 0;
      }
      this.workOut(paths, first, count, value);
      for (let i = 0; i < count; i++) shares[paths.column[first + i] * blockRows + r] += out[i];
    }
  }

  /**
   * The Shapley values of one leaf's game, where a set S of known columns is worth value × Π over S of met × Π over the
   * others of share. Over the met conditions alone, the coefficients of Π (share + t) sum the games by size of S; a
   * met column's own factor is divided out again; a column not met makes the same difference whichever it is.
   */
  private workOut(paths: LeafPaths, first: number, count: number, value: number): void {
    const { met, product, out } = this;
    const { share } = paths;
    const weights = this.weightsOf(count);
    let degree = 0;
    let scale = value;
    product[0] = 1;
    for (let i = 0; i < count; i++) {
      const z = share[first + i];
      if (met[i] === 0) {
        scale *= z;
        continue;
      }
      product[degree + 1] = product[degree];
      for (let k = degree; k > 0; k--) product[k] = product[k] * z + product[k - 1];
      product[0] *= z;
      degree++;
    }
    let whole = 0;
    if (degree < count) for (let k = 0; k <= degree; k++) whole += weights[k] * product[k];
    const notMet = -scale * whole;
    for (let i = 0; i < count; i++) {
      if (met[i] === 0) {
        out[i] = notMet;
        continue;
      }
      const z = share[first + i];
      let coefficient = product[degree];
      let sum = weights[degree - 1] * coefficient;
      for (let k = degree - 1; k > 0; k--) {
        coefficient = product[k] - z * coefficient;
        sum += weights[k - 1] * coefficient;
      }
      out[i] = scale * (1 - z) * sum;
    }
  }

  /** k! (count − 1 − k)! / count!, for k = 0 .. count − 1. */
  private weightsOf(count: number): Float64Array {
    const known = this.weights[count];
    if (known !== undefined) return known;
    const weights = new Float64Array(count);
    let weight = 1 / count;
    for (let k = 0; k < count; k++) {
      weights[k] = weight;
      weight *= (k + 1) / (count - 1 - k);
    }
    this.weights[count] = weights;
    return weights;
  }
}
