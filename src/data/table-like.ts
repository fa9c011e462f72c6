import { ShapeError } from '../core/base/errors.js';

/** A danfo DataFrame, as far as it matters here. */
export interface DanfoLike {
  readonly columns: readonly string[];
  readonly values: unknown;
}

/** An arquero table, as far as it matters here. */
export interface ArqueroLike {
  columnNames(): string[];
  array(name: string): ArrayLike<unknown>;
  numRows(): number;
}

/** What a table may come as: a data frame, a list of row objects, or an object of columns. */
export type TableLike =
  | DanfoLike
  | ArqueroLike
  | readonly Readonly<Record<string, unknown>>[]
  | Readonly<Record<string, ArrayLike<unknown>>>;

/** Any of them by column. */
export interface NamedColumns {
  readonly rowCount: number;
  readonly names: readonly string[];
  /** `undefined` where there is no such column. */
  cells(name: string): ArrayLike<unknown> | undefined;
}

/** Reads a table by its shape, not its class, so that no data-frame package is imported. @throws ShapeError when it is none. */
export function namedColumns(table: TableLike): NamedColumns {
  if (typeof table !== 'object' || table === null) {
    throw new ShapeError({
      argument: 'table',
      expected: 'a data frame, a list of row objects, or an object of columns',
      got: String(table),
    });
  }
  if (Array.isArray(table)) return fromRows(table as readonly Readonly<Record<string, unknown>>[]);
  if (isArquero(table)) {
    const names = table.columnNames();
    return { rowCount: table.numRows(), names, cells: (name) => (names.includes(name) ? table.array(name) : undefined) };
  }
  if (isDanfo(table)) {
    const names = table.columns;
    const rows = table.values as readonly (readonly unknown[])[];
    return {
      rowCount: rows.length,
      names,
      cells: (name) => {
        const c = names.indexOf(name);
        return c < 0 ? undefined : rows.map((row) => row[c]);
      },
    };
  }
  return fromColumns(table as Readonly<Record<string, ArrayLike<unknown>>>);
}

function fromRows(rows: readonly Readonly<Record<string, unknown>>[]): NamedColumns {
  const names = new Set<string>();
  rows.forEach((row, r) => {
    if (typeof row !== 'object' || row === null) {
      throw new ShapeError({ argument: `table: row ${r + 1}`, expected: 'an object', got: String(row) });
    }
    for (const name of Object.keys(row)) names.add(name);
  });
  return {
    rowCount: rows.length,
    names: [...names],
    cells: (name) => (names.has(name) ? rows.map((row) => row[name]) : undefined),
  };
}

function fromColumns(columns: Readonly<Record<string, ArrayLike<unknown>>>): NamedColumns {
  const names = Object.keys(columns);
  const rowCount = columns[names[0]]?.length ?? 0;
  for (const name of names) {
    const column = columns[name];
    if (typeof column !== 'object' || column?.length !== rowCount) {
      throw new ShapeError({
        argument: `table: column ${name}`,
        expected: `${rowCount} cells, as the first column has`,
        got: `${column?.length ?? column}`,
      });
    }
  }
  return { rowCount, names, cells: (name) => (Object.hasOwn(columns, name) ? columns[name] : undefined) };
}

function isArquero(table: object): table is ArqueroLike {
  return (
    'columnNames' in table && typeof table.columnNames === 'function' && 'array' in table && typeof table.array === 'function'
  );
}

function isDanfo(table: object): table is DanfoLike {
  return 'columns' in table && Array.isArray(table.columns) && 'values' in table && 'shape' in table;
}
