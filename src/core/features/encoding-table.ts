import { ShapeError } from '../base/errors.js';
import { type FeatureTable, featureTable } from '../base/table.js';
import type { CellGraph, GraphKind, GraphOf } from '../ir/cell-graph.js';
import { checkGraph } from '../ir/check-graph.js';

/** How graphs of one space become rows of whole numbers. */
export interface Encoder<G extends CellGraph> {
  /** What each column says, for a reader. */
  readonly says: readonly string[];
  /** Calls `put(column, value)` for every number of the graph's row that is not 0. */
  encode(graph: G, put: (column: number, value: number) => void): void;
}

/** The encoder for the space of an example. */
export type EncoderOf<K extends GraphKind> = (example: GraphOf<K>) => Encoder<GraphOf<K>>;

/**
 * A table of whole numbers, columns `<family>_0`, `<family>_1`, ….
 * @throws ShapeError for no graphs, or graphs of several spaces.
 */
export function encodingTable(
  family: string,
  graphs: readonly CellGraph[],
  encoders: { readonly [K in GraphKind]: EncoderOf<K> },
): FeatureTable {
  if (graphs.length === 0) throw new ShapeError({ argument: `${family}: graphs`, expected: 'at least one graph', got: 'none' });
  const [example] = graphs;
  checkGraph(`${family}: graphs[0]`, example);
  // The kinds of example and encoder are the same, which the index cannot say to the compiler.
  const encoder = (encoders[example.kind] as (example: CellGraph) => Encoder<CellGraph>)(example);
  const values = encoder.says.map(() => new Int8Array(graphs.length));
  graphs.forEach((graph, row) => {
    if (graph.kind !== example.kind || graph.space !== example.space) {
      throw new ShapeError({
        argument: `${family}: graphs[${row}]`,
        expected: `a graph of ${example.space}, as graphs[0] is`,
        got: `one of ${graph.space} (${graph.kind})`,
      });
    }
    encoder.encode(graph, (column, value) => {
      values[column][row] = value;
    });
  });
  return featureTable(
    graphs.length,
    encoder.says.map((says, i) => ({ name: `${family}_${i}`, says, family, unit: '' })),
    values,
  );
}

/** An operation's place in a list. @throws ShapeError naming the operations there are. */
export function opIndex(op: string, ops: readonly string[], space: string): number {
  const index = ops.indexOf(op);
  if (index < 0) throw new ShapeError({ argument: space, expected: `an operation of ${ops.join(', ')}`, got: `"${op}"` });
  return index;
}
