import { inspect } from 'node:util';
import type { FeatureTable } from '../core/base/table.js';
import type { Importance } from '../core/explain/importance.js';
import type { CellGraph } from '../core/ir/cell-graph.js';
import type { Benchmark } from '../data/benchmark.js';
import { describe, picture } from './cell-picture.js';
import { type DataGrid, gridHtml, gridText } from './data-grid.js';
import { escapeMarkup } from './escape.js';
import type { Figure } from './figure.js';
import { figureBundle } from './figure-bundle.js';
import { importanceBars } from './figures/importance-bars.js';
import type { MimeBundle } from './sink.js';
import { isArquero, isFrame, isSeries } from './tabular.js';

/** How one kind of value is shown. The first that matches is taken. */
interface Shown {
  readonly matches: (value: unknown) => boolean;
  readonly bundle: (value: never) => MimeBundle;
}

const kinds: readonly Shown[] = [
  { matches: isOfKind('figure'), bundle: (figure: Figure) => figureBundle(figure) },
  { matches: isOfKind('importance'), bundle: (importance: Importance) => figureBundle(importanceBars(importance)) },
  { matches: isGraph, bundle: (graph: CellGraph) => ({ 'text/plain': describe(graph), 'image/svg+xml': picture(graph) }) },
  { matches: (value) => isListOf(value, isGraph), bundle: (graphs: CellGraph[]) => pictures(graphs) },
  { matches: isOfKind('benchmark'), bundle: (bench: Benchmark) => benchmarkBundle(bench) },
  { matches: isOfKind('feature-table'), bundle: (table: FeatureTable) => gridBundle(featureGrid(table)) },
  { matches: isFrame, bundle: (frame: Parameters<typeof frameGrid>[0]) => gridBundle(frameGrid(frame)) },
  { matches: isSeries, bundle: (series: Parameters<typeof seriesGrid>[0]) => gridBundle(seriesGrid(series)) },
  { matches: isArquero, bundle: (table: Parameters<typeof arqueroGrid>[0]) => gridBundle(arqueroGrid(table)) },
  { matches: (value) => isListOf(value, isPlainObject), bundle: (rows: Record<string, unknown>[]) => gridBundle(rowsGrid(rows)) },
  { matches: isNumbersByName, bundle: (numbers: Record<string, number>) => gridBundle(numbersGrid(numbers)) },
  {
    matches: (value) => typeof value === 'number',
    bundle: (value: number) => ({ 'text/plain': String(Number(value.toPrecision(6))) }),
  },
  { matches: (value) => typeof value === 'string', bundle: (value: string) => ({ 'text/plain': value }) },
];

/** A value in the forms that a notebook and a terminal show. Whatever is not known by its shape is shown as Node prints it. */
export function mimeBundle(value: unknown): MimeBundle {
  const shown = kinds.find((kind) => kind.matches(value));
  if (shown !== undefined) return shown.bundle(value as never);
  return { 'text/plain': inspect(value, { depth: 3, maxArrayLength: 20, breakLength: 100 }) };
}

function gridBundle(grid: DataGrid): MimeBundle {
  return { 'text/plain': gridText(grid), 'text/html': gridHtml(grid) };
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

function benchmarkBundle(bench: Benchmark): MimeBundle {
  const columns = bench.columns.filter((column) => column.role !== 'embedding');
  const present = columns.map((column) => bench.column(column.name).reduce((n, value) => n + (Number.isNaN(value) ? 0 : 1), 0));
  const embeddings = bench.columns.length - columns.length;
  const what = [
    `${bench.title}, ${bench.dataset}: ${bench.size.toLocaleString('en')} architectures of ${bench.space.id}`,
    ...(embeddings === 0 ? [] : [`and ${embeddings} embedding columns`]),
    ...(bench.cite === '' ? [] : [bench.cite]),
    `data ${bench.hash.slice(0, 12)}`,
  ];
  return gridBundle({
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
  });
}

function featureGrid(table: FeatureTable): DataGrid {
  return {
    rowCount: table.rowCount,
    columns: table.columns.map((column, c) => ({
      name: column.name,
      says: column.unit === '' ? column.says : `${column.says}, in ${column.unit}`,
      cells: table.values[c],
    })),
  };
}

function frameGrid(frame: { readonly columns: string[]; readonly index: unknown[]; readonly values: unknown }): DataGrid {
  const rows = frame.values as readonly (readonly unknown[])[];
  const columns = frame.columns.map((name, c) => ({ name: String(name), cells: rows.map((row) => row[c]) }));
  return { rowCount: rows.length, columns, index: frame.index };
}

function seriesGrid(series: { readonly columns: string[]; readonly index: unknown[]; readonly values: unknown }): DataGrid {
  const cells = series.values as readonly unknown[];
  return { rowCount: cells.length, columns: [{ name: String(series.columns[0]), cells }], index: series.index };
}

function arqueroGrid(table: { columnNames(): string[]; array(name: string): ArrayLike<unknown>; numRows(): number }): DataGrid {
  return { rowCount: table.numRows(), columns: table.columnNames().map((name) => ({ name, cells: table.array(name) })) };
}

function rowsGrid(rows: readonly Readonly<Record<string, unknown>>[]): DataGrid {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { rowCount: rows.length, columns: names.map((name) => ({ name, cells: rows.map((row) => row[name]) })) };
}

/** A handful of named numbers, as the metrics give: one line each. */
function numbersGrid(numbers: Readonly<Record<string, number>>): DataGrid {
  const names = Object.keys(numbers);
  const cells = names.map((name) => String(Number(numbers[name].toPrecision(6))));
  return { rowCount: names.length, columns: [{ name: 'value', cells }], index: names, caption: '' };
}

function isOfKind(kind: string): (value: unknown) => boolean {
  return (value) => typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

function isGraph(value: unknown): boolean {
  return ['edge-ops', 'node-ops', 'sequence', 'cell-stack'].some((kind) => isOfKind(kind)(value));
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
