import type { FeatureTable } from '../core/base/table.js';
import type { DataGrid } from './data-grid.js';

export function featureGrid(table: FeatureTable): DataGrid {
  return {
    rowCount: table.rowCount,
    columns: table.columns.map((column, c) => ({
      name: column.name,
      says: column.unit === '' ? column.says : `${column.says}, in ${column.unit}`,
      cells: table.values[c],
    })),
  };
}

/** Of danfo. */
export function frameGrid(frame: { readonly columns: string[]; readonly index: unknown[]; readonly values: unknown }): DataGrid {
  const rows = frame.values as readonly (readonly unknown[])[];
  const columns = frame.columns.map((name, c) => ({ name: String(name), cells: rows.map((row) => row[c]) }));
  return { rowCount: rows.length, columns, index: frame.index };
}

/** Of danfo. */
export function seriesGrid(series: {
  readonly columns: string[];
  readonly index: unknown[];
  readonly values: unknown;
}): DataGrid {
  const cells = series.values as readonly unknown[];
  return { rowCount: cells.length, columns: [{ name: String(series.columns[0]), cells }], index: series.index };
}

export function arqueroGrid(table: {
  columnNames(): string[];
  array(name: string): ArrayLike<unknown>;
  numRows(): number;
}): DataGrid {
  return { rowCount: table.numRows(), columns: table.columnNames().map((name) => ({ name, cells: table.array(name) })) };
}

export function rowsGrid(rows: readonly Readonly<Record<string, unknown>>[]): DataGrid {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { rowCount: rows.length, columns: names.map((name) => ({ name, cells: rows.map((row) => row[name]) })) };
}

/** Lists of one length by name. */
export function columnsGrid(columns: Readonly<Record<string, ArrayLike<number>>>): DataGrid {
  const names = Object.keys(columns);
  return { rowCount: columns[names[0]].length, columns: names.map((name) => ({ name, cells: columns[name] })) };
}

/** A handful of named numbers: one line each. */
export function numbersGrid(numbers: Readonly<Record<string, number>>): DataGrid {
  const names = Object.keys(numbers);
  return {
    rowCount: names.length,
    columns: [{ name: 'value', cells: names.map((name) => shortNumber(numbers[name])) }],
    index: names,
    caption: '',
  };
}

/** Named things, each with a value of its own kind: one line each. */
export function factsGrid(facts: readonly (readonly [name: string, value: unknown])[], caption: string): DataGrid {
  const cells = facts.map(([, value]) => (typeof value === 'number' ? shortNumber(value) : value));
  return { rowCount: facts.length, columns: [{ name: 'is', cells }], index: facts.map(([name]) => name), caption };
}

export function shortNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) >= 1e4 ? value.toLocaleString('en') : String(Number(value.toPrecision(6)));
}
