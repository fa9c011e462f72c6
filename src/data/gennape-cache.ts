import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DataError, LabError } from '../core/base/errors.js';
import { nextTurn, type WorkOptions } from '../core/base/progress.js';
import { readCg } from '../core/ir/cg-json-read.js';
import type { BenchmarkTable, DataColumn } from './benchmark.js';
import { packGraph } from './graph-benchmark.js';
import { readPickle } from './import/pickle.js';
import { plainValue } from './import/pickle-plain.js';
import { InertRecord, type PickleValue } from './import/pickle-value.js';
import type { OwnImport } from './imported.js';

/** One network of a cache: its graph in the published format, and its numbers by the file's names for them. */
interface CachedNet {
  readonly name: string;
  readonly cg: unknown;
  readonly labels: ReadonlyMap<string, number>;
}

/** A cache of some thousand graphs; GENNAPE's 50,000 of NAS-Bench-101 do not fit into one process as objects. */
const LIMITS = { items: 60e6, bytes: 2 ** 31, memo: 30e6 };

/** The caches of GENNAPE (arXiv 2211.17226): pickles of `gpi_FAMILY_comp_graph_cache` and labelled JSON files. */
export const gennapeCache: OwnImport = graphCache('gennape', 'GENNAPE’s computation graphs with accuracies');
/** The caches of AIO-P (arXiv 2211.17228), which add scores on other tasks than classification. */
export const aiopCache: OwnImport = graphCache('aiop', 'AIO-P’s computation graphs with scores on several tasks');

function graphCache(id: 'gennape' | 'aiop', says: string): OwnImport {
  return {
    id,
    says,
    dataset(path) {
      const name = basename(path).match(
        /^(?:gpi_)?(?:test_)?(.+?)_(?:comp_graph_cache\.pkl|cifar10_labelled_cg_data\.json)$/,
      )?.[1];
      if (name !== undefined) return name.replaceAll(/[^\w-]/g, '_');
      throw wrong(
        path,
        'a name as the papers have it: gpi_FAMILY_comp_graph_cache.pkl or …FAMILY_cifar10_labelled_cg_data.json',
        basename(path),
      );
    },
    async read(path, source, options) {
      const bytes = await readFile(path);
      const nets = path.endsWith('.json') ? jsonNets(bytes, path) : pickledNets(bytes, path);
      return tableOf(nets, { path, source, dataset: this.dataset(path) }, options);
    },
  };
}

/** `[{ 'compute graph': …, acc, flops, n_params, 'original config', … }, …]`. */
function pickledNets(bytes: Uint8Array, path: string): CachedNet[] {
  const list = readPickle(bytes, { path, limits: LIMITS });
  if (!Array.isArray(list)) throw wrong(path, 'a list of networks', 'another value');
  return list.map((entry, i) => {
    const graph = entry instanceof Map ? entry.get('compute graph') : undefined;
    if (!(entry instanceof Map) || !(graph instanceof InertRecord)) {
      throw wrong(path, `a dict with a 'compute graph' as network ${i}`, 'another value');
    }
    const cg = plainValue(graph, `${path}: network ${i}`) as Record<string, unknown>;
    const name = typeof cg.name === 'string' && cg.name !== '' ? cg.name : String(i);
    return { name, cg: { ...cg, name }, labels: labelsOf(entry) };
  });
}

function labelsOf(entry: ReadonlyMap<PickleValue, PickleValue>): Map<string, number> {
  const labels = new Map<string, number>();
  for (const [key, value] of entry) {
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof key === 'string' && typeof number === 'number') labels.set(key, number);
  }
  return labels;
}

/** `{ id: { net_config, max_perf, perfs, cg }, … }`. */
function jsonNets(bytes: Uint8Array, path: string): CachedNet[] {
  let file: unknown;
  try {
    file = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw wrong(path, 'JSON', (error as Error).message);
  }
  if (typeof file !== 'object' || file === null || Array.isArray(file))
    throw wrong(path, 'an object of networks', 'another value');
  return Object.entries(file as Record<string, unknown>).map(([id, entry]) => {
    const net = (entry ?? {}) as Record<string, unknown>;
    const cg = net.cg as Record<string, unknown> | null | undefined;
    if (typeof cg !== 'object' || cg === null) throw wrong(path, `a graph as "cg" of network ${id}`, typeof cg);
    const labels = new Map<string, number>();
    for (const [key, value] of Object.entries(net)) if (typeof value === 'number') labels.set(key, value);
    const name = typeof cg.name === 'string' && cg.name !== '' ? cg.name : id;
    return { name, cg: { ...cg, name }, labels };
  });
}

async function tableOf(
  nets: readonly CachedNet[],
  file: { readonly path: string; readonly source: string; readonly dataset: string },
  { signal, onProgress }: WorkOptions,
): Promise<BenchmarkTable> {
  const archs: string[] = [];
  const kept: CachedNet[] = [];
  let refused = '';
  for (const [i, net] of nets.entries()) {
    try {
      archs.push(packGraph(readCg(net.cg)));
      kept.push(net);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      if (refused === '') refused = `${net.name}: ${error.message}`;
    }
    if (i % 50 === 0) {
      signal?.throwIfAborted();
      onProgress?.({ done: i, total: nets.length, label: 'graphs' });
      await nextTurn();
    }
  }
  if (kept.length === 0) throw wrong(file.path, 'computation graphs', nets.length === 0 ? 'none' : refused);
  if (kept.length < nets.length) {
    process.emitWarning(
      `${file.path}: ${nets.length - kept.length} of ${nets.length} graphs were left out; the first: ${refused}`,
    );
  }
  const names = [...new Set(kept.flatMap((net) => [...net.labels.keys()]))];
  const columns = names.map((name) => columnOf(name, file.dataset, file.source));
  const target = columns.find((column) => column.role === 'target');
  if (target === undefined) throw wrong(file.path, 'labels beside the graphs', names.join(', ') || 'none');
  const values = names.map((name) => Float64Array.from(kept, (net) => net.labels.get(name) ?? Number.NaN));
  return { archs, columns, values, defaultTarget: target.name, protocols: {} };
}

/** Costs by the names that the caches have for them; anything else is a score, higher being better. */
const COSTS: Readonly<Record<string, readonly [string, string]>> = {
  flops: ['floating-point operations of one forward pass, as published', ''],
  n_params: ['number of parameters', ''],
};

function columnOf(name: string, dataset: string, source: string): DataColumn {
  const cost = Object.hasOwn(COSTS, name) ? COSTS[name] : undefined;
  if (cost) {
    return { name, says: cost[0], family: 'zcp', unit: cost[1], role: 'proxy', direction: 'none', dataset, split: '', source };
  }
  const says = { acc: 'accuracy, a share', max_perf: 'best accuracy of the trainings' }[name] ?? `${name}, as the file has it`;
  const unit = name === 'max_perf' ? '%' : '';
  return { name, says, family: 'accuracy', unit, role: 'target', direction: 'higher', dataset, split: '', source };
}

function wrong(path: string, expected: string, got: string): DataError {
  return new DataError({ path, expected, got, fix: 'See data/README.md for the files that are meant.' });
}
