import type { Tree } from '../models/trees/tree.js';

/**
 * A tree as its leaves' conditions. Leaf `l` owns the places `start[l] .. start[l + 1]`, one for each different column
 * on its path: a row meets the condition when `above < value <= upTo`, and `share` of the training rows that came to
 * the column's splits went the leaf's way.
 */
export interface LeafPaths {
  readonly leafCount: number;
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly above: Float64Array;
  readonly upTo: Float64Array;
  readonly share: Float64Array;
  /** The leaf's prediction. */
  readonly value: Float64Array;
  /** Mean prediction over the training rows. */
  readonly expected: number;
}

interface Condition {
  readonly column: number;
  readonly above: number;
  readonly upTo: number;
  readonly share: number;
}

export function leafPaths(tree: Tree): LeafPaths {
  const start: number[] = [0];
  const conditions: Condition[] = [];
  const value: number[] = [];
  let expected = 0;
  const waiting: { readonly node: number; readonly path: readonly Condition[] }[] = [{ node: 0, path: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, path } = next;
    const column = tree.feature[node];
    if (column < 0) {
      conditions.push(...path);
      start.push(conditions.length);
      value.push(tree.value[node]);
      expected += path.reduce((product, { share }) => product * share, tree.value[node]);
      continue;
    }
    const threshold = tree.value[node];
    const earlier = path.find((condition) => condition.column === column);
    const others = path.filter((condition) => condition !== earlier);
    const { above, upTo, share } = earlier ?? { above: Number.NEGATIVE_INFINITY, upTo: Number.POSITIVE_INFINITY, share: 1 };
    const left = tree.left[node];
    const part = (child: number): number => (share * tree.cover[child]) / tree.cover[node];
    const low = { column, above, upTo: Math.min(upTo, threshold), share: part(left) };
    const high = { column, above: Math.max(above, threshold), upTo, share: part(left + 1) };
    waiting.push({ node: left + 1, path: [...others, high] }, { node: left, path: [...others, low] });
  }
  return {
    leafCount: value.length,
    start: Int32Array.from(start),
    column: Int32Array.from(conditions, (c) => c.column),
    above: Float64Array.from(conditions, (c) => c.above),
    upTo: Float64Array.from(conditions, (c) => c.upTo),
    share: Float64Array.from(conditions, (c) => c.share),
    value: Float64Array.from(value),
    expected,
  };
}
