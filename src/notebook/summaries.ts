import type { GraphStats } from '../core/ir/graph-stats.js';
import { type MetricId, metrics } from '../core/metrics/index.js';
import type { Fitted } from '../core/models/predictor.js';
import { isTreeEnsemble } from '../core/models/trees/ensemble.js';
import type { SearchSpace } from '../core/spaces/space.js';
import type { Benchmark } from '../data/benchmark.js';
import { isMeanOfTrees } from './card/tree-spread.js';
import type { DataGrid } from './data-grid.js';
import { factsGrid, shortNumber } from './grids.js';

/** A benchmark as the list of its columns. */
export function benchmarkGrid(bench: Benchmark): DataGrid {
  const columns = bench.columns.filter((column) => column.role !== 'embedding');
  const present = columns.map((column) => bench.column(column.name).reduce((n, value) => n + (Number.isNaN(value) ? 0 : 1), 0));
  const embeddings = bench.columns.length - columns.length;
  const what = [
    `${[bench.title, bench.dataset].filter((part) => part !== '').join(', ')}: ${bench.size.toLocaleString('en')} architectures of ${bench.space.id}`,
    ...(embeddings === 0 ? [] : [`and ${embeddings} embedding columns`]),
    ...(bench.cite === '' ? [] : [bench.cite]),
    `data ${bench.hash.slice(0, 12)}`,
  ];
  return {
    rowCount: columns.length,
    columns: [
      { name: 'column', cells: columns.map((column) => column.name) },
      { name: 'is', cells: columns.map((column) => (column.name === bench.defaultTarget ? 'default target' : column.role)) },
      { name: 'says', cells: columns.map((column) => column.says) },
      { name: 'unit', cells: columns.map((column) => column.unit) },
      { name: 'better', cells: columns.map((column) => (column.direction === 'none' ? '' : column.direction)) },
      { name: 'present', cells: present },
    ],
    caption: `${what.join('; ')}.`,
  };
}

/** A fitted model: its id, how many columns it reads, its trees if it has some, and its own plain numbers and words. */
export function modelGrid(model: Fitted): DataGrid {
  const facts: [string, unknown][] = [['model', model.id]];
  if ('columns' in model && Array.isArray(model.columns)) facts.push(['columns', model.columns.length]);
  if (isTreeEnsemble(model)) {
    const nodes = model.trees.reduce((sum, tree) => sum + tree.feature.length, 0);
    // A forest's root counts the rows that its tree grew on, repeats of the bootstrap sample included: as many as there were.
    if (isMeanOfTrees(model)) facts.push(['training rows', model.trees[0].cover[0]]);
    facts.push(['trees', model.trees.length], ['nodes', nodes]);
  }
  for (const [name, value] of Object.entries(model)) {
    const isOwn = name !== 'id' && name !== 'treeWeight' && name !== 'offset';
    if (isOwn && (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'))
      facts.push([name, value]);
  }
  return factsGrid(facts, 'A fitted model: predict(x), toJSON().');
}

export function spaceGrid(space: SearchSpace): DataGrid {
  const size = space.size === null ? 'not counted' : shortNumber(space.size);
  const facts: (readonly [string, unknown])[] = [
    ['space', `${space.title} (${space.id})`],
    ['operations', space.vocabulary.ops.join(', ')],
    ['architectures', size],
    ...space.encodings.map(({ id, says, example }) => [id, `${says}: ${example}`] as const),
  ];
  return factsGrid(facts, `${space.cite}.`);
}

/** What is known of a computation graph: one line each, in words. */
export function statsGrid(stats: GraphStats): DataGrid {
  const { ops, receptiveField, eigenvalues, coverage, warnings } = stats;
  const known: Readonly<Record<string, unknown>> = {
    ...stats,
    ops: Object.entries(ops)
      .map(([op, count]) => `${op} ${count}`)
      .join(', '),
    receptiveField: receptiveField.map(shortNumber).join(' × '),
    eigenvalues: eigenvalues === null ? null : spanOf(eigenvalues),
    coverage: `${shortNumber(100 * coverage)} %`,
    warnings: warnings.length === 0 ? 'none' : warnings.join('; '),
  };
  const names = Object.keys(known);
  const write = (value: unknown): unknown => (typeof value === 'number' ? shortNumber(value) : value);
  return {
    rowCount: names.length,
    columns: [
      { name: 'is', cells: names.map((name) => write(known[name])) },
      { name: 'says', cells: names.map((name) => STATS[name as keyof GraphStats] ?? '') },
    ],
    index: names,
    caption: 'Of one forward pass of one picture.',
  };
}

const STATS: Readonly<Record<keyof GraphStats, string>> = {
  nodes: 'operations, inputs and outputs included',
  weighted: 'nodes with kernels or matrices',
  edges: 'connections between nodes',
  ops: 'by the vocabulary of the published graphs; <oov> stands outside of it',
  flops: 'operations by the published counter',
  macs: 'multiply-accumulates',
  params: 'learned numbers',
  buffers: 'kept numbers that are not learned',
  activations: 'values that convolutions and matrix products give',
  traffic: 'values read and written',
  depth: 'weighted nodes on the path with the most of them',
  longestPath: 'edges',
  receptiveField: 'rows × columns of the input that one last place sees',
  eigenvalues: 'the smallest of the normalised Laplacian',
  coverage: 'nodes whose operation is known, and so costed',
  warnings: 'what is left out of these numbers',
};

function spanOf(values: readonly number[]): string {
  if (values.length === 0) return 'none';
  const [least, greatest] = [Math.min(...values), Math.max(...values)].map((value) => shortNumber(Number(value.toFixed(4))));
  return `${values.length} from ${least} to ${greatest}`;
}

/** Metrics with what they are and which way they are good. */
export function scoreGrid(score: Readonly<Record<string, number>>): DataGrid {
  const ids = Object.keys(score);
  const metric = (id: string): (typeof metrics)[MetricId] | undefined => (isMetric(id) ? metrics[id] : undefined);
  return {
    rowCount: ids.length,
    columns: [
      { name: 'value', cells: ids.map((id) => shortNumber(score[id])) },
      { name: 'says', cells: ids.map((id) => metric(id)?.says ?? SECONDS[id] ?? '') },
      { name: 'better', cells: ids.map((id) => metric(id)?.better ?? '') },
    ],
    index: ids,
    caption: '',
  };
}

/** Whether numbers by name are what `score` or `evaluate` gives. */
export function isScore(numbers: Readonly<Record<string, number>>): boolean {
  return 'tau' in numbers && Object.keys(numbers).every((name) => isMetric(name) || name in SECONDS);
}

const SECONDS: Readonly<Record<string, string>> = { fit_s: 'seconds to fit', predict_s: 'seconds to predict' };

function isMetric(id: string): id is MetricId {
  return Object.hasOwn(metrics, id);
}
