import { ShapeError } from '../core/base/errors.js';
import { kendallTau } from '../core/metrics/kendall.js';
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
  const values = wanted.map((name) => bench.column(name));
  const size = wanted.length;
  const taus = new Float64Array(size * size);
  const networks = new Int32Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const both = Int32Array.from(values[i].keys()).filter((r) => !Number.isNaN(values[i][r] + values[j][r]));
      const of = (column: Float64Array): Float64Array => Float64Array.from(both, (row) => column[row]);
      const tau = both.length < 2 ? Number.NaN : kendallTau(of(values[i]), of(values[j]));
      taus[i * size + j] = taus[j * size + i] = tau;
      networks[i * size + j] = networks[j * size + i] = both.length;
    }
  }
  const columns = wanted.map((name) => bench.columns.find((column) => column.name === name) as DataColumn);
  return { columns, taus, networks };
}
