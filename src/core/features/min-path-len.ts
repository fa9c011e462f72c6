import { cellsOf } from './cells.js';
import { type FeatureFamily, GRAF_CITE } from './family.js';
import { shortestPaths } from './paths.js';
import { complement, opSubsets } from './subsets.js';
import type { Topology } from './topology.js';

/**
 * Edges on the shortest path from input to output that meets no banned operation, for every set of operations that bans
 * some or none but not all. Where there is no such path: one more than the reference's number of the output node (5 on
 * NAS-Bench-201, the number of nodes on NAS-Bench-101), as in zc_combine.
 *
 * Defined for cells with one input; the reference does not use it on DARTS cells.
 */
export const minPathLen: FeatureFamily = {
  id: 'min_path_len',
  says: 'Length of the shortest path from input to output that avoids some operations.',
  cite: GRAF_CITE,
  features(example) {
    const [cell, ...others] = cellsOf(example);
    if (cell === undefined || others.length > 0 || (cell.graph.kind === 'edge-ops' && cell.graph.inputs.length !== 1)) return [];
    const { vocabulary } = cell.graph;
    return opSubsets(vocabulary, 0, vocabulary.ops.length - 1).map((banned) => {
      const allowed = complement(vocabulary, banned);
      return {
        column: {
          name: `min_path_len_banned_${banned.ids}`,
          says: `shortest path ${banned.ops.length === 0 ? 'using any operation' : `using only ${allowed.ops.join(', ')}`}`,
          family: 'min_path_len',
          unit: 'edges',
          ops: allowed.ops,
        },
        values: ({ cells: [columns] }) => columns.lookUp('min_path_len', lengthsOrMore, allowed.mask),
      };
    });
  },
};

function lengthsOrMore(topology: Topology, lengths: Int8Array): void {
  shortestPaths(topology, topology.inputs[0], lengths, topology.outputLabel + 1);
}
