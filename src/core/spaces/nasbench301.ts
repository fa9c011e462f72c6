import type { Rng } from '../base/rng.js';
import type { CellStack, Edge, EdgeGraph, Vocabulary } from '../ir/cell-graph.js';
import { Cursor } from './cursor.js';
import { type Literal, listOf, type RecordLiteral, readLiteral, wholeIn } from './literal.js';
import type { ArchId, SearchSpace } from './space.js';

type Nb301 = ArchId<'nasbench301'>;

/** One input of an intermediate node: a predecessor and the operation between, by number. */
type Input = readonly [from: number, op: number];
/** Eight inputs; entries 2i and 2i + 1 belong to intermediate node i. */
type Cell = readonly Input[];

const vocabulary: Vocabulary = {
  // The edges into the cell's output; feature names number the operations after it.
  markers: ['out'],
  ops: ['max_pool_3x3', 'avg_pool_3x3', 'skip_connect', 'sep_conv_3x3', 'sep_conv_5x5', 'dil_conv_3x3', 'dil_conv_5x5'],
  phantoms: [],
  zero: null,
};

const CELLS = ['normal', 'reduce'];
const INPUTS = 8;
const INTERMEDIATE = [0, 1, 2, 3];
/** Ways to fill a cell: node i has (i + 2)(i + 1) ordered pairs of different predecessors, and each input 7 operations. */
const CELL_SIZE = 2880 * 7 ** INPUTS;

const nodeNames = Object.freeze(['c_{k-2}', 'c_{k-1}', '0', '1', '2', '3', 'c_{k}']);
const OUTPUT = nodeNames.length - 1;
const inputs = Object.freeze([0, 1]);
/** `edges[from][to][op]`, shared by all graphs. */
const edges: Edge[][][] = nodeNames.map((_, from) =>
  nodeNames.map((_, to) => vocabulary.ops.map((op) => Object.freeze({ from, to, op }))),
);
const outEdges: Edge[] = INTERMEDIATE.map((i) => Object.freeze({ from: i + 2, to: OUTPUT, op: 'out' }));

/**
 * DARTS' normal and reduction cells, as NAS-Bench-301 uses them. `sample` draws as NASLib does: for each node two
 * different predecessors, for each input an operation, all uniform. Cells in which a node takes the same predecessor
 * twice are read, but no edit or sample makes one. `size` counts what `sample` can draw (2.76e20; as a double).
 */
export const nasbench301: SearchSpace<'nasbench301', CellStack> = {
  id: 'nasbench301',
  title: 'NAS-Bench-301 (DARTS)',
  cite: 'Zela et al. 2022, arXiv 2008.09777; Liu et al. 2019, arXiv 1806.09055',
  vocabulary,
  size: CELL_SIZE ** 2,
  encodings: [
    {
      id: 'naslib',
      says: 'NASLib compact form: (predecessor, operation) eight times for the normal cell, eight for the reduction cell',
      example:
        '(((0, 3), (1, 3), (0, 2), (2, 3), (2, 3), (0, 3), (2, 6), (3, 5)), ((0, 3), (1, 3), (1, 1), (0, 5), (2, 3), (0, 2), (4, 4), (3, 1)))',
    },
    {
      id: 'genotype',
      says: "DARTS' genotype, as Python prints it",
      example:
        "Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 1), ('skip_connect', 0), ('skip_connect', 0), ('dil_conv_3x3', 2)], normal_concat=[2, 3, 4, 5], reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('skip_connect', 2), ('max_pool_3x3', 1), ('max_pool_3x3', 0), ('skip_connect', 2), ('skip_connect', 2), ('max_pool_3x3', 1)], reduce_concat=[2, 3, 4, 5])",
    },
    {
      id: 'genotype-json',
      says: 'the genotype as JSON',
      example:
        '{"normal":[["sep_conv_3x3",0],["sep_conv_3x3",1],["sep_conv_3x3",0],["sep_conv_3x3",1],["sep_conv_3x3",1],["skip_connect",0],["skip_connect",0],["dil_conv_3x3",2]],"normal_concat":[2,3,4,5],"reduce":[["max_pool_3x3",0],["max_pool_3x3",1],["skip_connect",2],["max_pool_3x3",1],["max_pool_3x3",0],["skip_connect",2],["skip_connect",2],["max_pool_3x3",1]],"reduce_concat":[2,3,4,5]}',
    },
  ],
  parse(text) {
    const cursor = new Cursor('nasbench301', text);
    const value = readLiteral(cursor);
    if (value.kind === 'list') return readCompact(cursor, value);
    if (value.kind === 'record') return readGenotype(cursor, value);
    throw cursor.problem('a pair of cells, or a genotype', value.at);
  },
  format(arch) {
    const fields = cellsOf(arch).map((cell, c) => {
      const pairs = cell.map(([from, op]) => `('${vocabulary.ops[op]}', ${from})`);
      return `${CELLS[c]}=[${pairs.join(', ')}], ${CELLS[c]}_concat=[2, 3, 4, 5]`;
    });
    return `Genotype(${fields.join(', ')})`;
  },
  toGraph: (arch) => ({
    kind: 'cell-stack',
    space: 'nasbench301',
    vocabulary,
    cells: cellsOf(arch).map((cell, c) => ({ name: CELLS[c], graph: cellGraph(cell) })),
  }),
  sample: (rng) => write(CELLS.map(() => sampleCell(rng))),
  all: null,
  /** One operation, or one predecessor, changed; a node's two predecessors stay different. */
  neighbours(arch) {
    const cells = cellsOf(arch);
    return cells.flatMap((cell, c) =>
      cellNeighbours(cell).map((changed) => write(cells.map((old, k) => (k === c ? changed : old)))),
    );
  },
  canonical: (arch) => arch,
  /** The same text for both orders of a node's two inputs, which are added. Nodes are not permuted. */
  identity: (arch) =>
    write(cellsOf(arch).map((cell) => INTERMEDIATE.flatMap((i) => [cell[2 * i], cell[2 * i + 1]].sort(byNumbers)))),
};

/** A node's predecessors are the two inputs of the cell and the nodes before it. */
function predecessorCount(entry: number): number {
  return (entry >> 1) + 2;
}

function cellGraph(cell: Cell): EdgeGraph {
  const found: Edge[] = [];
  for (let entry = 0; entry < INPUTS; entry++) {
    const [from, op] = cell[entry];
    const edge = edges[from][(entry >> 1) + 2][op];
    // The reference keeps one edge between two nodes: a second one takes the place of the first.
    if (entry % 2 === 1 && cell[entry - 1][0] === from) found[found.length - 1] = edge;
    else found.push(edge);
  }
  found.push(...outEdges);
  const nodeCount = nodeNames.length;
  return { kind: 'edge-ops', space: 'nasbench301', vocabulary, nodeCount, nodeNames, inputs, output: OUTPUT, edges: found };
}

function sampleCell(rng: Rng): Cell {
  return INTERMEDIATE.flatMap((i) => Array.from(rng.choose(i + 2, 2), (from): Input => [from, rng.int(vocabulary.ops.length)]));
}

function cellNeighbours(cell: Cell): Cell[] {
  return cell.flatMap(([from, op], entry) => {
    const other = cell[entry ^ 1][0];
    const inputs: Input[] = vocabulary.ops.map((_, o): Input => [from, o]).filter(([, o]) => o !== op);
    for (let p = 0; p < predecessorCount(entry); p++) if (p !== from && p !== other) inputs.push([p, op]);
    return inputs.map((changed) => cell.map((old, k) => (k === entry ? changed : old)));
  });
}

function byNumbers(a: Input, b: Input): number {
  return a[0] - b[0] || a[1] - b[1];
}

function write(cells: readonly Cell[]): Nb301 {
  const texts = cells.map((cell) => `(${cell.map(([from, op]) => `(${from}, ${op})`).join(', ')})`);
  return `(${texts.join(', ')})` as Nb301;
}

/** `((` + eight times `(f, o)` + `), (` + …: an input takes eight characters, a cell 66 with its brackets and comma. */
function cellsOf(arch: Nb301): Cell[] {
  const digit = (at: number): number => arch.charCodeAt(at) - 48;
  return CELLS.map((_, c) =>
    Array.from({ length: INPUTS }, (_, entry): Input => {
      const at = 3 + c * 66 + entry * 8;
      return [digit(at), digit(at + 3)];
    }),
  );
}

function readCompact(cursor: Cursor, value: Literal): Nb301 {
  const pair = listOf(cursor, value, CELLS.length, 'two cells, normal and reduction');
  return write(pair.map((cell) => readInputs(cursor, cell, (item) => wholeIn(cursor, item, 0, 6, 'an operation'), 0)));
}

function readGenotype(cursor: Cursor, record: RecordLiteral): Nb301 {
  if (record.name !== '' && record.name !== 'Genotype') throw cursor.problem('"Genotype("', record.at);
  return write(
    CELLS.map((name) => {
      const cell = record.fields.get(name);
      if (cell === undefined) throw cursor.problem(`the cell "${name}"`, record.end);
      const concat = record.fields.get(`${name}_concat`);
      if (concat !== undefined) checkConcat(cursor, concat);
      return readInputs(cursor, cell, (item) => readOp(cursor, item), 1);
    }),
  );
}

/** @param fromAt where in a pair the predecessor stands; the operation is the other one. */
function readInputs(cursor: Cursor, value: Literal, opOf: (item: Literal) => number, fromAt: 0 | 1): Cell {
  return listOf(cursor, value, INPUTS, `a cell of ${INPUTS} pairs`).map((item, entry) => {
    const pair = listOf(cursor, item, 2, 'a pair of predecessor and operation');
    const from = wholeIn(cursor, pair[fromAt], 0, predecessorCount(entry) - 1, `a predecessor of node ${entry >> 1}`);
    return [from, opOf(pair[1 - fromAt])];
  });
}

function readOp(cursor: Cursor, item: Literal): number {
  const op = item.kind === 'text' ? vocabulary.ops.indexOf(item.value) : -1;
  if (op < 0) throw cursor.problem(`one of ${vocabulary.ops.join(', ')}`, item.at);
  return op;
}

/** `[2, 3, 4, 5]` or `range(2, 6)`: in this space every intermediate node goes to the output. */
function checkConcat(cursor: Cursor, value: Literal): void {
  const items = value.kind === 'list' || value.kind === 'record' ? value.items : [];
  const wanted = value.kind === 'record' && value.name === 'range' ? [2, 6] : [2, 3, 4, 5];
  const fits = items.length === wanted.length && items.every((item, i) => item.kind === 'number' && item.value === wanted[i]);
  if (!fits) throw cursor.problem('all four nodes, [2, 3, 4, 5]', value.at);
}
