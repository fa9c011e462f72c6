import { UnsupportedError } from '../base/errors.js';
import type { Tree } from '../models/trees/tree.js';

/** A leaf with the different columns that its path asks for, and what each asks: low < value <= high. */
export interface LeafPath {
  readonly value: number;
  readonly columns: Int32Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Of the training rows that came to the splits that ask a column, the part that went the leaf's way. */
  readonly share: Float64Array;
}

interface Condition {
  readonly column: number;
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

/** Conditions that have a bit in one number. */
const MOST_COLUMNS = 30;

/** A tree's leaves, left to right. @throws UnsupportedError when a path asks for more than 30 columns. */
export function leafPaths({ feature, value, left, cover }: Tree): LeafPath[] {
  const leaves: LeafPath[] = [];
  const walk = (node: number, path: readonly Condition[]): void => {
    if (feature[node] < 0) {
      if (path.length > MOST_COLUMNS) {
        const fix = 'Grow the trees with a bounded maxDepth, or use treeShap.';
        throw new UnsupportedError(`interactions along a path that asks for ${path.length} columns`, fix);
      }
      leaves.push({
        value: value[node],
        columns: Int32Array.from(path, (c) => c.column),
        low: Float64Array.from(path, (c) => c.low),
        high: Float64Array.from(path, (c) => c.high),
        share: Float64Array.from(path, (c) => c.share),
      });
      return;
    }
    const column = feature[node];
    const others = path.filter((c) => c.column !== column);
    const before = path.find((c) => c.column === column) ?? {
      column,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
      share: 1,
    };
    const child = left[node];
    const share = (of: number): number => before.share * (cover[of] / cover[node]);
    walk(child, [...others, { ...before, high: Math.min(before.high, value[node]), share: share(child) }]);
    walk(child + 1, [...others, { ...before, low: Math.max(before.low, value[node]), share: share(child + 1) }]);
  };
  walk(0, []);
  return leaves;
}
