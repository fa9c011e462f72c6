import { cellsOf, inCell, type OpGraph } from './cells.js';
import { type FeatureFamily, GRAF_CITE, type GrafVersion } from './family.js';
import { lightestPathOps, longestPaths } from './paths.js';
import type { Solve } from './set-table.js';
import { opSubsets } from './subsets.js';

/**
 * The most allowed operations on a path from an input to the output, for every set of operations. The two versions of the
 * reference mean different things by it:
 * - `icml24`: the allowed operations on the path that holds the most of them *less its other steps*; 0 without a path.
 * - `main`: the length of the longest path made of allowed operations and markers only, in edges; -1 without such a path.
 *   On NAS-Bench-101 it is three less than that length (the reference subtracts input and output twice), -4 without a path.
 *   On DARTS cells the step to the output counts.
 */
export const maxOpOnPath: FeatureFamily = {
  id: 'max_op_on_path',
  says: 'How many operations of a kind lie on the path that is richest in them.',
  cite: GRAF_CITE,
  features(example, { version }) {
    const cells = cellsOf(example);
    if (cells.length === 0) return [];
    const { vocabulary } = cells[0].graph;
    return opSubsets(vocabulary, 1, vocabulary.ops.length).flatMap((allowed) =>
      cells.flatMap((cell, c) =>
        inputNames(cell.graph).map((input, i) => ({
          column: {
            name: `max_op_on_path_allowed_${allowed.ids}${cell.name === '' ? '' : `_${cell.name}`}${input === '' ? '' : `_${input}`}`,
            says: `${MEANING[version](allowed.ops.join(', '), input)}${inCell(cell)}`,
            family: 'max_op_on_path',
            unit: version === 'icml24' || cell.graph.kind === 'node-ops' ? 'ops' : 'edges',
            ops: allowed.ops,
          },
          values: (batch) => batch.cells[c].lookUp(`max_op_on_path ${version} ${i}`, RULES[version](i), allowed.mask),
        })),
      ),
    );
  },
};

const MEANING: Record<GrafVersion, (ops: string, input: string) => string> = {
  icml24: (ops, input) => `operations among ${ops} on the path${from(input)} with the most of them beyond other steps`,
  main: (ops, input) => `longest path${from(input)} using only ${ops}`,
};

const RULES: Record<GrafVersion, (input: number) => Solve> = {
  icml24: (input) => (topology, counts) => lightestPathOps(topology, topology.inputs[input], counts),
  main: (input) => (topology, lengths) => {
    longestPaths(topology, topology.inputs[input], lengths, -1);
    if (topology.kind === 'edge-ops') return;
    for (let mask = 0; mask < lengths.length; mask++) lengths[mask] -= 3;
  },
};

/** Inputs that need telling apart, by name. */
function inputNames(graph: OpGraph): readonly string[] {
  return graph.kind === 'node-ops' || graph.inputs.length === 1 ? [''] : graph.inputs.map((node) => graph.nodeNames[node]);
}

function from(input: string): string {
  return input === '' ? '' : ` from ${input}`;
}
