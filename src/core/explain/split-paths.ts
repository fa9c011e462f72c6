import type { Tree } from '../models/trees/tree.js';

/**
 * A tree as its splits, each before those below it. A split's path asks about different columns, in order: those of the
 * splits above it (a column that is asked again moves to the end), last the split's own. Thresholds are places in the
 * ascending list of their column's thresholds, and a row's code in a column is how many of these are below its value: it
 * goes left when code <= place. Of the training rows that came to the splits that ask a column, `share` went the path's way.
 */
export interface SplitPaths {
  readonly splitCount: number;
  /** Edges from the root. */
  readonly depth: Int32Array;
  readonly column: Int32Array;
  readonly place: Int32Array;
  /** Which child of its parent the split is: `LEFT` or `RIGHT`. */
  readonly side: Uint8Array;
  /** Where the split's column stands on its parent's path, when it was asked before; else −1. */
  readonly earlier: Int32Array;
  /** Shares of the split's column in its two children. */
  readonly leftShare: Float64Array;
  readonly rightShare: Float64Array;
  /** Predictions of the children that are leaves; 0 for others. */
  readonly leftValue: Float64Array;
  readonly rightValue: Float64Array;
  readonly hasLeaf: Uint8Array;
  /** Split `s` owns the places `start[s] .. start[s + 1]`: the other columns on its path, with their shares. */
  readonly start: Int32Array;
  readonly otherColumn: Int32Array;
  readonly otherShare: Float64Array;
  /** The most different columns on a path, and the most splits. */
  readonly mostColumns: number;
  readonly mostSplits: number;
  /** Mean prediction over the training rows. */
  readonly expected: number;
}

export const LEFT = 1;
export const RIGHT = 2;

interface Asked {
  readonly column: number;
  readonly share: number;
}

interface Split {
  readonly depth: number;
  readonly column: number;
  readonly place: number;
  readonly side: number;
  readonly earlier: number;
  readonly leftShare: number;
  readonly rightShare: number;
  readonly leftValue: number;
  readonly rightValue: number;
  readonly hasLeaf: boolean;
}

interface Waiting {
  readonly node: number;
  readonly depth: number;
  readonly side: number;
  readonly path: readonly Asked[];
}

/** @param placeOf the place of a threshold among its column's. */
export function splitPaths(tree: Tree, placeOf: (column: number, threshold: number) => number): SplitPaths {
  const { feature, value, left: leftOf, cover } = tree;
  const splits: Split[] = [];
  const start: number[] = [0];
  const asked: Asked[] = [];
  let mostColumns = 0;
  let expected = feature[0] < 0 ? value[0] : 0;
  const waiting: Waiting[] = feature[0] < 0 ? [] : [{ node: 0, depth: 0, side: LEFT, path: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, depth, side, path } = next;
    const column = feature[node];
    const earlier = path.findIndex((other) => other.column === column);
    const share = earlier < 0 ? 1 : path[earlier].share;
    const others = path.filter((_, i) => i !== earlier);
    const left = leftOf[node];
    const right = left + 1;
    const leftShare = (share * cover[left]) / cover[node];
    const rightShare = (share * cover[right]) / cover[node];
    const leftValue = feature[left] < 0 ? value[left] : 0;
    const rightValue = feature[right] < 0 ? value[right] : 0;
    const hasLeaf = feature[left] < 0 || feature[right] < 0;
    const place = placeOf(column, value[node]);
    splits.push({ depth, column, place, side, earlier, leftShare, rightShare, leftValue, rightValue, hasLeaf });
    asked.push(...others);
    start.push(asked.length);
    mostColumns = Math.max(mostColumns, others.length + 1);
    expected += others.reduce((product, other) => product * other.share, leftShare * leftValue + rightShare * rightValue);
    const child = (node: number, side: number, share: number): Waiting => ({
      node,
      depth: depth + 1,
      side,
      path: [...others, { column, share }],
    });
    if (feature[right] >= 0) waiting.push(child(right, RIGHT, rightShare));
    if (feature[left] >= 0) waiting.push(child(left, LEFT, leftShare));
  }
  return {
    splitCount: splits.length,
    depth: Int32Array.from(splits, (s) => s.depth),
    column: Int32Array.from(splits, (s) => s.column),
    place: Int32Array.from(splits, (s) => s.place),
    side: Uint8Array.from(splits, (s) => s.side),
    earlier: Int32Array.from(splits, (s) => s.earlier),
    leftShare: Float64Array.from(splits, (s) => s.leftShare),
    rightShare: Float64Array.from(splits, (s) => s.rightShare),
    leftValue: Float64Array.from(splits, (s) => s.leftValue),
    rightValue: Float64Array.from(splits, (s) => s.rightValue),
    hasLeaf: Uint8Array.from(splits, (s) => (s.hasLeaf ? 1 : 0)),
    start: Int32Array.from(start),
    otherColumn: Int32Array.from(asked, (other) => other.column),
    otherShare: Float64Array.from(asked, (other) => other.share),
    mostColumns,
    mostSplits: splits.reduce((most, s) => Math.max(most, s.depth + 1), 0),
    expected,
  };
}
