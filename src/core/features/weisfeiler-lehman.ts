import { ShapeError } from '../base/errors.js';
import { type ColumnValues, type FeatureTable, featureTable } from '../base/table.js';
import type { CellGraph, EdgeGraph, NodeGraph, SequenceGraph } from '../ir/cell-graph.js';
import { checkGraph } from '../ir/check-graph.js';

export interface WeisfeilerLehmanOptions {
  /** Rounds of relabelling; 0 counts operations alone. */
  readonly rounds?: number;
}

/** One round, as NAS-BOWL and the GRAF paper use it. */
const DEFAULTS: Required<WeisfeilerLehmanOptions> = { rounds: 1 };

/**
 * Weisfeiler-Lehman subtree features: how often each operation occurs, then how often it occurs with each multiset of
 * operations that read its output, then the same with those labels in place of operations, and so on. Isomorphic graphs
 * have equal rows. Where operations sit on edges, two are neighbours when one leaves the node that the other enters.
 *
 * Columns are the subtrees that occur in these graphs, shallow ones first, then in the order of their names: `wl_1_a>[b,c]`
 * is an `a` whose readers are a `b` and a `c`. Rows of one call are comparable, those of two calls are not.
 * @throws ShapeError for no graphs, graphs of several spaces, or a negative or broken number of rounds.
 * @see Shervashidze et al. 2011, JMLR 12; Ru et al. 2021, arXiv 2006.07556 (NAS-BOWL).
 * Takes O(graphs × nodes × rounds), about 20 microseconds a NAS-Bench-201 cell.
 */
export function weisfeilerLehman(graphs: readonly CellGraph[], options: WeisfeilerLehmanOptions = {}): FeatureTable {
  const rounds = options.rounds ?? DEFAULTS.rounds;
  checkArguments(graphs, rounds);
  const subtrees = new Map<string, Subtree>();
  let most = 0;
  const rows = graphs.map((graph) => {
    const counts = new Map<Subtree, number>();
    for (const [cell, nodes] of labelledNodes(graph)) {
      let labels = nodes.labels;
      for (let depth = 0; depth <= rounds; depth++) {
        if (depth > 0) labels = relabelled(labels, nodes.next);
        for (const label of labels) {
          const name = `wl_${depth}_${cell}${label}`;
          let subtree = subtrees.get(name);
          if (subtree === undefined) {
            subtree = { name, depth, says: inWords(cell, label, depth) };
            subtrees.set(name, subtree);
          }
          const count = (counts.get(subtree) ?? 0) + 1;
          counts.set(subtree, count);
          if (count > most) most = count;
        }
      }
    }
    return counts;
  });

  const columns = [...subtrees.values()].sort((a, b) => a.depth - b.depth || (a.name < b.name ? -1 : 1));
  const values = new Map(columns.map((subtree): [Subtree, ColumnValues] => [subtree, emptyColumn(rows.length, most)]));
  rows.forEach((counts, row) => {
    for (const [subtree, count] of counts) (values.get(subtree) as ColumnValues)[row] = count;
  });
  return featureTable(
    rows.length,
    columns.map(({ name, says }) => ({ name, says, family: 'wl', unit: 'ops' })),
    [...values.values()],
  );
}

interface Subtree {
  readonly name: string;
  readonly depth: number;
  readonly says: string;
}

/** Operations with those that read them, by index. */
interface LabelledNodes {
  readonly labels: readonly string[];
  readonly next: readonly (readonly number[])[];
}

function checkArguments(graphs: readonly CellGraph[], rounds: number): void {
  if (graphs.length === 0) throw new ShapeError({ argument: 'wl: graphs', expected: 'at least one graph', got: 'none' });
  if (!(Number.isInteger(rounds) && rounds >= 0)) {
    throw new ShapeError({ argument: 'wl: rounds', expected: 'a whole number from 0', got: `${rounds}` });
  }
  checkGraph('wl: graphs[0]', graphs[0]);
  const [{ kind, space }] = graphs;
  const other = graphs.findIndex((graph) => graph.kind !== kind || graph.space !== space);
  if (other < 0) return;
  throw new ShapeError({
    argument: `wl: graphs[${other}]`,
    expected: `a graph of ${space}, as graphs[0] is`,
    got: `one of ${graphs[other].space} (${graphs[other].kind})`,
  });
}

/** Counts that fit a byte are kept as bytes. */
function emptyColumn(length: number, most: number): ColumnValues {
  return most > 127 ? new Float64Array(length) : new Int8Array(length);
}

function relabelled(labels: readonly string[], next: LabelledNodes['next']): string[] {
  return labels.map((label, i) => {
    const readers = next[i].map((n) => labels[n]).sort();
    return `${label}>[${readers.join(',')}]`;
  });
}

function inWords(cell: string, label: string, depth: number): string {
  const where = cell === '' ? '' : ` in the ${cell.slice(0, -1)} cell`;
  return depth === 0 ? `number of ${label}${where}` : `number of ${label}${where}: an operation and those that read it`;
}

/** Each cell's nodes, with what stands before their labels. */
function labelledNodes(graph: CellGraph): readonly (readonly [cell: string, nodes: LabelledNodes])[] {
  switch (graph.kind) {
    case 'edge-ops':
      return [['', lineGraph(graph)]];
    case 'node-ops':
      return [['', nodeGraph(graph)]];
    case 'sequence':
      return [['', chain(graph)]];
    case 'cell-stack':
      return graph.cells.map((cell) => [`${cell.name}_`, lineGraph(cell.graph)]);
  }
}

/**
 * The edges' operations as nodes, between the cell's inputs and its output. Edges that nobody chose (DARTS' edges into the
 * output) are wires: what enters them is read by the output.
 */
function lineGraph(graph: EdgeGraph): LabelledNodes {
  const { edges, inputs, nodeNames, output, vocabulary } = graph;
  const chosen = edges.filter((edge) => !vocabulary.markers.includes(edge.op));
  const first = inputs.length;
  const last = first + chosen.length;
  const readers: number[][] = Array.from({ length: graph.nodeCount }, () => []);
  readers[output].push(last);
  chosen.forEach((edge, e) => {
    readers[edge.from].push(first + e);
  });
  for (const edge of edges) if (edge.to === output && !chosen.includes(edge)) readers[edge.from].push(last);
  const inputLabel = (node: number): string => (inputs.length === 1 ? 'input' : nodeNames[node]);
  return {
    labels: [...inputs.map(inputLabel), ...chosen.map((edge) => edge.op), 'output'],
    next: [...inputs.map((node) => readers[node]), ...chosen.map((edge) => readers[edge.to]), []],
  };
}

function nodeGraph({ nodes, edges }: NodeGraph): LabelledNodes {
  const next: number[][] = nodes.map(() => []);
  for (const [from, to] of edges) next[from].push(to);
  return { labels: nodes, next };
}

function chain({ blocks }: SequenceGraph): LabelledNodes {
  return { labels: blocks, next: blocks.map((_, i) => (i + 1 < blocks.length ? [i + 1] : [])) };
}
