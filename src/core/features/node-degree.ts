import type { ColumnValues } from '../base/table.js';
import type { CellColumns } from './cell-columns.js';
import { cellsOf, inCell, type OpGraph } from './cells.js';
import { type FeatureFamily, GRAF_CITE } from './family.js';
import type { Weigh } from './set-sums.js';
import { opSubsets } from './subsets.js';
import { from, sourceCarrier, type Topology, targetCarrier, to } from './topology.js';

/**
 * Edges with allowed operations at the input, at the output and per node, for every set of operations (`full`) or every
 * single operation (`short`). The names are the reference's and do not mean what they say; `says` does:
 * - operations on edges: `in_degree` counts edges that *leave* the input, `out_degree` edges that *enter* the output,
 *   `avg_in` and `avg_out` are the same number, edges per node;
 * - operations on nodes: `in_degree` counts the output's predecessors, `out_degree` the input's successors, `avg_in` edges
 *   by the operation they come from, `avg_out` by the one they go to;
 * - several inputs (DARTS): one `…_degree` an input, the edges that leave it, and no `out_degree`.
 */
export const nodeDegree: FeatureFamily = {
  id: 'node_degree',
  says: 'How many edges with some operations meet at the input, at the output, and at a node on average.',
  cite: GRAF_CITE,
  features(example, { config }) {
    const cells = cellsOf(example);
    if (cells.length === 0) return [];
    const { vocabulary } = cells[0].graph;
    return opSubsets(vocabulary, 1, config === 'full' ? vocabulary.ops.length : 1).flatMap((allowed) =>
      cells.flatMap((cell, c) =>
        degreesOf(cell.graph).map((degree) => ({
          column: {
            name: `node_degree_allowed_${allowed.ids}${cell.name === '' ? '' : `_${cell.name}`}_${degree.name}`,
            says: `${degree.says(allowed.ops.join(', '))}${inCell(cell)}`,
            family: 'node_degree',
            unit: degree.unit,
            ops: allowed.ops,
          },
          values: (batch) => degree.values(batch.cells[c], allowed.mask),
        })),
      ),
    );
  },
};

interface Degree {
  readonly name: string;
  readonly says: (ops: string) => string;
  readonly unit: string;
  values(columns: CellColumns, ops: number): ColumnValues;
}

function degreesOf(graph: OpGraph): readonly Degree[] {
  if (graph.kind === 'node-ops') return NODE_DEGREES;
  if (graph.inputs.length === 1) return [leaving(0, 'in_degree', 'the input'), ENTERING_OUTPUT, ...EDGE_MEANS];
  return [...graph.inputs.map((node, i) => leaving(i, `${graph.nodeNames[node]}_degree`, graph.nodeNames[node])), ...EDGE_MEANS];
}

const ENTERING_OUTPUT: Degree = entering('out_degree', (ops) => `edges with ${ops} that enter the output`);

const EDGE_MEANS: readonly Degree[] = [
  mean('avg_in', (ops) => `edges with ${ops} per node`, 'sources', bySource),
  mean('avg_out', (ops) => `edges with ${ops} per node (the same as avg_in)`, 'sources', bySource),
];

const NODE_DEGREES: readonly Degree[] = [
  entering('in_degree', (ops) => `edges from ${ops} into the output`),
  { ...leaving(0, 'out_degree', 'the input'), says: (ops) => `edges from the input to ${ops}` },
  mean('avg_in', (ops) => `edges that come from ${ops}, per node`, 'sources', bySource),
  mean('avg_out', (ops) => `edges that go to ${ops}, per node`, 'targets', byTarget),
];

function leaving(input: number, name: string, called: string): Degree {
  return count(
    name,
    (ops) => `edges with ${ops} that leave ${called}`,
    `leaving ${input}`,
    ({ edges, inputs }, weights) => {
      for (const edge of edges) if (from(edge) === inputs[input]) weights[targetCarrier(edge)]++;
    },
  );
}

function entering(name: string, says: Degree['says']): Degree {
  return count(name, says, 'entering', ({ edges, output }, weights) => {
    for (const edge of edges) if (to(edge) === output) weights[sourceCarrier(edge)]++;
  });
}

function bySource({ edges }: Topology, weights: Int8Array): void {
  for (const edge of edges) weights[sourceCarrier(edge)]++;
}

function byTarget({ edges }: Topology, weights: Int8Array): void {
  for (const edge of edges) weights[targetCarrier(edge)]++;
}

function count(name: string, says: Degree['says'], sums: string, weigh: Weigh): Degree {
  return { name, says, unit: 'edges', values: (columns, ops) => columns.setSums(sums, weigh).of(ops).slice() };
}

function mean(name: string, says: Degree['says'], sums: string, weigh: Weigh): Degree {
  return { name, says, unit: 'edges per node', values: (columns, ops) => columns.setSums(sums, weigh).perNode(ops) };
}
