import { ShapeError } from '../../base/errors.js';
import { type Column, type FeatureTable, featureTable } from '../../base/table.js';
import { type ComputeGraph, computeEdges } from '../../ir/compute-graph.js';
import { cost } from '../../ir/cost.js';
import { reach } from '../../ir/reach.js';
import { frequentOperations, isEnd, operationName } from './operation-names.js';
import { pathLengths } from './operation-paths.js';
import { STAGES, stagesOf } from './stages.js';

export interface ComputeFeaturesOptions {
  /** Operations that paths, degrees and stages are told apart by: the `size` most frequent of the graphs unless given. */
  readonly vocabulary?: readonly string[];
  /** 6 unless said: each one more doubles the number of path columns. At most 10. */
  readonly size?: number;
}

const MOST_OPERATIONS = 10;

/**
 * GRAF for any network: counts, shortest and longest paths that avoid operations, degrees, all over the operations that
 * are most frequent in the graphs at hand; then counts by stage of resolution, and the network's size and cost. On a cell
 * written down as a graph, counts, shortest paths and degrees are GRAF's own (its names with `compute_` before them).
 * Names and the order of nodes do not matter. Where no path is left, its length is the number of nodes (shortest, as
 * GRAF has it on NAS-Bench-101) or 0 (longest).
 * @returns one row a graph. To describe other graphs by the same columns, give the `vocabulary` that was used.
 * @throws ShapeError when there is no graph, or its shapes do not fit. Takes some 2 ms for 200 nodes.
 */
export function computeFeatures(graphs: readonly ComputeGraph[], options: ComputeFeaturesOptions = {}): FeatureTable {
  if (graphs.length === 0) throw new ShapeError({ argument: 'computeFeatures: graphs', expected: 'at least one', got: 'none' });
  const vocabulary = options.vocabulary ?? frequentOperations(graphs, options.size ?? 6);
  if (vocabulary.length > MOST_OPERATIONS || new Set(vocabulary).size < vocabulary.length) {
    const expected = `at most ${MOST_OPERATIONS} different operations`;
    throw new ShapeError({ argument: 'computeFeatures: vocabulary', expected, got: vocabulary.join(', ') });
  }
  const columns = columnsFor(vocabulary);
  const values = columns.map(() => new Float64Array(graphs.length));
  graphs.forEach((graph, row) => {
    const numbers = describe(graph, vocabulary);
    columns.forEach((_, c) => {
      values[c][row] = numbers[c];
    });
  });
  return featureTable(graphs.length, columns, values);
}

/** Sets of operations by size, then by place: GRAF's order. Bit i stands for `vocabulary[i]`. */
function masks(size: number, least: number, most: number): number[] {
  const members = (mask: number): number[] => Array.from({ length: size }, (_, i) => i).filter((i) => (mask >> i) & 1);
  const all = Array.from({ length: 2 ** size }, (_, mask) => mask).filter((mask) => {
    const count = members(mask).length;
    return count >= least && count <= most;
  });
  const compare = (a: readonly number[], b: readonly number[]): number => {
    const different = a.findIndex((member, i) => member !== b[i]);
    return a.length - b.length || (different < 0 ? 0 : a[different] - b[different]);
  };
  return all.sort((a, b) => compare(members(a), members(b)));
}

function bannedSets(vocabulary: readonly string[]): number[] {
  return masks(vocabulary.length, 0, Math.max(vocabulary.length - 1, 0));
}

function columnsFor(vocabulary: readonly string[]): Column[] {
  const column = (name: string, says: string, family: string, unit: string, ops?: readonly string[]): Column => ({
    name: `compute_${name}`,
    says,
    family: `compute_${family}`,
    unit,
    ...(ops === undefined ? {} : { ops }),
  });
  const sets = bannedSets(vocabulary).map((mask) => {
    const out = vocabulary.filter((_, i) => (mask >> i) & 1);
    const words = out.length === 0 ? 'using any operation' : `without ${out.join(', ')}`;
    return { name: `(${out.join(', ')})`, words, ops: vocabulary.filter((op) => !out.includes(op)) };
  });
  return [
    ...vocabulary.map((op) => column(`op_count_${op}`, `number of ${op} nodes`, 'op_count', 'nodes', [op])),
    column('op_count_rest', 'number of nodes with other operations', 'op_count', 'nodes'),
    ...sets.map(({ name, words, ops }) =>
      column(`min_path_len_banned_${name}`, `shortest path ${words}`, 'min_path_len', 'edges', ops),
    ),
    ...sets.map(({ name, words, ops }) =>
      column(`max_path_len_banned_${name}`, `longest path ${words}`, 'max_path_len', 'edges', ops),
    ),
    ...vocabulary.flatMap((op) => [
      column(`node_degree_${op}_in_degree`, `edges from ${op} into an output`, 'node_degree', 'edges', [op]),
      column(`node_degree_${op}_out_degree`, `edges from an input to ${op}`, 'node_degree', 'edges', [op]),
      column(`node_degree_${op}_avg_in`, `edges from ${op} per node`, 'node_degree', 'edges per node', [op]),
      column(`node_degree_${op}_avg_out`, `edges to ${op} per node`, 'node_degree', 'edges per node', [op]),
    ]),
    ...Array.from({ length: STAGES }, (_, stage) => [
      column(`stage_${stage}_nodes`, `number of nodes after ${stage} halvings`, 'stage', 'nodes'),
      ...vocabulary.map((op) =>
        column(`stage_${stage}_${op}`, `number of ${op} nodes after ${stage} halvings`, 'stage', 'nodes', [op]),
      ),
    ]).flat(),
    ...GLOBAL.map(([name, says, unit]) => column(name, says, 'global', unit)),
  ];
}

const GLOBAL: readonly (readonly [name: string, says: string, unit: string])[] = [
  ['nodes', 'number of nodes', 'nodes'],
  ['edges', 'number of edges', 'edges'],
  ['joins', 'share of nodes with several inputs', ''],
  ['forks', 'share of nodes that several nodes read', ''],
  ['longest_path', 'longest path', 'edges'],
  ['depth', 'layers with weights on the path that has the most of them', 'layers'],
  ['log10_macs', 'multiply-accumulates, as a power of ten', ''],
  ['log10_params', 'parameters, as a power of ten', ''],
  ['log10_activations', 'values that convolutions and matrix products give, as a power of ten', ''],
  ['log10_traffic', 'values read and written, as a power of ten', ''],
  ['receptive_field', 'height that one value at the end sees, in input rows', 'pixels'],
];

/** The numbers in the order of the columns. */
function describe(graph: ComputeGraph, vocabulary: readonly string[]): number[] {
  const { nodes } = graph;
  const labels = Int32Array.from(nodes, ({ op }) => (isEnd(op) ? -1 : vocabulary.indexOf(operationName(op))));
  const size = vocabulary.length;
  const counts = new Array<number>(size + 1).fill(0);
  const [intoOutput, fromInput, sources, targets] = Array.from({ length: 4 }, () => new Array<number>(size).fill(0));
  const stages = stagesOf(graph);
  const byStage = Array.from({ length: STAGES }, () => new Array<number>(size + 1).fill(0));
  nodes.forEach(({ op }, i) => {
    byStage[stages[i]][0]++;
    if (labels[i] >= 0) byStage[stages[i]][labels[i] + 1]++;
    if (!isEnd(op)) counts[labels[i] < 0 ? size : labels[i]]++;
  });
  const edges = computeEdges(graph);
  const readers = new Int32Array(nodes.length);
  for (const [from, to] of edges) {
    readers[from]++;
    if (labels[from] >= 0) {
      sources[labels[from]]++;
      if (nodes[to].op.type === 'output') intoOutput[labels[from]]++;
    }
    if (labels[to] >= 0) {
      targets[labels[to]]++;
      if (nodes[from].op.type === 'input') fromInput[labels[to]]++;
    }
  }
  const lengths = pathLengths(graph, labels, bannedSets(vocabulary));
  const { macs, params, activations, traffic } = cost(graph);
  const far = reach(graph);
  const share = (count: number): number => (nodes.length === 0 ? 0 : count / nodes.length);
  return [
    ...counts,
    ...lengths.map(({ shortest }) => (shortest < 0 ? nodes.length : shortest)),
    ...lengths.map(({ longest }) => Math.max(longest, 0)),
    ...vocabulary.flatMap((_, k) => [intoOutput[k], fromInput[k], share(sources[k]), share(targets[k])]),
    ...byStage.flat(),
    nodes.length,
    edges.length,
    share(nodes.filter(({ inputs }) => new Set(inputs).size > 1).length),
    share(readers.filter((count) => count > 1).length),
    far.longestPath,
    far.depth,
    ...[macs, params, activations, traffic].map((value) => Math.log10(value + 1)),
    far.receptiveField[0],
  ];
}
