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
