import { ParseError, UnsupportedError } from '../core/base/errors.js';
import type { WorkOptions } from '../core/base/progress.js';
import type { SearchSpace } from '../core/spaces/space.js';
import { loadTable, storeTable, type TableKey } from './arrow-cache.js';
import type { Benchmark, BenchmarkTable } from './benchmark.js';
import { cachedPath } from './cache-folder.js';
import { sha256 } from './file-hash.js';
import { loadImport } from './imported.js';
import type { BenchmarkLoader } from './loader.js';
import { manifestFile } from './manifest.js';
import { pull } from './pull.js';
import { type BenchmarkId, benchmarks } from './registry.js';
import { absent, cachedSources } from './source-files.js';
import { tableBenchmark } from './table-benchmark.js';
import { listedState } from './verify.js';

export interface LoadOptions extends WorkOptions {
  /** One of the benchmark's datasets (TransNAS-Bench-101: tasks); the first of them unless named. */
  readonly dataset?: string;
  /** Fetch what is missing, from the network or from NASCOPE_MIRROR. */
  readonly pull?: boolean;
  /** MicroBench: `bench.target()` without a name is this task's main metric. `cls` (unless said), `den` or `seg`. */
  readonly task?: string;
  /** MicroBench: also its measured latencies, targets that are other numbers on another machine; their text says on what. */
  readonly latency?: boolean;
}

/** The space that a benchmark's architectures are of. */
type SpaceIdOf<K extends BenchmarkId> = (typeof benchmarks)[K]['space'] extends SearchSpace<infer Id> ? Id : string;

/**
 * A published benchmark: all its rows, missing numbers as NaN. The first load imports the fetched files and keeps the
 * table (`arrow-cache.ts`); later ones take well under a second.
 * @throws DataError when the files are not there (the message says which command fetches them), are damaged, or cannot be
 *   fetched; ParseError when the benchmark or dataset is not known; UnsupportedError for `latency` or `task` where there is none.
 */
export async function load<K extends BenchmarkId>(id: K, options: LoadOptions = {}): Promise<Benchmark<SpaceIdOf<K>>> {
  if (!Object.hasOwn(benchmarks, id)) throw unknown('benchmark', id, Object.keys(benchmarks));
  const loader = benchmarks[id] as unknown as BenchmarkLoader<SpaceIdOf<K>>;
  const dataset = options.dataset ?? loader.datasets[0];
  const { title, cite, licence, imported = [] } = loader;
  const space = loader.spaces?.[dataset] ?? loader.space;
  if (imported.includes(dataset)) {
    const { table, hash } = await loadImport(id, dataset);
    return tableBenchmark({ id, dataset, title, cite, licence, space, hash }, table);
  }
  if (options.latency && !loader.embedded) {
    const fix = 'Costs that were published with a benchmark are among its columns (bench.columns).';
    throw new UnsupportedError(`Measured latency of ${id}`, fix);
  }
  if (options.task !== undefined && !loader.embedded) {
    throw new UnsupportedError(
      `The option task for ${id}`,
      `Its datasets are ${loader.datasets.join(', ')}: name one as dataset.`,
    );
  }
  if (!loader.datasets.includes(dataset)) throw unknown(`dataset of ${id}`, dataset, [...loader.datasets, ...imported]);

  if (loader.embedded) {
    const { table, hash } = await loader.embedded(dataset, { latency: options.latency === true, task: options.task });
    return tableBenchmark({ id, dataset, title, cite, licence, space, hash }, table);
  }

  // A table that was made of all files needs none of them any more.
  const all = loader.files(dataset);
  let further: readonly string[] = [];
  let key: TableKey = { benchmark: id, dataset, hash: provenance(loader, dataset, all) };
  let table = await loadTable(key);
  if (table === null) {
    const files = options.pull ? all : await filesHere(loader, all);
    further = all.filter((file) => !files.includes(file));
    key = { ...key, hash: provenance(loader, dataset, files) };
    table = (await loadTable(key)) ?? (await importTable(loader, key, files, options));
  }
  return tableBenchmark({ id, dataset, title, cite, licence, space, hash: key.hash, absent: further }, table);
}

/** Without those optional files that are not in the cache. */
async function filesHere({ optional = [] }: BenchmarkLoader, all: readonly string[]): Promise<readonly string[]> {
  const absent: string[] = [];
  for (const id of optional) if ((await listedState(manifestFile(id))).state === 'absent') absent.push(id);
  return all.filter((id) => !absent.includes(id));
}

/** sha256 over the sources' hashes and the importer's version. */
function provenance(loader: BenchmarkLoader, dataset: string, ids: readonly string[]): string {
  const sources = ids.map((id) => manifestFile(id).sha256);
  return sha256([loader.id, dataset, loader.version, ...sources].join('\n'));
}

async function importTable(
  loader: BenchmarkLoader,
  key: TableKey,
  ids: readonly string[],
  options: LoadOptions,
): Promise<BenchmarkTable> {
  const files = ids.map(manifestFile);
  if (options.pull) {
    await pull(
      files.map((f) => f.id),
      options,
    );
  } else {
    for (const file of files) {
      if ((await listedState(file)).state === 'absent') throw absent(loader.id, cachedPath(file), 'ENOENT');
    }
  }
  options.signal?.throwIfAborted();
  const table = await loader.read(cachedSources(loader.id, ids), key.dataset);
  try {
    await storeTable(key, table);
  } catch (error) {
    // The table is here; only the next load will be slow again.
    process.emitWarning(`${loader.id} could not be kept for the next load: ${(error as Error).message}`);
  }
  return table;
}

function unknown(what: string, text: string, known: readonly string[]): ParseError {
  return new ParseError({ what, text, at: 0, expected: `one of ${known.join(', ')}` });
}
