import type { ColumnValues, FeatureTable } from '../../base/table.js';
import type { Tree } from './tree.js';

/**
 * Trees prepared for many rows. A value is replaced by the number of its column's thresholds below it, once a row; a
 * node then compares two small integers, without a branch, and four rows go down side by side.
 */
export interface Traversal {
  /** The columns that are asked at all, and the thresholds of each, ascending. */
  readonly columns: Int32Array;
  readonly thresholds: readonly Float64Array[];
  /**
   * Three numbers a node: [column slot, threshold code, offset of the left child], the right child after the left.
   * A leaf points at itself, and its code is `LEAF` + its place in `leafValues`, above every row's code.
   */
  readonly nodes: Int32Array;
  readonly roots: Int32Array;
  readonly leafValues: Float64Array;
}

const LEAF = 0x40000000;
const NODE = 3;
/** Rows encoded at a time: enough that a large forest is walked through few times, few enough that their codes stay in the cache. */
const BLOCK_BYTES = 1 << 20;

export function traversal(trees: readonly Tree[], columnCount: number): Traversal {
  const asked: number[][] = Array.from({ length: columnCount }, () => []);
  for (const tree of trees) {
    for (let i = 0; i < tree.feature.length; i++) if (tree.feature[i] >= 0) asked[tree.feature[i]].push(tree.value[i]);
  }
  const columns = Int32Array.from(asked.keys()).filter((c) => asked[c].length > 0);
  const thresholds = Array.from(columns, (c) => distinct(Float64Array.from(asked[c]).sort()));
  const slots = new Int32Array(columnCount);
  columns.forEach((c, slot) => {
    slots[c] = slot;
  });

  const nodeCount = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const nodes = new Int32Array(NODE * nodeCount);
  const roots = new Int32Array(trees.length);
  const leafValues: number[] = [];
  let first = 0;
  trees.forEach((tree, t) => {
    roots[t] = NODE * first;
    for (let i = 0; i < tree.feature.length; i++) {
      const at = NODE * (first + i);
      if (tree.feature[i] < 0) {
        nodes[at + 1] = LEAF + leafValues.push(tree.value[i]) - 1;
        nodes[at + 2] = at;
      } else {
        const slot = slots[tree.feature[i]];
        nodes[at] = slot;
        nodes[at + 1] = countBelow(thresholds[slot], tree.value[i]);
        nodes[at + 2] = NODE * (first + tree.left[i]);
      }
    }
    first += tree.feature.length;
  });
  return { columns, thresholds, nodes, roots, leafValues: Float64Array.from(leafValues) };
}

/** For each row, the sum of all trees' predictions. The table's columns are already checked. */
export function sumOfTrees(prepared: Traversal, x: FeatureTable): Float64Array {
  const { columns, thresholds, roots } = prepared;
  const sums = new Float64Array(x.rowCount);
  const slots = Math.max(1, columns.length);
  const small = thresholds.every((t) => t.length < 65536);
  const blockRows = Math.max(16, Math.min(8192, Math.floor(BLOCK_BYTES / (slots * (small ? 2 : 4)))));
  const codes = small ? new Uint16Array(blockRows * slots) : new Int32Array(blockRows * slots);
  for (let start = 0; start < x.rowCount; start += blockRows) {
    const rows = Math.min(blockRows, x.rowCount - start);
    for (let slot = 0; slot < columns.length; slot++) {
      encodeColumn(x.values[columns[slot]], start, rows, thresholds[slot], codes, slot, slots);
    }
    for (let t = 0; t < roots.length; t++) descend(prepared, roots[t], codes, slots, rows, sums, start);
  }
  return sums;
}

function encodeColumn(
  values: ColumnValues,
  start: number,
  rows: number,
  thresholds: Float64Array,
  codes: Uint16Array | Int32Array,
  slot: number,
  slots: number,
): void {
  const count = thresholds.length;
  if (count <= 8) {
    for (let r = 0, to = slot; r < rows; r++, to += slots) {
      const value = values[start + r];
      let code = 0;
      while (code < count && thresholds[code] < value) code++;
      codes[to] = code;
    }
  } else {
    for (let r = 0, to = slot; r < rows; r++, to += slots) codes[to] = countBelow(thresholds, values[start + r]);
  }
}

function descend(
  prepared: Traversal,
  root: number,
  codes: Uint16Array | Int32Array,
  slots: number,
  rows: number,
  sums: Float64Array,
  start: number,
): void {
  const { nodes, leafValues } = prepared;
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const row0 = r * slots;
    const row1 = row0 + slots;
    const row2 = row1 + slots;
    const row3 = row2 + slots;
    let a = root;
    let b = root;
    let c = root;
    let d = root;
    for (;;) {
      const nextA = nodes[a + 2] + (((nodes[a + 1] - codes[row0 + nodes[a]]) >> 31) & NODE);
      const nextB = nodes[b + 2] + (((nodes[b + 1] - codes[row1 + nodes[b]]) >> 31) & NODE);
      const nextC = nodes[c + 2] + (((nodes[c + 1] - codes[row2 + nodes[c]]) >> 31) & NODE);
      const nextD = nodes[d + 2] + (((nodes[d + 1] - codes[row3 + nodes[d]]) >> 31) & NODE);
      if (((a ^ nextA) | (b ^ nextB) | (c ^ nextC) | (d ^ nextD)) === 0) break;
      a = nextA;
      b = nextB;
      c = nextC;
      d = nextD;
    }
    sums[start + r] += leafValues[nodes[a + 1] - LEAF];
    sums[start + r + 1] += leafValues[nodes[b + 1] - LEAF];
    sums[start + r + 2] += leafValues[nodes[c + 1] - LEAF];
    sums[start + r + 3] += leafValues[nodes[d + 1] - LEAF];
  }
  for (; r < rows; r++) {
    let at = root;
    while (nodes[at + 2] !== at) at = nodes[at + 2] + (((nodes[at + 1] - codes[r * slots + nodes[at]]) >> 31) & NODE);
    sums[start + r] += leafValues[nodes[at + 1] - LEAF];
  }
}

/** How many of the ascending thresholds are below a value. */
export function countBelow(thresholds: Float64Array, value: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (thresholds[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Each value of an ascending list once. */
export function distinct(ascending: Float64Array): Float64Array {
  return ascending.filter((value, i) => i === 0 || value !== ascending[i - 1]);
}
