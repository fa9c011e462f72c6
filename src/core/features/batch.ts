import { ShapeError } from '../base/errors.js';
import type { CellGraph } from '../ir/cell-graph.js';
import { checkGraph } from '../ir/check-graph.js';
import { CellColumns } from './cell-columns.js';
import { cellNames, cellsOf, type OpGraph } from './cells.js';

/** Graphs of one space, read once and laid out by column: what the families compute from. */
export interface GraphBatch {
  readonly rowCount: number;
  /** The first graph; all are of its space. */
  readonly example: CellGraph;
  /** One for each cell of a stack, one for a single cell, none for a sequence. */
  readonly cells: readonly CellColumns[];
  /** For sequences: `blocks[i][row]` = index in `vocabulary.ops` of block i, or -1 past the end. */
  readonly blocks: readonly Int8Array[];
}

/**
 * Reads `count` graphs, each once, and keeps none of them: about 20 bytes a cell stay.
 * @throws ShapeError when there is none, or one is of another space than the first.
 */
export function readGraphs(count: number, graphAt: (row: number) => CellGraph): GraphBatch {
  if (count === 0) throw new ShapeError({ argument: 'features: graphs', expected: 'at least one graph', got: 'none' });
  const example = graphAt(0);
  checkGraph('features: graphs[0]', example);
  const cells = cellsOf(example).map(({ name, graph }) => new CellColumns(name, graph, count));
  const blocks =
    example.kind === 'sequence' ? Array.from({ length: example.maxLength }, () => new Int8Array(count).fill(-1)) : [];
  for (let row = 0; row < count; row++) {
    const graph = row === 0 ? example : graphAt(row);
    if (graph.kind !== example.kind || graph.space !== example.space) {
      throw new ShapeError({
        argument: `features: graphs[${row}]`,
        expected: `a graph of ${example.space}, as graphs[0] is`,
        got: `one of ${graph.space} (${graph.kind})`,
      });
    }
    if (graph.kind === 'sequence') {
      readBlocks(graph.blocks, example.vocabulary.ops, blocks, row);
    } else if (graph.kind === 'cell-stack') {
      if (graph.cells.length !== cells.length || graph.cells.some((cell, c) => cell.name !== cells[c].name)) {
        throw new ShapeError({
          argument: `features: graphs[${row}]`,
          expected: `the cells ${cells.map((cell) => cell.name).join(', ')}`,
          got: cellNames(graph),
        });
      }
      for (let c = 0; c < cells.length; c++) cells[c].read(graph.cells[c].graph, row);
    } else {
      cells[0].read(graph as OpGraph, row);
    }
  }
  return { rowCount: count, example, cells, blocks };
}

function readBlocks(ops: readonly string[], known: readonly string[], blocks: readonly Int8Array[], row: number): void {
  if (ops.length > blocks.length) {
    throw new ShapeError({
      argument: `features: graphs[${row}].blocks`,
      expected: `at most ${blocks.length} blocks`,
      got: `${ops.length}`,
    });
  }
  for (let i = 0; i < ops.length; i++) {
    const op = known.indexOf(ops[i]);
    if (op < 0) {
      throw new ShapeError({
        argument: `features: graphs[${row}].blocks[${i}]`,
        expected: `one of ${known.join(', ')}`,
        got: `"${ops[i]}"`,
      });
    }
    blocks[i][row] = op;
  }
}
