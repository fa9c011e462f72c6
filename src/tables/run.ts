import { join } from 'node:path';
import type { WorkOptions } from '../core/base/progress.js';
import type { Evaluator } from '../core/models/evaluate-job.js';
import { codeVersion } from '../data/code-version.js';
import { sideBySide } from '../data/side-by-side.js';
import type { PaperTable } from './paper-table.js';
import { planUnits, type Shard, shardUnits, type Unit } from './plan.js';
import { type OpenResults, openResults, type ResultLine, type RunHeader } from './results-file.js';
import { type Workbench, workbench } from './workbench.js';

export interface RunOptions extends WorkOptions {
  /** Seeds of each experiment, the first of the paper's own; null for as many as the published numbers have. */
  readonly seeds: number | null;
  /** Only rows whose name holds this; '' for all. */
  readonly rows: string;
  readonly shard: Shard | null;
  /** The folder of the results file, which a later run goes on with; null: nothing is written. */
  readonly out: string | null;
  /** Units worked on side by side. */
  readonly jobs: number;
  readonly evaluate?: Evaluator;
  readonly pull?: boolean;
}

/** Tables cut to the rows that were asked for. */
export function tablesWithRows(tables: readonly PaperTable[], rows: string): PaperTable[] {
  return tables
    .map((table) => ({ ...table, rows: table.rows.filter((row) => row.includes(rows)) }))
    .filter((table) => table.rows.length > 0);
}

export function resultsPath(out: string, shard: Shard | null): string {
  return join(out, shard === null ? 'results.jsonl' : `shard-${shard.index}-of-${shard.of}.jsonl`);
}

export function headerOf(tables: readonly PaperTable[], { rows, seeds, shard }: RunOptions): RunHeader {
  const ids = tables.map((table) => table.id);
  return { format: 'nascope-reproduce', version: 1, tables: ids, rows, seeds, shard, code: codeVersion() };
}

/**
 * Computes what tables need and gives back one line a unit of this run. Units that the results file holds for the same
 * data and code are not computed again.
 * @param tables already cut to `options.rows`.
 * @throws DataError as `load` and `openResults` do; rejects with the signal's reason when aborted.
 */
export async function runUnits(tables: readonly PaperTable[], options: RunOptions): Promise<ResultLine[]> {
  const units = shardUnits(planUnits(tables, options.seeds), options.shard);
  const bench = workbench(options);
  const file =
    options.out === null ? null : await openResults(resultsPath(options.out, options.shard), headerOf(tables, options));
  try {
    return await finish(units, bench, file, options);
  } finally {
    await file?.close();
  }
}

async function finish(
  units: readonly Unit[],
  bench: Workbench,
  file: OpenResults | null,
  { jobs, signal, onProgress }: RunOptions,
): Promise<ResultLine[]> {
  const code = codeVersion();
  const key = (line: Pick<ResultLine, 'experiment' | 'seed' | 'data' | 'code'>): string =>
    JSON.stringify([line.experiment, line.seed, line.data, line.code]);
  const known = new Map(file?.lines.map((line) => [key(line), line]));
  const lines: ResultLine[] = new Array(units.length);
  const open: { readonly at: number; readonly unit: Unit; readonly data: string }[] = [];
  for (const [at, unit] of units.entries()) {
    const { experiment, seed } = unit;
    const data = (await bench.load(experiment.benchmark, experiment.dataset)).hash;
    const before = known.get(key({ experiment: experiment.id, seed, data, code }));
    if (before) lines[at] = before;
    else open.push({ at, unit, data });
  }
  let done = units.length - open.length;
  onProgress?.({ done, total: units.length });
  await sideBySide(
    open,
    { jobs, signal },
    ({ unit, data }) => resultOf(unit, data, code, bench),
    async (line, { at }) => {
      lines[at] = line;
      await file?.append(line);
      onProgress?.({ done: ++done, total: units.length, label: `${line.experiment}, seed ${line.seed}` });
    },
  );
  return lines;
}

async function resultOf({ experiment, seed }: Unit, data: string, code: string, bench: Workbench): Promise<ResultLine> {
  const start = performance.now();
  const numbers = Object.entries(await experiment.run(seed, bench));
  const seconds = Number(((performance.now() - start) / 1000).toFixed(3));
  const values = Object.fromEntries(numbers.map(([name, value]) => [name, Number.isNaN(value) ? null : value]));
  return { experiment: experiment.id, seed, data, code, seconds, values };
}
