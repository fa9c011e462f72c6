import type { ColumnTable } from 'arquero';
import type { DataFrame, Series } from 'danfojs-node';
import { ShapeError } from '../core/base/errors.js';
import { checkRng, type Rng } from '../core/base/rng.js';
import { type Split, split as splitRows } from '../core/base/split.js';
import { type FeatureTable, featureTable, type Rows, take as takeRows } from '../core/base/table.js';
import { type FamilyId, type FeaturesOptions, features as graphFeatures } from '../core/features/index.js';
import type { CellGraph } from '../core/ir/cell-graph.js';
import type { FitOptions, Fitted, Predictor } from '../core/models/predictor.js';
import type { SearchSpace } from '../core/spaces/space.js';
import type { Benchmark } from '../data/benchmark.js';
import { findLeak, type Leak, warnOfLeak } from '../data/leaks.js';
import { namedColumns } from '../data/table-like.js';
import { cellSignal } from './cell-signal.js';
import { arquero, frame, table } from './frame.js';

export type { Series };

/** The tables of the data-frame packages, which stand wherever a feature table can. */
export type Tabular = DataFrame | ColumnTable;

/** A predictor that also takes data frames, and whose fitted values do. */
export interface TabularPredictor<F extends Fitted<FeatureTable>> {
  readonly id: string;
  /** As `Predictor.fit`; a data frame's columns must all be numbers. */
  fit(x: FeatureTable | Tabular, y: ArrayLike<number> | Series, options: FitOptions): Promise<F & TabularFitted>;
}

export interface TabularFitted {
  predict(x: FeatureTable | Tabular): Float64Array;
}

/**
 * A data frame as numbers by column; a feature table comes back as it is.
 * @throws ShapeError naming the column and row of a cell that is not a number (missing ones become NaN).
 */
export function tableOf(from: FeatureTable | Tabular): FeatureTable {
  if (isFeatureTable(from)) return from;
  const { rowCount, names, cells } = namedColumns(from);
  const columns = names.map((name) => ({ name, says: name, family: 'own', unit: '' }));
  return featureTable(
    rowCount,
    columns,
    names.map((name) => numbers(cells(name) as ArrayLike<unknown>, name)),
  );
}

/** A danfo Series, or numbers in any list, as doubles. @throws ShapeError at a cell that is not a number. */
export function numbersOf(from: ArrayLike<number> | Series): Float64Array {
  return from instanceof Float64Array ? from : numbers(isSeries(from) ? (from.values as ArrayLike<unknown>) : from, 'target');
}

/** The predictor, taking data frames too. Its fitted values are its own in everything else. */
export function withTables<F extends Fitted<FeatureTable>>(predictor: Predictor<FeatureTable, F>): TabularPredictor<F> {
  return {
    id: predictor.id,
    fit: async (x, y, options) => {
      checkRng(`${predictor.id}.fit`, options?.rng);
      const fitted = await predictor.fit(tableOf(x), numbersOf(y), { ...options, signal: options.signal ?? cellSignal() });
      const predict = (of: FeatureTable | Tabular): Float64Array => fitted.predict(tableOf(of));
      // Methods run on the fitted value itself, which may have private fields.
      return new Proxy(fitted, {
        get: (target, name) => {
          if (name === 'predict') return predict;
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' && name !== 'constructor' ? value.bind(target) : value;
        },
      }) as F & TabularFitted;
    },
  };
}

/** The rows of a table, a column or a list, in the order asked for; the same kind comes back. @throws ShapeError when a row lies outside. */
export function take(from: FeatureTable, rows: Rows): FeatureTable;
export function take(from: Float64Array, rows: Rows): Float64Array;
export function take(from: DataFrame, rows: Rows): DataFrame;
export function take(from: Series, rows: Rows): Series;
export function take(from: ColumnTable, rows: Rows): ColumnTable;
export function take<T>(from: readonly T[], rows: Rows): T[];
export function take(from: FeatureTable | Float64Array | Tabular | Series | readonly unknown[], rows: Rows): unknown {
  if (from instanceof Float64Array) return takeRows(from, rows);
  if (Array.isArray(from)) return takeRows(from, rows);
  if (isFeatureTable(from as FeatureTable)) return takeRows(from as FeatureTable, rows);
  const count = isSeries(from) ? from.values.length : rowCountOf(from as Tabular);
  // Refuses rows that lie outside in the same words for every kind of table.
  const wanted = takeRows(
    Array.from({ length: count }, (_, r) => r),
    rows,
  );
  if (isArquero(from)) {
    const columns = from.columnNames().map((name) => [name, takeRows(Array.from(from.array(name)), wanted)] as const);
    return arquero().table(columns as never);
  }
  return isSeries(from) ? from.iloc(wanted) : (from as DataFrame).iloc({ rows: wanted });
}

/** A split of a benchmark's rows, with the twins that stand on both sides of it (null: none). */
export interface BenchmarkSplit extends Split {
  readonly leak: Leak | null;
}

/**
 * A random split of that many rows, or of a table's or benchmark's. See `split` of the core. Of a benchmark it also says, once
 * on stderr too, which test networks compute the same function as a training network; `withoutTwins` leaves them out.
 */
export function split(of: Benchmark, options: SplitOptions): BenchmarkSplit;
export function split(of: number | FeatureTable | Tabular, options: SplitOptions): Split;
export function split(of: number | FeatureTable | Tabular | Benchmark, options: SplitOptions): Split | BenchmarkSplit {
  if (!isBenchmark(of)) return splitRows(typeof of === 'number' ? of : rowCountOf(of), options);
  const parts = splitRows(of.size, options);
  const leak = findLeak(of, parts);
  warnOfLeak(leak);
  return { ...parts, leak };
}

interface SplitOptions {
  readonly train: number;
  readonly test?: number;
  readonly rng: Rng;
}

function isBenchmark(of: unknown): of is Benchmark {
  return (of as { readonly kind?: unknown }).kind === 'benchmark';
}

export interface TabularFeaturesOptions extends FeaturesOptions {
  /** The space that the architectures are of. */
  readonly space: SearchSpace;
  /** The column that holds them, in any encoding of the space; `arch` unless said. */
  readonly arch?: string;
}

/** GRAF of graphs, or of the architectures in a data frame's column; a data frame gives the same kind of data frame. See `features` of the core. */
export function features(graphs: readonly CellGraph[], ids?: readonly FamilyId[], options?: FeaturesOptions): FeatureTable;
export function features(from: DataFrame, ids: readonly FamilyId[] | undefined, options: TabularFeaturesOptions): DataFrame;
export function features(from: ColumnTable, ids: readonly FamilyId[] | undefined, options: TabularFeaturesOptions): ColumnTable;
export function features(
  from: readonly CellGraph[] | Tabular,
  ids?: readonly FamilyId[],
  options: FeaturesOptions | TabularFeaturesOptions = {},
): FeatureTable | Tabular {
  if (Array.isArray(from)) return graphFeatures(from as readonly CellGraph[], ids, options);
  const { space, arch = 'arch', ...rest } = options as TabularFeaturesOptions;
  const { names, cells } = namedColumns(from as Tabular);
  const texts = cells(arch);
  if (space === undefined || texts === undefined) {
    const got = space === undefined ? 'no space' : `the columns ${names.join(', ')}`;
    throw new ShapeError({
      argument: 'features: options',
      expected: `a space, and a column "${arch}" of its architectures`,
      got,
    });
  }
  const made = graphFeatures(
    Array.from(texts, (text) => space.toGraph(space.parse(String(text)))),
    ids,
    rest,
  );
  return isArquero(from) ? table(made) : frame(made);
}

/** Whether something is a danfo Series, by its shape. */
export function isSeries(value: unknown): value is Series {
  return typeof value === 'object' && value !== null && '$isSeries' in value && value.$isSeries === true;
}

/** Whether something is a danfo DataFrame, by its shape. */
export function isFrame(value: unknown): value is DataFrame {
  return typeof value === 'object' && value !== null && '$isSeries' in value && value.$isSeries === false && 'iloc' in value;
}

/** Whether something is an arquero table, by its shape. */
export function isArquero(value: unknown): value is ColumnTable {
  return (
    typeof value === 'object' &&
    value !== null &&
    'columnNames' in value &&
    typeof value.columnNames === 'function' &&
    'numRows' in value &&
    typeof value.numRows === 'function'
  );
}

function isFeatureTable(value: unknown): value is FeatureTable {
  return (value as { readonly kind?: unknown }).kind === 'feature-table';
}

function rowCountOf(of: FeatureTable | Tabular): number {
  if (isFeatureTable(of)) return of.rowCount;
  return isArquero(of) ? of.numRows() : of.shape[0];
}

function numbers(cells: ArrayLike<unknown>, name: string): Float64Array {
  return Float64Array.from({ length: cells.length }, (_, row) => {
    const cell = cells[row];
    if (typeof cell === 'number') return cell;
    if (cell === null || cell === undefined) return Number.NaN;
    if (typeof cell === 'boolean' || typeof cell === 'bigint') return Number(cell);
    throw new ShapeError({
      argument: `table: column ${name}, row ${row}`,
      expected: 'a number',
      got: `${typeof cell} ${String(cell).slice(0, 40)}`,
    });
  });
}
