import { DataError, ParseError } from '../core/base/errors.js';
import { microFamilies } from '../core/spaces/micro/index.js';
import type { SearchSpace } from '../core/spaces/space.js';
import type { BenchmarkTable, DataColumn } from './benchmark.js';
import { PROXIES, type ZeroCostProxy } from './engine-proxies.js';
import { sha256 } from './file-hash.js';
import type { BenchmarkLoader } from './loader.js';
import { LATENCY_BATCHES, latencyColumn, type MicroLatency, readMicroLatency } from './microbench-latency.js';
import { type MicroFamilyEntry, type MicroFile, readMicroCsv, readMicroFamily } from './microbench-table.js';
import type { CsvTable } from './read-csv.js';
import { TableBuilder } from './table-builder.js';

/** The metrics: meaning, unit, direction. Their order is that of the columns. */
export const MICRO_METRICS: Readonly<Record<string, readonly [says: string, unit: string, direction: DataColumn['direction']]>> =
  {
    'cls.acc': ['accuracy of naming the glyph, on the test scenes', '%', 'higher'],
    'cls.nll': ['cross entropy of naming the glyph', 'nats', 'lower'],
    'cls.ece': ['calibration error of naming the glyph, ten bins', '', 'lower'],
    'cls.acc_noise': ['accuracy of naming the glyph under three times the noise', '%', 'higher'],
    'den.psnr': ['signal-to-noise ratio of the glyph with the noise taken away', 'dB', 'higher'],
    'seg.iou': ['overlap of the marked stroke with the true one', '%', 'higher'],
  };

const COSTS: Readonly<Record<string, readonly [says: string, unit: string]>> = {
  params_raw: ['weights, those on dead edges included', 'weights'],
  params_live: ['weights that the output depends on', 'weights'],
  macs_raw: ['multiply-accumulates for a scene, those on dead edges included', 'MACs'],
  macs_live: ['multiply-accumulates for a scene that the output depends on', 'MACs'],
};

const spaces = Object.fromEntries(
  Object.values(microFamilies).map((family) => [family.id, family.space as unknown as SearchSpace]),
);

/** The families that the package has a table of. */
const LABELLED: readonly string[] = ['E201', 'E101', 'E2P', 'EMB'];

/**
 * MicroBench, which comes with the package: small networks of four families, trained by this project. A dataset is a
 * family. A target is the mean over an architecture's seeds (two, three in the test split), missing where any of them
 * diverged; `cls.acc.seed1` and so on are single trainings, so that their agreement shows the noise ceiling, and
 * `cls.diverged` counts the trainings that did.
 */
export const microbench: BenchmarkLoader = {
  id: 'microbench',
  title: 'MicroBench',
  cite: 'This project',
  licence: 'MIT',
  space: spaces.E201,
  spaces,
  datasets: LABELLED,
  version: 1,
  files: () => [],
  read: () => Promise.reject(new Error('MicroBench comes with the package and is not imported')),
  embedded: async (family, { latency, task }) => {
    const entry = await readMicroFamily(family);
    const measured = latency ? await readMicroLatency(family) : null;
    const table = await microTable(family, spaces[family], entry, { latency: measured, task });
    const sources = [
      entry.archs.sha256,
      entry.labels.sha256,
      entry.proxies?.sha256 ?? '',
      ...(measured ? [measured.sha256] : []),
    ];
    return { table, hash: sha256([family, ...sources].join('\n')) };
  },
};

type ColumnRest = Pick<DataColumn, 'says' | 'unit' | 'direction' | 'role' | 'family' | 'source'>;

export interface MicroTableOptions {
  /** The folder of the table; the package's own unless said. */
  readonly folder?: string;
  /** The task whose first metric is the default target; `cls` unless said. */
  readonly task?: string;
  /** Measured latencies that join it as targets. */
  readonly latency?: MicroLatency | null;
}

/** A family's files as a table. @throws DataError when they are missing or damaged; ParseError for an unknown task. */
export async function microTable(
  family: string,
  space: SearchSpace,
  entry: MicroFamilyEntry,
  { folder, latency, task = 'cls' }: MicroTableOptions = {},
): Promise<BenchmarkTable> {
  const main = mainMetric(task);
  const archs = await readMicroCsv(entry.archs, folder);
  const labels = await readMicroCsv(entry.labels, folder);
  const ids = archs.text('arch_id');
  const table = new TableBuilder(space, ids, entry.archs.path);
  const column = (name: string, rest: ColumnRest): DataColumn => ({
    name,
    dataset: family,
    split: '',
    ...rest,
  });

  const found = readLabels(ids, labels);
  for (const [metric, seeds] of found.values) {
    const [says, unit, direction] = MICRO_METRICS[metric] ?? [metric, '', 'none'];
    const common = { unit, direction, role: 'target', family: 'label', source: entry.labels.path } as const;
    const split = 'test';
    table.add(
      { ...column(metric, { ...common, says: `${says}, mean over seeds` }), split },
      { archs: ids, values: meanOf(seeds, found.diverged.get(taskOf(metric))) },
    );
    for (const [seed, values] of seeds) {
      const single = { ...column(`${metric}.seed${seed}`, { ...common, says: `${says}, seed ${seed}` }), split, repeats: metric };
      table.add(single, { archs: ids, values });
    }
  }
  for (const [task, values] of found.diverged) {
    const says = `trainings for ${task} that diverged`;
    const rest = {
      says,
      unit: 'trainings',
      direction: 'lower',
      role: 'target',
      family: 'label',
      source: entry.labels.path,
    } as const;
    table.add(column(`${task}.diverged`, rest), { archs: ids, values });
  }
  for (const [name, [says, unit]] of Object.entries(COSTS)) {
    const rest = { says, unit, direction: 'none', role: 'proxy', family: 'cost', source: entry.archs.path } as const;
    table.add(column(name, rest), { archs: ids, values: archs.numbers(name) });
  }
  if (entry.proxies !== undefined) await addProxies(table, ids, entry.proxies, column, folder);
  if (latency) addLatency(table, latency, column);
  const split = archs.text('split');
  for (const part of ['train_pool', 'val', 'test'])
    table.protocol(
      part,
      ids.filter((_, row) => split[row] === part),
      entry.archs.path,
    );
  return table.build(main);
}

/** The first metric of a task. */
function mainMetric(task: string): string {
  const found = Object.keys(MICRO_METRICS).find((metric) => taskOf(metric) === task);
  if (found !== undefined) return found;
  const known = [...new Set(Object.keys(MICRO_METRICS).map(taskOf))];
  throw new ParseError({ what: 'task of microbench', text: task, at: 0, expected: `one of ${known.join(', ')}` });
}

/** Of `den.psnr` it is `den`. */
function taskOf(metric: string): string {
  return metric.split('.')[0];
}

/** Times that were measured on one machine: the text of the columns says on which. */
function addLatency(
  table: TableBuilder,
  { about, table: lines }: MicroLatency,
  column: (name: string, rest: ColumnRest) => DataColumn,
): void {
  const archs = lines.text('arch_id');
  for (const batch of LATENCY_BATCHES) {
    const name = latencyColumn(batch);
    const values = lines.numbers(name);
    const wrong = values.findIndex((value) => !(value > 0 && value < Number.POSITIVE_INFINITY));
    if (wrong >= 0) throw odd(lines.path, `${name} of ${archs[wrong]} in milliseconds`, `${values[wrong]}`);
    const what = batch === 1 ? 'a scene' : `${batch} scenes`;
    const says = `time of a forward pass of ${what}, measured on ${about.get('cpu')}: another machine gives other numbers`;
    const rest = { says, unit: 'ms', direction: 'lower', role: 'target', family: 'label', source: lines.path } as const;
    table.add(column(name, rest), { archs, values });
  }
}

/** Each zero-cost proxy's mean over its seeds; missing where it could not be computed for one of them. */
async function addProxies(
  table: TableBuilder,
  ids: readonly string[],
  file: MicroFile,
  column: (name: string, rest: ColumnRest) => DataColumn,
  folder: string | undefined,
): Promise<void> {
  const lines = await readMicroCsv(file, folder);
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const [archs, names] = ['arch_id', 'proxy'].map((name) => lines.text(name));
  const statuses = lines.text('status');
  const numbers = lines.numbers('value');
  const sums = new Map<string, { readonly sum: Float64Array; readonly count: Float64Array }>();
  for (let i = 0; i < lines.rowCount; i++) {
    const row = rowOf.get(archs[i]);
    if (row === undefined) throw odd(lines.path, 'architectures of the table', archs[i]);
    if ((statuses[i] === 'ok') !== Number.isFinite(numbers[i]))
      throw odd(lines.path, `a finite ${names[i]} where it could be computed, else none`, `${numbers[i]} in row ${i + 1}`);
    let proxy = sums.get(names[i]);
    if (proxy === undefined) {
      proxy = { sum: new Float64Array(ids.length), count: new Float64Array(ids.length) };
      sums.set(names[i], proxy);
    }
    proxy.sum[row] += numbers[i];
    proxy.count[row]++;
  }
  for (const [name, { sum, count }] of sums) {
    if (!Object.hasOwn(PROXIES, name)) throw odd(lines.path, `proxies of ${Object.keys(PROXIES).join(', ')}`, name);
    const [says, unit] = PROXIES[name as ZeroCostProxy];
    const rest = { says: `${says} (mean over first weights)`, unit, direction: 'none' } as const;
    table.add(column(name, { ...rest, role: 'proxy', family: 'zcp', source: file.path }), {
      archs: ids,
      values: sum.map((total, row) => (count[row] > 0 && Number.isFinite(total) ? total / count[row] : Number.NaN)),
    });
  }
}

interface Labels {
  /** By metric in the order of `MICRO_METRICS`, then by seed; NaN where there is none. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, Float64Array>>;
  /** By task. */
  readonly diverged: ReadonlyMap<string, Float64Array>;
}

function readLabels(ids: readonly string[], labels: CsvTable): Labels {
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const [archs, tasks, metrics, seeds] = ['arch_id', 'task', 'metric', 'seed'].map((name) => labels.text(name));
  const statuses = labels.text('status');
  const numbers = labels.numbers('value');
  const values = new Map<string, Map<string, Float64Array>>();
  for (const metric of Object.keys(MICRO_METRICS)) if (metrics.includes(metric)) values.set(metric, new Map());
  const diverged = new Map<string, Float64Array>();
  const once = new Set<string>();
  for (let i = 0; i < labels.rowCount; i++) {
    const row = rowOf.get(archs[i]);
    const bySeed = values.get(metrics[i]);
    if (row === undefined || bySeed === undefined)
      throw odd(labels.path, `an architecture and metric of the table`, `${archs[i]} ${metrics[i]}`);
    if ((statuses[i] === 'ok') !== Number.isFinite(numbers[i]))
      throw odd(labels.path, 'a finite value where training went well', `row ${i + 1}`);
    let column = bySeed.get(seeds[i]);
    if (column === undefined) {
      column = new Float64Array(ids.length).fill(Number.NaN);
      bySeed.set(seeds[i], column);
    }
    column[row] = numbers[i];
    let counts = diverged.get(tasks[i]);
    if (counts === undefined) {
      counts = new Float64Array(ids.length);
      diverged.set(tasks[i], counts);
    }
    const training = `${row} ${tasks[i]} ${seeds[i]}`;
    if (statuses[i] !== 'ok' && !once.has(training)) counts[row]++;
    once.add(training);
  }
  return { values, diverged };
}

/** Of all seeds that an architecture has; missing where one of them diverged. */
function meanOf(seeds: ReadonlyMap<string, Float64Array>, diverged: Float64Array | undefined): Float64Array {
  const columns = [...seeds.values()];
  return columns[0].map((_, row) => {
    let sum = 0;
    let count = 0;
    for (const column of columns) {
      if (Number.isNaN(column[row])) continue;
      sum += column[row];
      count++;
    }
    return count > 0 && !(diverged !== undefined && diverged[row] > 0) ? sum / count : Number.NaN;
  });
}

function odd(path: string, expected: string, got: string): DataError {
  return new DataError({ path, expected, got, fix: 'Restore the file from the repository, or merge it anew.' });
}
