import { ShapeError, UnsupportedError } from '../base/errors.js';
import type { FeatureTable } from '../base/table.js';
import type { CellGraph, CellStack, EdgeGraph, NodeGraph } from '../ir/cell-graph.js';
import { chosenEdges } from './darts-cell.js';
import { type EncoderOf, encodingTable, opIndex } from './encoding-table.js';

/**
 * Which paths a graph has, as the reference writes it: a column for every sequence of operations that a path may hold,
 * columns `path_0`, …, 1 where the graph has such a path. The quirks are the reference's:
 * - operations on edges (NAS-Bench-201: 155 columns, TransNAS micro: 84): the four "paths" are edges 3; 0, 4; 1, 5;
 *   0, 2, 5 of the tuple. In NAS-Bench-201's order of edges these are no paths;
 * - operations on nodes (NAS-Bench-101: 364): every path, up to five operations, column 0 for the edge input to output;
 * - a stack of cells (DARTS: 11,204): every path of every cell from each input, but the last chosen edge is left out.
 * @throws ShapeError for no graphs or graphs of several spaces; UnsupportedError for sequences, which have no paths to
 * tell apart, and for other cells than these.
 * Takes O(graphs × columns) memory: 11 KB a DARTS network.
 */
export function pathEncoding(graphs: readonly CellGraph[]): FeatureTable {
  return encodingTable('path', graphs, {
    'edge-ops': edgeOps,
    'node-ops': nodeOps,
    sequence: () => {
      throw new UnsupportedError(
        'A path encoding of a sequence of blocks',
        'Use onehot, or the families count_ops and pos_state.',
      );
    },
    'cell-stack': stack,
  });
}

/** The sequences of up to `longest` operations are counted by length, then with their first operation running fastest. */
function sequenceIndex(ops: readonly number[], opCount: number): number {
  return ops.reduce((index, op, i) => index + (op + 1) * opCount ** i, 0);
}

function sequences(ops: readonly string[], longest: number): string[][] {
  let last: string[][] = [[]];
  const all = [...last];
  for (let length = 1; length <= longest; length++) {
    last = ops.flatMap((op) => last.map((sequence) => [...sequence, op]));
    all.push(...last);
  }
  return all;
}

const POSITIONS = [[3], [0, 4], [1, 5], [0, 2, 5]];
const EDGES = 6;

const edgeOps: EncoderOf<'edge-ops'> = (example: EdgeGraph) => {
  const { ops } = example.vocabulary;
  return {
    // The empty sequence has no column: no two nodes of these cells are joined by nothing.
    says: sequences(ops, 3)
      .slice(1)
      .map((sequence) => `one of the four paths is ${sequence.join(', ')}`),
    encode(graph, put) {
      if (graph.edges.length !== EDGES || graph.inputs.length !== 1) {
        throw new UnsupportedError(
          `A path encoding of a ${graph.space} cell with ${graph.edges.length} edges`,
          `It is defined for cells of ${EDGES} edges.`,
        );
      }
      const numbers = graph.edges.map(({ op }) => opIndex(op, ops, graph.space));
      for (const positions of POSITIONS) {
        const path = positions.map((p) => numbers[p]);
        put(sequenceIndex(path, ops.length) - 1, 1);
      }
    },
  };
};

/** NAS-Bench-101's seven nodes, less input and output. */
const LONGEST_NODE_PATH = 5;

const nodeOps: EncoderOf<'node-ops'> = (example: NodeGraph) => {
  // NASLib counts the operations from the other end: conv3x3, conv1x1, maxpool.
  const ops = [...example.vocabulary.ops].reverse();
  return {
    says: sequences(ops, LONGEST_NODE_PATH).map((sequence) =>
      sequence.length === 0 ? 'the input is joined to the output' : `a path is ${sequence.join(', ')}`,
    ),
    encode(graph, put) {
      const { nodes, edges, input, output, space } = graph;
      if (nodes.length > LONGEST_NODE_PATH + 2) {
        throw new ShapeError({
          argument: `pathEncoding of ${space}`,
          expected: `at most ${LONGEST_NODE_PATH + 2} nodes`,
          got: `${nodes.length}`,
        });
      }
      const walk = (node: number, path: readonly number[]): void => {
        for (const [from, to] of edges) {
          if (from !== node) continue;
          if (to === output) put(sequenceIndex(path, ops.length), 1);
          else walk(to, [...path, opIndex(nodes[to], ops, space)]);
        }
      };
      walk(input, []);
    },
  };
};

const stack: EncoderOf<'cell-stack'> = (example: CellStack) => {
  const { ops } = example.vocabulary;
  const cells = example.cells.map(({ name, graph }) => ({ name, graph, depth: graph.nodeCount - graph.inputs.length - 1 }));
  const blocks = cells.flatMap(({ name, graph, depth }) =>
    graph.inputs.map((input) =>
      sequences(ops, depth).map(
        (sequence) => `a path from ${graph.nodeNames[input]} in the ${name} cell is ${sequence.join(', ') || 'empty (never)'}`,
      ),
    ),
  );
  return {
    says: blocks.flat(),
    encode({ cells, space }, put) {
      let start = 0;
      let block = 0;
      for (const { graph } of cells) {
        const starts = new Map<number, number>();
        const into = new Map<number, { readonly start: number; readonly path: readonly number[] }[]>();
        for (const input of graph.inputs) {
          starts.set(input, start);
          start += blocks[block++].length;
        }
        for (const { from, to, op } of chosenEdges(graph).slice(0, -1)) {
          const first = starts.get(from);
          const before = first === undefined ? (into.get(from) ?? []) : [{ start: first, path: [] }];
          const number = opIndex(op, ops, space);
          const after = before.map((way) => ({ start: way.start, path: [...way.path, number] }));
          for (const way of after) put(way.start + sequenceIndex(way.path, ops.length), 1);
          into.set(to, [...(into.get(to) ?? []), ...after]);
        }
      }
    },
  };
};
