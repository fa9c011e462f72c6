import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { DataError, ShapeError } from '../core/base/errors.js';
import { writeCg } from '../core/ir/cg-json.js';
import { readCg } from '../core/ir/cg-json-read.js';
import type { ComputeGraph } from '../core/ir/compute-graph.js';
import type { BenchmarkTable, DataColumn } from './benchmark.js';
import { importedDatasets, loadImport } from './imported.js';

/** Computation graphs with their labels, by column: what GENNAPE's and AIO-P's caches become. Immutable. */
export interface GraphBenchmark {
  readonly kind: 'graph-benchmark';
  readonly id: string;
  /** The family, and the task where there is one, as the file's name has them. */
  readonly dataset: string;
  readonly size: number;
  /** The beginning of the imported file's sha256. */
  readonly hash: string;
  /** Each network's own name. */
  readonly names: readonly string[];
  readonly columns: readonly DataColumn[];
  readonly defaultTarget: string;
  /** One network's graph; unpacked at each call, some milliseconds. @throws ShapeError when there is no such row. */
  graph(row: number): ComputeGraph;
  /** A column's numbers, NaN where missing. @throws DataError naming the columns that exist. */
  column(name: string): Float64Array;
  /** A target's numbers (`defaultTarget` unless named). @throws DataError naming the columns that exist. */
  target(name?: string): Float64Array;
}

/**
 * The graphs that `nascope data import` put into the cache: `loadGraphs('gennape', 'hiaml')`. The only dataset there is
 * unless one is named. @throws DataError that says which command imports them, or which datasets there are.
 */
export async function loadGraphs(id: 'gennape' | 'aiop', dataset?: string): Promise<GraphBenchmark> {
  const there = await importedDatasets(id);
  const chosen = dataset ?? (there.length === 1 ? there[0] : undefined);
  if (chosen === undefined) {
    throw new DataError({
      path: id,
      expected: 'the name of a dataset',
      got: there.length === 0 ? 'no dataset imported' : `none of ${there.join(', ')}`,
      fix: there.length === 0 ? `Run \`npx nascope data import ${id} FILE\` with one of its caches.` : 'Name one.',
    });
  }
  const { table, hash } = await loadImport(id, chosen);
  return graphBenchmark(id, chosen, hash, table);
}

/** A table of packed graphs as a benchmark. */
export function graphBenchmark(id: string, dataset: string, hash: string, table: BenchmarkTable): GraphBenchmark {
  const { columns, values, defaultTarget, archs } = table;
  const column = (name: string): Float64Array => {
    const index = columns.findIndex((c) => c.name === name);
    if (index >= 0) return values[index];
    const fix = `There are: ${columns.map((c) => c.name).join(', ')}.`;
    throw new DataError({ path: `${id} (${dataset})`, expected: 'a column', got: `"${name}"`, fix });
  };
  return {
    kind: 'graph-benchmark',
    id,
    dataset,
    size: archs.length,
    hash,
    names: archs.map((packed) => packed.split('\t', 1)[0]),
    columns,
    defaultTarget,
    graph(row) {
      const packed = archs[row];
      if (packed === undefined) {
        throw new ShapeError({ argument: 'graph: row', expected: `a whole number in 0..${archs.length - 1}`, got: String(row) });
      }
      return unpack(packed);
    },
    column,
    target: (name = defaultTarget) => column(name),
  };
}

/** A graph as one cell of a table: its name, a tab, its file in the published format, deflated, in base64 (a 20th of it). */
export function packGraph(graph: ComputeGraph): string {
  const bytes = deflateSync(strToU8(JSON.stringify(writeCg(graph))));
  return `${graph.name.replaceAll('\t', ' ')}\t${Buffer.from(bytes).toString('base64')}`;
}

function unpack(packed: string): ComputeGraph {
  const bytes = new Uint8Array(Buffer.from(packed.slice(packed.indexOf('\t') + 1), 'base64'));
  return readCg(JSON.parse(strFromU8(inflateSync(bytes))));
}
