import type { Rng } from '../base/rng.js';
import type { NodeGraph, Vocabulary } from '../ir/cell-graph.js';
import { Cursor } from './cursor.js';
import { type ListLiteral, type Literal, listOf, type RecordLiteral, readLiteral, wholeIn } from './literal.js';
import { edgeCount, graphHash, isPruned, MOST_EDGES, MOST_VERTICES, type Nb101Spec, onPath, prune } from './nb101-spec.js';
import type { ArchId, SearchSpace } from './space.js';
import { writeTuple } from './tuple.js';

type Nb101 = ArchId<'nasbench101'>;

const vocabulary: Vocabulary = {
  markers: ['input', 'output'],
  ops: ['maxpool3x3', 'conv1x1-bn-relu', 'conv3x3-bn-relu'],
  phantoms: [],
  zero: null,
};
const names = [...vocabulary.markers, ...vocabulary.ops];
const [INPUT, OUTPUT, FIRST_OP, LAST_OP] = [0, 1, 2, 4];

/** How many pruned matrices there are with 2, 3, … 7 vertices (counted by listing them). */
const MATRICES = [1, 2, 10, 121, 1545, 4793];
const SPECS = MATRICES.map((count, inner) => count * vocabulary.ops.length ** inner);
const SIZE = SPECS.reduce((sum, count) => sum + count, 0);

/** The pairs of vertices i < j, row-major, shared by all graphs. */
const PAIRS: (readonly [number, number])[][] = Array.from({ length: MOST_VERTICES }, (_, i) =>
  Array.from({ length: MOST_VERTICES }, (_, j) => Object.freeze([i, j] as const)),
);

/**
 * NAS-Bench-101's cells: at most 7 vertices and, once pruned, at most 9 edges. `parse` also reads cells with vertices
 * on no path from input to output, as NASLib writes them; a cell without any such path is no architecture.
 * `size` counts pruned cells as encoded (isomorphic ones apart), and `sample` is uniform over exactly these.
 */
export const nasbench101: SearchSpace<'nasbench101', NodeGraph> = {
  id: 'nasbench101',
  title: 'NAS-Bench-101',
  cite: 'Ying et al. 2019, arXiv 1902.09635',
  vocabulary,
  size: SIZE,
  encodings: [
    {
      id: 'naslib',
      says: 'NASLib tuple: n*n adjacency, then n operation numbers',
      example: '(0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 4, 1)',
    },
    {
      id: 'adjacency-ops',
      says: 'adjacency matrix and operations, as JSON or as Python prints them',
      example: '{"matrix":[[0,1,1],[0,0,1],[0,0,0]],"ops":["input","conv3x3-bn-relu","output"]}',
    },
    {
      id: 'module',
      says: "the same under the data set's own names",
      example: '{"module_adjacency":[[0,1],[0,0]],"module_operations":["input","output"]}',
    },
  ],
  parse(text) {
    const cursor = new Cursor('nasbench101', text);
    const value = readLiteral(cursor);
    if (value.kind === 'list') return readFlat(cursor, value);
    if (value.kind === 'record') return readMatrixAndOps(cursor, value);
    throw cursor.problem('a NASLib tuple, or an adjacency matrix with operations', value.at);
  },
  format(arch) {
    const { rows, ops } = specOf(arch);
    const matrix = rows.map((row) => rows.map((_, j) => (row >> j) & 1));
    return JSON.stringify({ matrix, ops: ops.map((op) => names[op]) });
  },
  /** Takes about 0.2 microseconds: plain loops over the text, since graphs of whole benchmarks are made at a time. */
  toGraph(arch) {
    const n = vertexCount(arch.length / 3);
    const edges: (readonly [number, number])[] = [];
    for (let i = 0; i < n; i++) {
      const pairs = PAIRS[i];
      for (let j = i + 1; j < n; j++) if (digit(arch, i * n + j) === 1) edges.push(pairs[j]);
    }
    const nodes: string[] = [];
    for (let i = 0; i < n; i++) nodes.push(names[digit(arch, n * n + i)]);
    return { kind: 'node-ops', space: 'nasbench101', vocabulary, nodes, input: 0, output: n - 1, edges };
  },
  sample,
  all: null,
  /** One operation changed or one edge added or removed, where the result is a pruned cell; from the pruned form. */
  neighbours(arch) {
    const { rows, ops } = prune(specOf(arch));
    const found: Nb101[] = [];
    for (let i = 1; i < ops.length - 1; i++) {
      for (let op = FIRST_OP; op <= LAST_OP; op++) {
        if (op !== ops[i]) found.push(write({ rows, ops: ops.map((old, k) => (k === i ? op : old)) }));
      }
    }
    for (let i = 0; i < rows.length; i++) {
      for (let j = i + 1; j < rows.length; j++) {
        const toggled = rows.map((row, k) => (k === i ? row ^ (1 << j) : row));
        if (isPruned(toggled)) found.push(write({ rows: toggled, ops }));
      }
    }
    return found;
  },
  /** Without the vertices that lie on no path from input to output. */
  canonical(arch) {
    const spec = specOf(arch);
    return isPruned(spec.rows) ? arch : write(prune(spec));
  },
  /** The official MD5 graph hash, equal for isomorphic cells (423,624 classes). */
  identity: (arch) => graphHash(prune(specOf(arch))),
};

function sample(rng: Rng): Nb101 {
  let which = rng.int(SIZE);
  let inner = 0;
  while (which >= SPECS[inner]) which -= SPECS[inner++];
  const n = inner + 2;
  const ops = Array.from({ length: n }, (_, i) => (i === 0 ? INPUT : i === n - 1 ? OUTPUT : FIRST_OP + rng.int(3)));
  for (;;) {
    // Most matrices are no cells: seven vertices take 440 tries on average, some ten microseconds.
    let bits = rng.int(2 ** ((n * (n - 1)) / 2));
    const rows = ops.map((_, i) => {
      const width = n - 1 - i;
      const row = (bits & ((1 << width) - 1)) << (i + 1);
      bits >>>= width;
      return row;
    });
    if (isPruned(rows)) return write({ rows, ops });
  }
}

function write({ rows, ops }: Nb101Spec): Nb101 {
  return writeTuple([...rows.flatMap((row) => rows.map((_, j) => (row >> j) & 1)), ...ops]) as Nb101;
}

function specOf(arch: Nb101): Nb101Spec {
  const n = vertexCount(arch.length / 3);
  const rows: number[] = [];
  const ops: number[] = [];
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = i + 1; j < n; j++) row |= digit(arch, i * n + j) << j;
    rows.push(row);
    ops.push(digit(arch, n * n + i));
  }
  return { rows, ops };
}

/** The k-th number of an `ArchId`: all are single digits, one in every three characters. */
function digit(arch: Nb101, k: number): number {
  return arch.charCodeAt(3 * k + 1) - 48;
}

/** n of n*n + n numbers; 0 when no n fits. */
function vertexCount(numbers: number): number {
  for (let n = 2; n <= MOST_VERTICES; n++) if (n * n + n === numbers) return n;
  return 0;
}

function readFlat(cursor: Cursor, tuple: ListLiteral): Nb101 {
  const n = vertexCount(tuple.items.length);
  if (n === 0) {
    throw cursor.problem(`n*n + n numbers for n = 2..${MOST_VERTICES} vertices, not ${tuple.items.length}`, tuple.end);
  }
  const rows = Array.from({ length: n }, (_, i) => readRow(cursor, tuple.items.slice(i * n, i * n + n), i));
  const numbers = tuple.items.slice(n * n);
  const ops = numbers.map((item) => wholeIn(cursor, item, INPUT, LAST_OP, 'an operation'));
  return checked(cursor, { rows, ops }, numbers, tuple.at);
}

function readMatrixAndOps(cursor: Cursor, record: RecordLiteral): Nb101 {
  const matrix = field(cursor, record, 'matrix', 'module_adjacency');
  const operations = field(cursor, record, 'ops', 'module_operations');
  if (matrix.kind !== 'list' || matrix.items.length < 2 || matrix.items.length > MOST_VERTICES) {
    throw cursor.problem(`an adjacency matrix of 2..${MOST_VERTICES} rows`, matrix.at);
  }
  const n = matrix.items.length;
  const rows = matrix.items.map((row, i) => readRow(cursor, listOf(cursor, row, n, `a square matrix: ${n} numbers in a row`), i));
  const words = listOf(cursor, operations, n, `${n} operations, one for each row of the matrix`);
  const ops = words.map((word) => {
    const op = word.kind === 'text' ? names.indexOf(word.value) : -1;
    if (op < 0) throw cursor.problem(`one of ${names.map((name) => `"${name}"`).join(', ')}`, word.at);
    return op;
  });
  return checked(cursor, { rows, ops }, words, record.at);
}

function field(cursor: Cursor, record: RecordLiteral, name: string, other: string): Literal {
  const value = record.fields.get(name) ?? record.fields.get(other);
  if (value === undefined) throw cursor.problem(`"${name}" or "${other}"`, record.end);
  return value;
}

function readRow(cursor: Cursor, entries: readonly Literal[], i: number): number {
  return entries.reduce((row, entry, j) => {
    const bit = wholeIn(cursor, entry, 0, 1, 'an entry of the adjacency matrix');
    if (bit === 1 && j <= i)
      throw cursor.problem(`0, since edges go from earlier to later vertices (row ${i}, column ${j})`, entry.at);
    return row | (bit << j);
  }, 0);
}

/** What no single number tells: the markers stand at the ends, a path joins them, the edges are not too many. */
function checked(cursor: Cursor, spec: Nb101Spec, ops: readonly Literal[], at: number): Nb101 {
  const last = ops.length - 1;
  spec.ops.forEach((op, i) => {
    if (i === 0 && op !== INPUT) throw cursor.problem('the input first', ops[i].at);
    if (i === last && op !== OUTPUT) throw cursor.problem('the output last', ops[i].at);
    if (i > 0 && i < last && op < FIRST_OP)
      throw cursor.problem(`one of ${vocabulary.ops.join(', ')} between input and output`, ops[i].at);
  });
  if (onPath(spec.rows) === 0) throw cursor.problem('a path from input to output', at);
  const edges = edgeCount(prune(spec));
  if (edges > MOST_EDGES) throw cursor.problem(`at most ${MOST_EDGES} edges once pruned, not ${edges}`, at);
  return write(spec);
}
