import type { FeatureTable } from '../../base/table.js';
import { encodeRows, type ThresholdCodes } from './threshold-codes.js';
import type { Tree } from './tree.js';

/**
 * Shallow trees as complete ones: node `i` (the root is 1) has the children `2i` and `2i + 1`, so that a step needs one
 * number of the node, and every row takes as many steps as the tree is deep. Leaves higher up are repeated below.
 */
export interface Heaps {
  readonly codes: ThresholdCodes;
  readonly depths: Uint8Array;
  /** Where each tree's node 0, which is none, would stand. */
  readonly firstNode: Int32Array;
  /** The column's slot in the upper 16 bits, the threshold's code in the lower. */
  readonly nodes: Int32Array;
  /** Each tree's 2^depth leaves, from the left, start at its `firstNode`. */
  readonly leaves: Float64Array;
}

/** Deeper trees would have more repeated leaves than own ones. */
const DEEPEST = 8;
/** The slot has 15 bits, so that a node is never negative. */
const MOST_SLOTS = 32768;
/** A code that no row's is above: all go left. */
const STAY = 0xffff;
/** Rows encoded at a time, a power of two: what a tree asks of them stays in the nearest cache. */
const BLOCK_SHIFT = 8;
const BLOCK = 1 << BLOCK_SHIFT;
/** From a node to the place of its slot's codes: `slot << BLOCK_SHIFT`. */
const TO_CODES = 16 - BLOCK_SHIFT;
const SLOT = ~(BLOCK - 1);

/** Trees as heaps; undefined where one is too deep, or there are too many columns or thresholds. */
export function heapsOf(
  trees: readonly Tree[],
  codes: ThresholdCodes,
  codeOf: (tree: Tree, node: number) => number,
): Heaps | undefined {
  if (!codes.small || codes.width > MOST_SLOTS) return undefined;
  const depths = Uint8Array.from(trees, (tree) => Math.min(DEEPEST + 1, depthOf(tree, 0, 0)));
  if (depths.some((depth) => depth > DEEPEST)) return undefined;
  const firstNode = new Int32Array(trees.length);
  let size = 0;
  depths.forEach((depth, t) => {
    firstNode[t] = size;
    size += 1 << depth;
  });
  const nodes = new Int32Array(size);
  const leaves = new Float64Array(size);
  trees.forEach((tree, t) => {
    const put = (node: number, place: number, depth: number): void => {
      const leaf = tree.feature[node] < 0;
      if (depth === depths[t]) {
        leaves[firstNode[t] + place - (1 << depth)] = tree.value[node];
        return;
      }
      nodes[firstNode[t] + place] = leaf ? STAY : (codes.slots[tree.feature[node]] << 16) | codeOf(tree, node);
      put(leaf ? node : tree.left[node], 2 * place, depth + 1);
      put(leaf ? node : tree.left[node] + 1, 2 * place + 1, depth + 1);
    };
    put(0, 1, 0);
  });
  return { codes, depths, firstNode, nodes, leaves };
}

function depthOf(tree: Tree, node: number, depth: number): number {
  if (tree.feature[node] < 0 || depth > DEEPEST) return depth;
  const left = tree.left[node];
  return Math.max(depthOf(tree, left, depth + 1), depthOf(tree, left + 1, depth + 1));
}

/** For each row, the sum of all trees' predictions, in the trees' order. */
export function sumOfHeaps(heaps: Heaps, x: FeatureTable): Float64Array {
  const sums = new Float64Array(x.rowCount);
  const codes = new Uint16Array(heaps.codes.width << BLOCK_SHIFT);
  const block = { codes, rowStep: 1, slotStep: BLOCK };
  for (let start = 0; start < x.rowCount; start += BLOCK) {
    const rows = Math.min(BLOCK, x.rowCount - start);
    encodeRows(heaps.codes, x, start, rows, block);
    for (let t = 0; t < heaps.depths.length; t++) descend(heaps, t, codes, rows, sums, start);
  }
  return sums;
}

function descend(heaps: Heaps, t: number, codes: Uint16Array, rows: number, sums: Float64Array, start: number): void {
  const { nodes, leaves } = heaps;
  const depth = heaps.depths[t];
  const first = heaps.firstNode[t];
  const firstLeaf = first - (1 << depth);
  let r = 0;
  // Four rows side by side: each step waits for memory, and not for the other rows.
  for (; r + 4 <= rows; r += 4) {
    let a = 1;
    let b = 1;
    let c = 1;
    let d = 1;
    for (let level = 0; level < depth; level++) {
      const nodeA = nodes[first + a];
      const nodeB = nodes[first + b];
      const nodeC = nodes[first + c];
      const nodeD = nodes[first + d];
      a = (a << 1) | (((nodeA & 0xffff) - codes[((nodeA >> TO_CODES) & SLOT) + r]) >>> 31);
      b = (b << 1) | (((nodeB & 0xffff) - codes[((nodeB >> TO_CODES) & SLOT) + r + 1]) >>> 31);
      c = (c << 1) | (((nodeC & 0xffff) - codes[((nodeC >> TO_CODES) & SLOT) + r + 2]) >>> 31);
      d = (d << 1) | (((nodeD & 0xffff) - codes[((nodeD >> TO_CODES) & SLOT) + r + 3]) >>> 31);
    }
    sums[start + r] += leaves[firstLeaf + a];
    sums[start + r + 1] += leaves[firstLeaf + b];
    sums[start + r + 2] += leaves[firstLeaf + c];
    sums[start + r + 3] += leaves[firstLeaf + d];
  }
  for (; r < rows; r++) {
    let at = 1;
    for (let level = 0; level < depth; level++) {
      const node = nodes[first + at];
      at = (at << 1) | (((node & 0xffff) - codes[((node >> TO_CODES) & SLOT) + r]) >>> 31);
    }
    sums[start + r] += leaves[firstLeaf + at];
  }
}
