import { ShapeError } from '../core/base/errors.js';
import { kendallMatrix } from '../core/metrics/kendall-matrix.js';
import type { Benchmark, DataColumn } from './benchmark.js';

/** How far columns of a benchmark order its networks alike. */
export interface ColumnAgreement {
  readonly columns: readonly DataColumn[];
  /** Kendall's tau of columns i and j at `i * columns.length + j`; NaN where one is constant or fewer than two networks have both. */
  readonly taus: Float64Array;
  /** Networks that have both. */
  readonly networks: Int32Array;
}

/**
 * Kendall's tau-b between columns of a benchmark: tasks with each other, proxies with a target, proxies with each other. Each
 * pair is compared on the networks that have both. Takes O(columns² × networks × log networks).
 * @param names of columns, in the order wanted: the default target and all proxies unless given.
 * @throws DataError naming the columns that exist; ShapeError for fewer than two.
 */
export function columnAgreement(bench: Benchmark, names?: readonly string[]): ColumnAgreement {
  const proxies = bench.columns.filter((column) => column.role === 'proxy').map((column) => column.name);
  const wanted = names ?? [bench.defaultTarget, ...proxies];
  if (wanted.length < 2) {
    throw new ShapeError({ argument: 'columnAgreement: names', expected: 'two columns or more', got: `${wanted.length}` });
  }
  const { taus, rows } = kendallMatrix(wanted.map((name) => bench.column(name)));
  const columns = wanted.map((name) => bench.columns.find((column) => column.name === name) as DataColumn);
  return { columns, taus, networks: rows };
}
