import { ShapeError } from './errors.js';

/** What a column is, in the reference's words and in plain ones. */
export interface Column {
  /** The reference's own name: `min_path_len_banned_(0, 2)`. */
  readonly name: string;
  /** The same for a reader: "shortest path using only none, nor_conv_3x3". */
  readonly says: string;
  /** The feature family or source that it belongs to: `min_path_len`, `zcp`, `onehot`. */
  readonly family: string;
  /** What is counted or measured: "edges", "ops", "nats", "" for a pure number. */
  readonly unit: string;
  /** The operations that it is about, where it is about some. */
  readonly ops?: readonly string[];
}

/** One column's numbers. Counts that fit a byte are kept as bytes; everything else as doubles. */
export type ColumnValues = Float64Array | Int8Array;

/**
 * Numbers by column: `values[c][r]` belongs to `columns[c]` and row `r`. Immutable by agreement.
 * Columns are separate arrays so that joining, selecting and encoding copy nothing.
 */
export interface FeatureTable {
  readonly kind: 'feature-table';
  readonly rowCount: number;
  readonly columns: readonly Column[];
  readonly values: readonly ColumnValues[];
}

/**
 * A table from its columns.
 * @throws ShapeError when a column's length is not `rowCount` or the counts of columns and arrays differ.
 */
export function featureTable(rowCount: number, columns: readonly Column[], values: readonly ColumnValues[]): FeatureTable {
  if (columns.length !== values.length) {
    throw new ShapeError({ argument: 'featureTable: values', expected: `${columns.length} columns`, got: `${values.length}` });
  }
  for (let c = 0; c < values.length; c++) {
    if (values[c].length !== rowCount) {
      throw new ShapeError({
        argument: `featureTable: column ${columns[c].name}`,
        expected: `${rowCount} rows`,
        got: `${values[c].length}`,
      });
    }
  }
  return { kind: 'feature-table', rowCount, columns, values };
}

/** Tables side by side, columns in the order given. @throws ShapeError when their row counts differ. */
export function joinColumns(tables: readonly FeatureTable[]): FeatureTable {
  const rowCount = tables.length === 0 ? 0 : tables[0].rowCount;
  return featureTable(
    rowCount,
    tables.flatMap((t) => t.columns),
    tables.flatMap((t) => t.values),
  );
}

export type Rows = ArrayLike<number>;

/**
 * The rows of a table, a typed array or a list, in the order asked for; the same kind comes back.
 * @throws ShapeError when a row lies outside. Takes O(rows × columns).
 */
export function take(from: FeatureTable, rows: Rows): FeatureTable;
export function take(from: Float64Array, rows: Rows): Float64Array;
export function take<T>(from: readonly T[], rows: Rows): T[];
export function take(from: FeatureTable | Float64Array | readonly unknown[], rows: Rows): unknown {
  if (from instanceof Float64Array) return takeValues(from, rows);
  if (Array.isArray(from)) {
    checkRows(rows, from.length);
    return Array.from(rows, (r) => from[r]);
  }
  const table = from as FeatureTable;
  checkRows(rows, table.rowCount);
  return featureTable(
    rows.length,
    table.columns,
    table.values.map((v) => takeValues(v, rows)),
  );
}

function takeValues<V extends ColumnValues>(values: V, rows: Rows): V {
  checkRows(rows, values.length);
  const out = values instanceof Int8Array ? new Int8Array(rows.length) : new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]];
  return out as V;
}

function checkRows(rows: Rows, count: number): void {
  for (let i = 0; i < rows.length; i++) {
    const r = rows[i];
    if (!(Number.isInteger(r) && r >= 0 && r < count)) {
      throw new ShapeError({ argument: `take: rows[${i}]`, expected: `a whole number in 0..${count - 1}`, got: `${r}` });
    }
  }
}
