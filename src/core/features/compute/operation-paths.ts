import type { ComputeGraph } from '../../ir/compute-graph.js';
import { isEnd } from './operation-names.js';

/** Lengths in edges of the paths from an input to an output; -1 where there is none. */
export interface PathLengths {
  readonly shortest: number;
  readonly longest: number;
}

/**
 * Paths from any input to any output on which no operation is banned, for each set of banned operations. `labels[i]` is
 * the place of node i's operation in the vocabulary, -1 for one outside of it, which is never banned.
 * Takes O(sets x (nodes + edges)).
 */
export function pathLengths(graph: ComputeGraph, labels: Int32Array, banned: readonly number[]): PathLengths[] {
  const { nodes } = graph;
  const shortest = new Int32Array(nodes.length);
  const longest = new Int32Array(nodes.length);
  return banned.map((mask) => {
    let [least, most] = [NONE, -1];
    for (let i = 0; i < nodes.length; i++) {
      const { op, inputs } = nodes[i];
      let [near, far] = op.type === 'input' ? [0, 0] : [NONE, -1];
      if (isEnd(op) || labels[i] < 0 || ((mask >> labels[i]) & 1) === 0) {
        for (const from of inputs) {
          if (shortest[from] < NONE && shortest[from] + 1 < near) near = shortest[from] + 1;
          if (longest[from] >= 0 && longest[from] + 1 > far) far = longest[from] + 1;
        }
      }
      shortest[i] = near;
      longest[i] = far;
      if (op.type !== 'output') continue;
      least = Math.min(least, near);
      most = Math.max(most, far);
    }
    return { shortest: least === NONE ? -1 : least, longest: most };
  });
}

const NONE = 2 ** 30;
