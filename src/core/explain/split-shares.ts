import { gaussLegendre } from './gauss-legendre.js';
import { LEFT, RIGHT, type SplitPaths } from './split-paths.js';

/** Classes that there is room for at first. */
const FEW = 256;

/**
 * Adds what the leaves of a tree give to each column of each row.
 *
 * Rows that answer every condition on a path alike make a class: a leaf gives the same to all of them. Classes are split
 * further from split to split on the way down, and the two leaves below a split are worked out together, once a class.
 */
export class SplitShares {
  /** By depth: the class of each row. */
  private readonly classes: Uint16Array[] = [];
  /**
   * By depth, classes × columns: for each column on the split's path, whether the class meets the path's conditions on it
   * (0 or 1); for the split's own, `LEFT` or `RIGHT` as it goes, or 0 when it has left the path by that column before.
   */
  private readonly answers: Uint8Array[] = [];
  private readonly classCounts: Int32Array;
  private readonly children: Int32Array;
  private readonly product: Float64Array;
  private readonly last: Float64Array;
  private readonly pull: Float64Array;
  private readonly factors: Float64Array;
  private readonly gains: Float64Array;
  private readonly given: Float64Array;

  /**
   * @param mostColumns the most different columns on a path of any tree.
   * @param mostSplits the most splits on one.
   * @param rows how many rows there are: up to 65,536.
   */
  constructor(
    private readonly mostColumns: number,
    mostSplits: number,
    private readonly rows: number,
  ) {
    const points = (mostColumns + 1) >> 1;
    for (let depth = 0; depth <= mostSplits; depth++) {
      this.classes.push(new Uint16Array(rows));
      this.answers.push(new Uint8Array(mostColumns * Math.min(rows, FEW)));
    }
    this.classCounts = new Int32Array(mostSplits + 1).fill(1);
    this.children = new Int32Array(2 * rows);
    this.product = new Float64Array(points);
    this.last = new Float64Array(3 * points);
    this.pull = new Float64Array(points);
    this.factors = new Float64Array(2 * mostColumns * points);
    this.gains = new Float64Array(mostColumns * points);
    this.given = new Float64Array(mostColumns * rows);
  }

  /**
   * Splits `from` .. `to` − 1 of a tree; all splits must come, in order.
   * @param codes column-major, columns × rows.
   * @param shares the same shape: receives each column's Shapley values, times `treeWeight`.
   */
  add(paths: SplitPaths, from: number, to: number, codes: Int32Array, shares: Float64Array, treeWeight: number): void {
    for (let split = from; split < to; split++) {
      this.refine(paths, split, codes);
      if (paths.hasLeaf[split] === 0) continue;
      this.workOut(paths, split, treeWeight);
      this.give(paths, split, shares);
    }
  }

  /** Parts each class by the split's answer, unless its rows have left the path by the same column before. */
  private refine(paths: SplitPaths, split: number, codes: Int32Array): void {
    const { children, rows } = this;
    const depth = paths.depth[split];
    const from = this.classes[depth];
    const to = this.classes[depth + 1];
    const offset = paths.column[split] * rows;
    const place = paths.place[split];
    children.fill(-1, 0, 2 * this.classCounts[depth]);
    let count = 0;
    for (let r = 0; r < rows; r++) {
      const key = 2 * from[r] + ((place - codes[offset + r]) >>> 31);
      let id = children[key];
      if (id < 0) {
        id = count++;
        children[key] = id;
        if (!this.answer(paths, split, key, id)) children[key ^ 1] = id;
      }
      to[r] = id;
    }
    this.classCounts[depth + 1] = count;
  }

  /** Writes the answers of a new class, from those of its parent: `key` is twice the parent, plus 1 where it goes right. */
  private answer(paths: SplitPaths, split: number, key: number, id: number): boolean {
    const depth = paths.depth[split];
    const others = paths.start[split + 1] - paths.start[split];
    const earlier = paths.earlier[split];
    const onPath = others + (earlier < 0 ? 0 : 1);
    const parent = this.answers[depth];
    let answers = this.answers[depth + 1];
    if ((id + 1) * this.mostColumns > answers.length) {
      // Deep down there are many splits and few classes: room is made as they come.
      answers = new Uint8Array(2 * answers.length);
      answers.set(this.answers[depth + 1]);
      this.answers[depth + 1] = answers;
    }
    const from = (key >> 1) * this.mostColumns;
    let at = id * this.mostColumns;
    let own = 1;
    for (let i = 0; i < onPath; i++) {
      const answer = parent[from + i];
      const met = i < onPath - 1 ? answer : answer === paths.side[split] ? 1 : 0;
      if (i === earlier) own = met;
      else answers[at++] = met;
    }
    answers[at] = own === 0 ? 0 : (key & 1) === 0 ? LEFT : RIGHT;
    return own === 1;
  }

  /**
   * The Shapley values of the leaves' games, where a set S of known columns is worth value × Π over S of met × Π over the
   * others of share: by Owen's integral over t of the game in which each column is known with probability t, so that a
   * column's factor is met × t + share × (1 − t). A polynomial with positive terms, summed up exactly at Gauss's points.
   */
  private workOut(paths: SplitPaths, split: number, treeWeight: number): void {
    const { product, last, pull, factors, gains, given, mostColumns, rows } = this;
    const first = paths.start[split];
    const count = paths.start[split + 1] - first;
    const { points, weights } = gaussLegendre((count + 2) >> 1);
    const size = points.length;
    const leftShare = paths.leftShare[split];
    const rightShare = paths.rightShare[split];
    const leftValue = treeWeight * paths.leftValue[split];
    const rightValue = treeWeight * paths.rightValue[split];
    const unknown = leftValue * leftShare + rightValue * rightShare;
    for (let q = 0; q < size; q++) {
      const t = points[q];
      pull[q] = 1 / (1 - t);
      last[q] = unknown * (1 - t);
      last[size + q] = leftValue * t + unknown * (1 - t);
      last[2 * size + q] = rightValue * t + unknown * (1 - t);
      for (let i = 0; i < count; i++) {
        const z = paths.otherShare[first + i];
        const factor = t + z * (1 - t);
        factors[2 * i * size + q] = z * (1 - t);
        factors[(2 * i + 1) * size + q] = factor;
        gains[i * size + q] = (1 - z) / factor;
      }
    }
    const depth = paths.depth[split] + 1;
    const answers = this.answers[depth];
    const classCount = this.classCounts[depth];
    for (let k = 0; k < classCount; k++) {
      const answer = k * mostColumns;
      for (let q = 0; q < size; q++) product[q] = weights[q];
      for (let i = 0; i < count; i++) {
        const at = (2 * i + answers[answer + i]) * size;
        for (let q = 0; q < size; q++) product[q] *= factors[at + q];
      }
      const way = answers[answer + count];
      let whole = 0;
      let notMet = 0;
      const end = way * size;
      for (let q = 0; q < size; q++) {
        whole += product[q];
        product[q] *= last[end + q];
        notMet -= product[q] * pull[q];
      }
      const known = way === 0 ? 0 : way === LEFT ? leftValue : rightValue;
      given[count * rows + k] = whole * (known - unknown);
      for (let i = 0; i < count; i++) {
        let sum = notMet;
        if (answers[answer + i] === 1) {
          sum = 0;
          const at = i * size;
          for (let q = 0; q < size; q++) sum += product[q] * gains[at + q];
        }
        given[i * rows + k] = sum;
      }
    }
  }

  private give(paths: SplitPaths, split: number, shares: Float64Array): void {
    const { given, rows } = this;
    const classOf = this.classes[paths.depth[split] + 1];
    const first = paths.start[split];
    const count = paths.start[split + 1] - first;
    for (let i = 0; i <= count; i++) {
      const offset = (i < count ? paths.otherColumn[first + i] : paths.column[split]) * rows;
      const from = i * rows;
      for (let r = 0; r < rows; r++) shares[offset + r] += given[from + classOf[r]];
    }
  }
}
