import type { Split } from '../../core/base/split.js';
import type { FeatureTable } from '../../core/base/table.js';
import { evaluate } from '../../core/models/evaluate.js';
import { type Evaluator, evaluateJob } from '../../core/models/evaluate-job.js';
import type { Benchmark } from '../benchmark.js';
import { codeVersion } from '../code-version.js';
import { featureSets } from '../feature-sets.js';
import { sha256 } from '../file-hash.js';
import { type Leak, worstLeak } from '../leaks.js';
import { forestStateOf } from '../protocol.js';
import { sideBySide } from '../side-by-side.js';
import { type CompareHeader, type CompareRow, type OpenRows, openRows } from './results-file.js';
import { type CompareOptions, type CompareSettings, compareSettings, type Recipe } from './settings.js';

/** Who evaluates, on how many splits at a time. The numbers do not depend on either. */
export interface CompareWorkers {
  readonly evaluate?: Evaluator;
  readonly jobs?: number;
}

export interface CompareRun {
  /** One a recipe, size and seed: by seed, then size, then recipe as they were given. */
  readonly rows: readonly CompareRow[];
  readonly settings: CompareSettings;
  /** What all rows depend on: provenance. */
  readonly header: CompareHeader;
  /** The worst of the splits; null where no split has twins on both sides. */
  readonly leak: Leak | null;
}

interface Unit {
  readonly recipe: Recipe;
  readonly train: number;
  readonly seed: number;
}

/**
 * Evaluates every recipe on every size and seed. All recipes see the same rows and, at one size and seed, the same split,
 * so that they can be compared in pairs.
 * @throws as `compareSettings` and `openRows` do; rejects with the signal's reason when aborted, at once: what has been
 *   finished stands in the results file.
 */
export async function runComparison(
  whole: Benchmark,
  options: CompareOptions,
  workers: CompareWorkers = {},
): Promise<CompareRun> {
  const settings = compareSettings(whole, options);
  const header = headerOf(settings);
  const units = settings.seeds.flatMap((seed) =>
    settings.train.flatMap((train) => settings.recipes.map((recipe): Unit => ({ recipe, train, seed }))),
  );
  const file = options.resume === undefined ? null : await openRows(options.resume, header);
  try {
    const rows = await finish(units, settings, file, options, workers);
    return { rows, settings, header, leak: worstLeak(settings.bench, allSplits(settings)) };
  } finally {
    await file?.close();
  }
}

async function finish(
  units: readonly Unit[],
  settings: CompareSettings,
  file: OpenRows | null,
  { signal, onProgress }: CompareOptions,
  { evaluate: evaluator = evaluateJob, jobs = 1 }: CompareWorkers,
): Promise<CompareRow[]> {
  const known = new Map(file?.rows.map((row) => [keyOf(row.recipe, row), row]));
  const rows: (CompareRow | undefined)[] = units.map((unit) => known.get(keyOf(unit.recipe.name, unit)));
  const open = units.flatMap((unit, at) => (rows[at] === undefined ? [{ unit, at }] : []));
  const tables = new Map<string, FeatureTable>();
  const tableOf = (features: string): FeatureTable => {
    const made = tables.get(features) ?? featureSets(settings.bench, features, { version: settings.version });
    tables.set(features, made);
    return made;
  };
  let done = units.length - open.length;
  onProgress?.({ done, total: units.length });
  await sideBySide(
    open,
    { jobs, signal },
    ({ unit }) => measure(unit, tableOf(unit.recipe.features), settings, evaluator, signal),
    async (row, { at }) => {
      rows[at] = row;
      await file?.append(row);
      onProgress?.({ done: ++done, total: units.length, label: `${row.recipe}, ${row.train} labels, seed ${row.seed}` });
    },
  );
  return rows as CompareRow[];
}

async function measure(
  { recipe, train, seed }: Unit,
  x: FeatureTable,
  { protocol, bench, target, direction }: CompareSettings,
  evaluator: Evaluator,
  signal: AbortSignal | undefined,
): Promise<CompareRow> {
  const y = bench.target(target);
  const split = protocol.split(bench.size, train, seed);
  const rng = protocol.fitRng(seed);
  const { name, model, id, predictor, features } = recipe;
  const about = { recipe: name, model, features, train, test: split.test.length, seed };
  if (predictor !== null) return { ...about, ...(await evaluate(predictor, x, y, split, { rng, direction, signal })) };
  const predictorId = id as NonNullable<typeof id>;
  const sklearnState = forestStateOf(protocol, predictorId);
  const job = { x, y, split, predictor: predictorId, sklearnState, rngPath: rng.path, direction };
  return { ...about, ...(await evaluator(job, signal)) };
}

function keyOf(recipe: string, { train, seed }: { readonly train: number; readonly seed: number }): string {
  return JSON.stringify([recipe, train, seed]);
}

function headerOf({ bench, target, protocolId, version }: CompareSettings): CompareHeader {
  const rows = sha256(bench.archs.join('\n')).slice(0, 16);
  return {
    format: 'nascope-compare',
    version: 1,
    code: codeVersion(),
    data: bench.hash,
    rows,
    target,
    protocol: protocolId,
    graf: version,
  };
}

function allSplits({ protocol, bench, train, seeds }: CompareSettings): Split[] {
  return train.flatMap((size) => seeds.map((seed) => protocol.split(bench.size, size, seed)));
}
