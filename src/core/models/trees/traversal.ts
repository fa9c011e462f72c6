import type { FeatureTable } from '../../base/table.js';
import { type Heaps, heapsOf, sumOfHeaps } from './heaps.js';
import { countBelow, encodeRows, type ThresholdCodes, thresholdCodes } from './threshold-codes.js';
import type { Tree } from './tree.js';

/** Trees prepared for many rows: as heaps where all are shallow, else with their nodes linked. */
export type Traversal = Heaps | LinkedNodes;

/** A node compares two codes without a branch, and four rows go down side by side. */
interface LinkedNodes {
  readonly codes: ThresholdCodes;
  /**
   * Three numbers a node: [column slot, threshold code, offset of the left child], the right child after the left.
   * A leaf points at itself, and its code is `LEAF` + its place in `leafValues`, above every row's code.
   */
  readonly links: Int32Array;
  readonly roots: Int32Array;
  readonly leafValues: Float64Array;
}

const LEAF = 0x40000000;
const NODE = 3;
/** Rows encoded at a time: enough that a large forest is walked through few times, few enough that their codes stay in the cache. */
const BLOCK_BYTES = 1 << 20;

export function traversal(trees: readonly Tree[], columnCount: number): Traversal {
  const codes = thresholdCodes(trees, columnCount);
  const codeOf = (tree: Tree, node: number): number =>
    countBelow(codes.thresholds[codes.slots[tree.feature[node]]], tree.value[node]);
  return heapsOf(trees, codes, codeOf) ?? linkedNodes(trees, codes, codeOf);
}

/** For each row, the sum of all trees' predictions. The table's columns are already checked. */
export function sumOfTrees(prepared: Traversal, x: FeatureTable): Float64Array {
  return 'links' in prepared ? sumOfLinked(prepared, x) : sumOfHeaps(prepared, x);
}

function linkedNodes(trees: readonly Tree[], codes: ThresholdCodes, codeOf: (tree: Tree, node: number) => number): LinkedNodes {
  const nodeCount = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const links = new Int32Array(NODE * nodeCount);
  const roots = new Int32Array(trees.length);
  const leafValues: number[] = [];
  let first = 0;
  trees.forEach((tree, t) => {
    roots[t] = NODE * first;
    for (let i = 0; i < tree.feature.length; i++) {
      const at = NODE * (first + i);
      if (tree.feature[i] < 0) {
        links[at + 1] = LEAF + leafValues.push(tree.value[i]) - 1;
        links[at + 2] = at;
      } else {
        links[at] = codes.slots[tree.feature[i]];
        links[at + 1] = codeOf(tree, i);
        links[at + 2] = NODE * (first + tree.left[i]);
      }
    }
    first += tree.feature.length;
  });
  return { codes, links, roots, leafValues: Float64Array.from(leafValues) };
}

function sumOfLinked(prepared: LinkedNodes, x: FeatureTable): Float64Array {
  const sums = new Float64Array(x.rowCount);
  const { width, small } = prepared.codes;
  const most = Math.max(16, Math.min(8192, Math.floor(BLOCK_BYTES / (width * (small ? 2 : 4)))));
  const codes = small ? new Uint16Array(most * width) : new Int32Array(most * width);
  const block = { codes, rowStep: width, slotStep: 1 };
  for (let start = 0; start < x.rowCount; start += most) {
    const rows = Math.min(most, x.rowCount - start);
    encodeRows(prepared.codes, x, start, rows, block);
    for (const root of prepared.roots) descend(prepared, root, codes, rows, sums, start);
  }
  return sums;
}

function descend(
  prepared: LinkedNodes,
  root: number,
  codes: Uint16Array | Int32Array,
  rows: number,
  sums: Float64Array,
  start: number,
): void {
  const { links, leafValues } = prepared;
  const { width } = prepared.codes;
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const row0 = r * width;
    const row1 = row0 + width;
    const row2 = row1 + width;
    const row3 = row2 + width;
    let a = root;
    let b = root;
    let c = root;
    let d = root;
    for (;;) {
      const nextA = links[a + 2] + (((links[a + 1] - codes[row0 + links[a]]) >> 31) & NODE);
      const nextB = links[b + 2] + (((links[b + 1] - codes[row1 + links[b]]) >> 31) & NODE);
      const nextC = links[c + 2] + (((links[c + 1] - codes[row2 + links[c]]) >> 31) & NODE);
      const nextD = links[d + 2] + (((links[d + 1] - codes[row3 + links[d]]) >> 31) & NODE);
      if (((a ^ nextA) | (b ^ nextB) | (c ^ nextC) | (d ^ nextD)) === 0) break;
      a = nextA;
      b = nextB;
      c = nextC;
      d = nextD;
    }
    sums[start + r] += leafValues[links[a + 1] - LEAF];
    sums[start + r + 1] += leafValues[links[b + 1] - LEAF];
    sums[start + r + 2] += leafValues[links[c + 1] - LEAF];
    sums[start + r + 3] += leafValues[links[d + 1] - LEAF];
  }
  for (; r < rows; r++) {
    let at = root;
    while (links[at + 2] !== at) at = links[at + 2] + (((links[at + 1] - codes[r * width + links[at]]) >> 31) & NODE);
    sums[start + r] += leafValues[links[at + 1] - LEAF];
  }
}
