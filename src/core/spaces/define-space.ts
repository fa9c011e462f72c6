import { ShapeError } from '../base/errors.js';
import type { EdgeGraph, NodeGraph, Vocabulary } from '../ir/cell-graph.js';
import { cellExpression, functionalClass } from './cell-function.js';
import { Cursor } from './cursor.js';
import type { ArchId, SearchSpace } from './space.js';
import { readTuple, writeTuple } from './tuple.js';

/** A space of cells with one fixed topology, in which an operation is chosen for each edge or for each inner node. */
export interface CellSpaceParts<Id extends string> {
  readonly id: Id;
  /** Where the operations stand. */
  readonly ops: readonly string[];
  readonly on: 'edges' | 'nodes';
  /** Node 0 is the input, the last one the output. */
  readonly nodes: number;
  /** `[from, to]` with from < to; an architecture names the operations of the edges in this order. All pairs when left out. */
  readonly edges?: readonly (readonly [from: number, to: number])[];
  /** The operation that passes nothing on, of those on edges. */
  readonly zero?: string;
  readonly title?: string;
  readonly cite?: string;
}

/** Larger spaces are not listed. */
const MOST_LISTED = 1_000_000;

/**
 * A search space of one's own, with everything that the published ones have: texts, graphs, draws, neighbours, a
 * canonical form. An architecture is written as a tuple of operation numbers, `(4, 0, 3)`, or as their names with bars
 * between, `conv|skip|pool`. `sample` is uniform over the tuples, `all` counts up in tuple order (null for more than a
 * million). The canonical form has the zero operation on every edge that lies on no path from input to output without
 * zeros. `identity` is the function of the cell: orders of addition, zeros and connections called `skip_connect` vanish.
 * @throws ShapeError when the parts do not make a cell.
 */
export function defineSpace<Id extends string>(parts: CellSpaceParts<Id> & { readonly on: 'edges' }): SearchSpace<Id, EdgeGraph>;
export function defineSpace<Id extends string>(parts: CellSpaceParts<Id> & { readonly on: 'nodes' }): SearchSpace<Id, NodeGraph>;
export function defineSpace<Id extends string>(parts: CellSpaceParts<Id>): SearchSpace<Id, EdgeGraph | NodeGraph> {
  const { id, ops, nodes, on } = parts;
  const edges = parts.edges ?? allPairs(nodes);
  check(parts, edges);
  const vocabulary: Vocabulary = {
    markers: on === 'nodes' ? ['input', 'output'] : [],
    ops,
    phantoms: [],
    zero: parts.zero ?? null,
  };
  const places = on === 'edges' ? edges.length : nodes - 2;
  const zero = parts.zero === undefined ? -1 : ops.indexOf(parts.zero);
  const size = ops.length ** places;
  const nodeNames = Array.from({ length: nodes }, (_, i) => String(i + 1));
  const says = on === 'edges' ? 'an operation for each edge' : 'an operation for each inner node';

  const write = (numbers: readonly number[]): ArchId<Id> => writeTuple(numbers) as ArchId<Id>;
  const numbersOf = (arch: ArchId<Id>): number[] => arch.slice(1, -1).split(', ').map(Number);
  const example = Array.from({ length: places }, (_, i) => i % ops.length);
  const names = (numbers: readonly number[]): string => numbers.map((op) => ops[op]).join('|');

  const toGraph = (arch: ArchId<Id>): EdgeGraph | NodeGraph => {
    const chosen = numbersOf(arch).map((op) => ops[op]);
    const shared = { space: id, vocabulary, output: nodes - 1 };
    if (on === 'nodes') return { kind: 'node-ops', ...shared, nodes: ['input', ...chosen, 'output'], input: 0, edges };
    const carriers = edges.map(([from, to], e) => ({ from, to, op: chosen[e] }));
    return { kind: 'edge-ops', ...shared, nodeCount: nodes, nodeNames, inputs: [0], edges: carriers };
  };

  return {
    id,
    title: parts.title ?? id,
    cite: parts.cite ?? 'unpublished',
    vocabulary,
    size,
    encodings: [
      { id: 'numbers', says: `tuple: the number of ${says}`, example: write(example) },
      { id: 'names', says: `the name of ${says}`, example: names(example) },
    ],
    parse(text) {
      const cursor = new Cursor(id, text);
      cursor.skipBlanks();
      if (/[([]/.test(cursor.peek())) {
        return write(readTuple(cursor, { count: places, low: 0, high: ops.length - 1, says: 'an operation' }));
      }
      return write(readNames(cursor, ops, places));
    },
    format: (arch) => names(numbersOf(arch)),
    toGraph,
    sample: (rng) => write(example.map(() => rng.int(ops.length))),
    all: size > MOST_LISTED ? null : () => countUp(places, ops.length, write),
    neighbours(arch) {
      const here = numbersOf(arch);
      return here.flatMap((old, k) =>
        ops.flatMap((_, op) => (op === old ? [] : [write(here.map((other, j) => (j === k ? op : other)))])),
      );
    },
    canonical(arch) {
      if (zero < 0 || on === 'nodes') return arch;
      const here = numbersOf(arch);
      const alive = edgesOnPaths(nodes, edges, (e) => here[e] !== zero);
      return write(here.map((op, e) => (alive[e] ? op : zero)));
    },
    identity(arch) {
      const graph = toGraph(arch);
      return graph.kind === 'edge-ops' ? functionalClass(graph) : cellExpression(graph);
    },
  };
}

function allPairs(nodes: number): (readonly [number, number])[] {
  return Array.from({ length: nodes }, (_, from) =>
    Array.from({ length: nodes - from - 1 }, (_, k) => [from, from + k + 1] as const),
  ).flat();
}

function* countUp<T>(places: number, base: number, write: (numbers: readonly number[]) => T): Iterable<T> {
  const numbers = new Array<number>(places).fill(0);
  for (;;) {
    yield write(numbers);
    let k = places - 1;
    while (k >= 0 && ++numbers[k] === base) numbers[k--] = 0;
    if (k < 0) return;
  }
}

function readNames(cursor: Cursor, ops: readonly string[], places: number): number[] {
  const longestFirst = [...ops].sort((a, b) => b.length - a.length);
  const numbers: number[] = [];
  while (numbers.length < places) {
    if (numbers.length > 0) cursor.expect('|');
    const name = longestFirst.find((op) => cursor.eat(op));
    if (name === undefined) throw cursor.problem(`one of ${ops.join(', ')}`);
    numbers.push(ops.indexOf(name));
  }
  cursor.end();
  return numbers;
}

/** Which of the edges that are `open` lie on a path of such edges from the first node to the last. */
function edgesOnPaths(nodes: number, edges: readonly (readonly [number, number])[], open: (edge: number) => boolean): boolean[] {
  const walk = (start: number, from: 0 | 1): Uint8Array => {
    const reached = new Uint8Array(nodes);
    reached[start] = 1;
    for (let round = 0; round < nodes; round++) {
      edges.forEach((ends, e) => {
        if (open(e) && reached[ends[from]] === 1) reached[ends[1 - from]] = 1;
      });
    }
    return reached;
  };
  const [forward, backward] = [walk(0, 0), walk(nodes - 1, 1)];
  return edges.map(([from, to], e) => open(e) && forward[from] === 1 && backward[to] === 1);
}

function check({ id, ops, nodes, on, zero }: CellSpaceParts<string>, edges: readonly (readonly [number, number])[]): void {
  const wrong = (expected: string, got: string): ShapeError => new ShapeError({ argument: `defineSpace: ${id}`, expected, got });
  if (ops.length < 2 || new Set(ops).size < ops.length) throw wrong('two or more different operations', ops.join(', '));
  const bad = ops.find((op) => /[|\s([]/.test(op) || op === '' || op === 'input' || op === 'output');
  if (bad !== undefined) throw wrong('names without blanks, bars and brackets, other than input and output', bad);
  if (zero !== undefined && (on === 'nodes' || !ops.includes(zero))) {
    throw wrong('a zero operation that is one of the operations, on edges', zero);
  }
  if (!Number.isInteger(nodes) || nodes < 2 || (on === 'nodes' && nodes < 3))
    throw wrong('an input, an output, something to choose', `${nodes} nodes`);
  const odd = edges.find(
    ([from, to]) => !(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to < nodes),
  );
  if (odd !== undefined) throw wrong('edges from a lower to a higher node', `${odd[0]} -> ${odd[1]}`);
  if (new Set(edges.map(String)).size < edges.length) throw wrong('each edge once', `${edges.length} edges`);
  const lone = Array.from({ length: nodes }, (_, i) => i).find((i) => !edges.some((ends) => ends.includes(i)));
  if (lone !== undefined) throw wrong('each node on an edge', `node ${lone} on none`);
  if (!edgesOnPaths(nodes, edges, () => true).every((on) => on))
    throw wrong('every edge on a path from input to output', 'one that is not');
}
