import type { Tree } from '../../../src/core/models/trees/tree.js';

/** Longest way from the root to a leaf, in edges. */
export function treeDepth(tree: Tree): number {
  const depth = new Int32Array(tree.feature.length);
  let deepest = 0;
  for (let i = 0; i < depth.length; i++) {
    deepest = Math.max(deepest, depth[i]);
    if (tree.feature[i] < 0) continue;
    depth[tree.left[i]] = depth[i] + 1;
    depth[tree.left[i] + 1] = depth[i] + 1;
  }
  return deepest;
}
