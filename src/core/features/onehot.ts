import { ShapeError } from '../base/errors.js';
import type { FeatureTable } from '../base/table.js';
import type { CellGraph, CellStack, EdgeGraph, NodeGraph, SequenceGraph } from '../ir/cell-graph.js';
import { chosenEdges } from './darts-cell.js';
import { type EncoderOf, encodingTable, opIndex } from './encoding-table.js';

/**
 * The "one-hot" code of each graph as the reference writes it, columns `onehot_0`, …:
 * - operations on edges (NAS-Bench-201: 30 columns, TransNAS micro: 24): each edge's operation, one of k;
 * - operations on nodes (NAS-Bench-101: 36): the adjacency matrix above its diagonal, then each inner node's operation;
 *   a cell with fewer than 7 nodes has its output moved to the last place and nothing in the places between;
 * - a sequence (TransNAS macro: 30): each block, one of k, where places past the end hold the first entry ("absent");
 * - a stack of cells (DARTS: 114): for each cell the whole adjacency matrix, then the operations *as plain numbers*.
 * @throws ShapeError for no graphs, graphs of several spaces, or a graph larger than its space.
 * Takes O(graphs × columns).
 */
export function onehot(graphs: readonly CellGraph[]): FeatureTable {
  return encodingTable('onehot', graphs, {
    'edge-ops': edgeOps,
    'node-ops': nodeOps,
    sequence: blocks,
    'cell-stack': stack,
  });
}

const edgeOps: EncoderOf<'edge-ops'> = (example: EdgeGraph) => {
  const { ops } = example.vocabulary;
  return {
    says: example.edges.flatMap(({ from, to }) =>
      ops.map((op) => `edge ${example.nodeNames[from]} to ${example.nodeNames[to]} is ${op}`),
    ),
    encode(graph, put) {
      checkLength(graph.space, 'edges', graph.edges.length, example.edges.length, example.edges.length);
      graph.edges.forEach(({ op }, e) => {
        put(e * ops.length + opIndex(op, ops, graph.space), 1);
      });
    },
  };
};

/** NAS-Bench-101 allows no more, and its code always has room for so many. */
const NODES = 7;
/** NASLib's order of the operations inside a node's three bits. */
const NODE_BITS = ['maxpool3x3', 'conv3x3-bn-relu', 'conv1x1-bn-relu'];

const nodeOps: EncoderOf<'node-ops'> = (example: NodeGraph) => {
  const pairs: string[] = [];
  const column: number[][] = [];
  for (let i = 0; i < NODES; i++) {
    column.push([]);
    for (let j = i + 1; j < NODES; j++) column[i][j] = pairs.push(`edge from node ${i} to node ${j}`) - 1;
  }
  // Another vocabulary has no NASLib order, and its own serves.
  const ops = NODE_BITS.length === example.vocabulary.ops.length ? NODE_BITS : example.vocabulary.ops;
  return {
    says: [...pairs, ...Array.from({ length: NODES - 2 }, (_, i) => ops.map((op) => `node ${i + 1} is ${op}`)).flat()],
    encode(graph, put) {
      checkLength(graph.space, 'nodes', graph.nodes.length, 2, NODES);
      const output = graph.nodes.length - 1;
      const place = (node: number): number => (node === output ? NODES - 1 : node);
      for (const [from, to] of graph.edges) put(column[from][place(to)], 1);
      for (let i = 1; i < output; i++) put(pairs.length + (i - 1) * ops.length + opIndex(graph.nodes[i], ops, graph.space), 1);
    },
  };
};

const blocks: EncoderOf<'sequence'> = (example: SequenceGraph) => {
  const { markers, ops } = example.vocabulary;
  const entries = [...markers, ...ops];
  return {
    says: Array.from({ length: example.maxLength }, (_, i) => entries.map((op) => `block ${i + 1} is ${op}`)).flat(),
    encode(graph, put) {
      checkLength(graph.space, 'blocks', graph.blocks.length, 0, example.maxLength);
      for (let i = 0; i < example.maxLength; i++) {
        put(i * entries.length + (i < graph.blocks.length ? opIndex(graph.blocks[i], entries, graph.space) : 0), 1);
      }
    },
  };
};

const stack: EncoderOf<'cell-stack'> = (example: CellStack) => {
  const says = example.cells.map(({ name, graph }) => {
    const { nodeNames } = graph;
    return [
      ...nodeNames.flatMap((from) => nodeNames.map((to) => `edge from ${from} to ${to} in the ${name} cell`)),
      ...chosenEdges(graph).map((_, e) => `number of the operation of input ${e} in the ${name} cell`),
    ];
  });
  return {
    says: says.flat(),
    encode({ cells, vocabulary, space }, put) {
      checkLength(space, 'cells', cells.length, example.cells.length, example.cells.length);
      let start = 0;
      cells.forEach(({ graph }, c) => {
        const { nodeCount } = graph;
        checkLength(space, 'nodes', nodeCount, example.cells[c].graph.nodeCount, example.cells[c].graph.nodeCount);
        for (const { from, to } of graph.edges) put(start + from * nodeCount + to, 1);
        chosenEdges(graph).forEach(({ op }, e) => {
          put(start + nodeCount * nodeCount + e, opIndex(op, vocabulary.ops, space));
        });
        start += says[c].length;
      });
    },
  };
};

function checkLength(space: string, what: string, length: number, least: number, most: number): void {
  if (length >= least && length <= most) return;
  const expected = least === most ? `${most} ${what}` : `${least} to ${most} ${what}`;
  throw new ShapeError({ argument: `onehot of ${space}`, expected, got: `${length}` });
}
