import { inspect } from 'node:util';
import type { FeatureTable } from '../core/base/table.js';
import type { Explained, Importance } from '../core/explain/importance.js';
import type { CellGraph } from '../core/ir/cell-graph.js';
import type { ComputeGraph } from '../core/ir/compute-graph.js';
import type { GraphStats } from '../core/ir/graph-stats.js';
import type { Fitted } from '../core/models/predictor.js';
import type { SearchSpace } from '../core/spaces/space.js';
import type { Benchmark } from '../data/benchmark.js';
import { describe, picture } from './cell-picture.js';
import type { Comparison } from './compare.js';
import { computePicture, describeCompute } from './compute-picture.js';
import { type DataGrid, gridHtml, gridText } from './data-grid.js';
import { escapeMarkup } from './escape.js';
import type { Figure } from './figure.js';
import { figureBundle } from './figure-bundle.js';
import { importanceBars } from './figures/importance-bars.js';
import { type TrainedNetwork, trainingCurve } from './figures/training-curve.js';
import { arqueroGrid, columnsGrid, featureGrid, frameGrid, numbersGrid, rowsGrid, seriesGrid } from './grids.js';
import type { HtmlView } from './html-view.js';
import { type Panels, panelsBundle } from './panels.js';
import type { MimeBundle } from './sink.js';
import { benchmarkGrid, isScore, modelGrid, scoreGrid, spaceGrid, statsGrid } from './summaries.js';
import { isArquero, isFrame, isSeries } from './tabular.js';

/**
 * An object with a method of this name shows itself: it gives its bundle, with `text/plain` at least. Other TypeScript kernels
 * know the same name, so that what is made for one is shown in all.
 */
const DISPLAY: unique symbol = Symbol.for('Jupyter.display');

type ToBundle = (value: never) => MimeBundle;

/** Our own values say by `kind` what they are. */
const byKind: Readonly<Record<string, ToBundle>> = {
  figure: (figure: Figure) => figureBundle(figure),
  importance: (importance: Importance) => figureBundle(importanceBars(importance)),
  'shap-values': (shap: Explained) => figureBundle(importanceBars(shap)),
  benchmark: (bench: Benchmark) => gridBundle(benchmarkGrid(bench)),
  'feature-table': (table: FeatureTable) => gridBundle(featureGrid(table)),
  'html-view': ({ html, text }: HtmlView) => ({ 'text/plain': text, 'text/html': html }),
  comparison: (race: Comparison) => ({ ...figureBundle(race.figure), 'text/plain': race.report.text }),
  panels: (panels: Panels) => panelsBundle(panels.items.map(mimeBundle)),
  'edge-ops': graphBundle,
  'node-ops': graphBundle,
  sequence: graphBundle,
  'cell-stack': graphBundle,
  'compute-graph': (graph: ComputeGraph) => ({ 'text/plain': describeCompute(graph), 'image/svg+xml': computePicture(graph) }),
};

/** Everything else is known by its shape. The first that matches is taken. */
const byShape: readonly { readonly matches: (value: unknown) => boolean; readonly bundle: ToBundle }[] = [
  { matches: (value) => isListOf(value, isGraph), bundle: (graphs: CellGraph[]) => pictures(graphs) },
  { matches: isFrame, bundle: (frame: Parameters<typeof frameGrid>[0]) => gridBundle(frameGrid(frame)) },
  { matches: isSeries, bundle: (series: Parameters<typeof seriesGrid>[0]) => gridBundle(seriesGrid(series)) },
  { matches: isArquero, bundle: (table: Parameters<typeof arqueroGrid>[0]) => gridBundle(arqueroGrid(table)) },
  { matches: (value) => hasMethods(value, 'predict', 'toJSON'), bundle: (model: Fitted) => gridBundle(modelGrid(model)) },
  { matches: (value) => hasMethods(value, 'parse', 'toGraph'), bundle: (space: SearchSpace) => gridBundle(spaceGrid(space)) },
  { matches: (value) => isListOf(value, isPlainObject), bundle: (rows: Record<string, unknown>[]) => gridBundle(rowsGrid(rows)) },
  {
    matches: isNumbersByName,
    bundle: (numbers: Record<string, number>) => gridBundle(isScore(numbers) ? scoreGrid(numbers) : numbersGrid(numbers)),
  },
  { matches: isStats, bundle: (stats: GraphStats) => gridBundle(statsGrid(stats)) },
  { matches: isTraining, bundle: (trained: TrainedNetwork) => figureBundle(trainingCurve(trained)) },
  { matches: isColumns, bundle: (columns: Record<string, ArrayLike<number>>) => gridBundle(columnsGrid(columns)) },
  {
    matches: (value) => typeof value === 'number',
    bundle: (value: number) => ({ 'text/plain': String(Number(value.toPrecision(6))) }),
  },
  { matches: (value) => typeof value === 'string', bundle: (value: string) => ({ 'text/plain': value }) },
];

/** A value in the forms that a notebook and a terminal show. Whatever is not known by its kind or shape is shown as Node prints it. */
export function mimeBundle(value: unknown): MimeBundle {
  const own = bundleOfItself(value);
  if (own !== null) return own;
  const kind = kindOf(value);
  const known =
    kind !== null && Object.hasOwn(byKind, kind) ? byKind[kind] : byShape.find((shape) => shape.matches(value))?.bundle;
  if (known !== undefined) return known(value as never);
  return { 'text/plain': inspect(value, { depth: 3, maxArrayLength: 20, breakLength: 100 }) };
}

function bundleOfItself(value: unknown): MimeBundle | null {
  if (typeof value !== 'object' || value === null || !(DISPLAY in value) || typeof value[DISPLAY] !== 'function') return null;
  const bundle: unknown = (value as { [DISPLAY](): unknown })[DISPLAY]();
  if (typeof bundle !== 'object' || bundle === null || bundle instanceof Promise) return null;
  return { 'text/plain': inspect(value, { depth: 1 }), ...bundle };
}

function gridBundle(grid: DataGrid): MimeBundle {
  return { 'text/plain': gridText(grid), 'text/html': gridHtml(grid) };
}

function graphBundle(graph: CellGraph): MimeBundle {
  return { 'text/plain': describe(graph), 'image/svg+xml': picture(graph) };
}

/** Several pictures in a row that wraps, each over its description. */
function pictures(graphs: readonly CellGraph[]): MimeBundle {
  const figures = graphs.map(
    (graph) =>
      `<figure style="margin:0">${picture(graph)}<figcaption><small>${escapeMarkup(describe(graph))}</small></figcaption></figure>`,
  );
  return {
    'text/plain': graphs.map(describe).join('\n'),
    'text/html': `<div style="display:flex;flex-wrap:wrap;gap:1.5em;align-items:flex-end">${figures.join('')}</div>`,
  };
}

function kindOf(value: unknown): string | null {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string' ? value.kind : null;
}

function isGraph(value: unknown): boolean {
  return ['edge-ops', 'node-ops', 'sequence', 'cell-stack'].includes(kindOf(value) ?? '');
}

function hasMethods(value: unknown, ...names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
}

function isListOf(value: unknown, test: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(test);
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  // Objects made in a notebook's cell may come from another realm, whose Object.prototype is another object.
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isNumbersByName(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const values = Object.values(value as object);
  return values.length > 0 && values.every((item) => typeof item === 'number');
}

function isStats(value: unknown): boolean {
  return isPlainObject(value) && ['macs', 'receptiveField', 'eigenvalues', 'coverage'].every((name) => name in (value as object));
}

function isTraining(value: unknown): boolean {
  if (!isPlainObject(value) || !['metrics', 'canonical', 'task'].every((name) => name in (value as object))) return false;
  const { losses } = value as { losses?: unknown };
  return Array.isArray(losses) && losses.some((loss) => Number.isFinite(loss));
}

/** Lists of numbers by name, all of one length: predictions with their intervals, for one. */
function isColumns(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const lists = Object.values(value as object).filter(isNumbers);
  return (
    lists.length > 0 && lists.length === Object.keys(value as object).length && lists.every((l) => l.length === lists[0].length)
  );
}

function isNumbers(value: unknown): value is ArrayLike<number> {
  const list = Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
  return list && Array.prototype.every.call(value, (cell) => typeof cell === 'number');
}
