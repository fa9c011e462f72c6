import { ParseError, ShapeError } from '../core/base/errors.js';
import type { WorkOptions } from '../core/base/progress.js';
import { type MicroFamilyId, microFamilyNamed } from '../core/spaces/micro/index.js';
import { MICROBENCH_FOLDER, readMicroCsv, readMicroManifest } from '../data/microbench-table.js';
import { labelSettings, settingsHash } from './label-settings.js';
import { trainLabel } from './label-unit.js';
import type { TaskId } from './task-data.js';
import { type MetricId, TASK_METRICS, type UnitResult } from './unit.js';

export interface TrainForRealOptions extends WorkOptions {
  /** `E201` unless said. */
  readonly family?: MicroFamilyId;
  /** `cls` (name the glyph) unless said; `den` takes noise away, `seg` marks the stroke. */
  readonly task?: TaskId;
  /** Of the first weights and of the scenes; 1 unless said. */
  readonly seed?: number;
  /** The table that is looked into; the package's own unless said. */
  readonly folder?: string;
}

/** One metric of a training, and what the table holds of the same training. */
export interface TrainedMetric {
  readonly metric: MetricId;
  /** Null where training diverged. */
  readonly value: number | null;
  /** Null where the table does not hold this label, or its training diverged. */
  readonly table: number | null;
}

export interface RealTraining {
  readonly family: MicroFamilyId;
  /** As the family writes it. */
  readonly arch: string;
  /** What was trained: the architecture that stands for all with the same network. */
  readonly canonical: string;
  readonly task: TaskId;
  readonly seed: number;
  readonly status: 'ok' | 'diverged';
  readonly metrics: readonly TrainedMetric[];
  /** Whether the table has this label: as `ok`, as `diverged`, or not at all. */
  readonly inTable: 'ok' | 'diverged' | 'no';
  /** The mean training loss of each epoch. */
  readonly losses: readonly number[];
  /** Wall time, drawing the scenes included. */
  readonly seconds: number;
  readonly engine: string;
}

/**
 * Trains one architecture of MicroBench as its table was labelled, with the same bits on every machine: about a second of
 * one core, and one more for the first scenes of a seed. Any encoding that the family's space reads will do; as in the table
 * the canonical network is trained, so that a label found under another text of the same network is the same number. A
 * cell that passes nothing on is trained all the same: chance.
 * @throws ParseError when the family or task is not known or the architecture is none of the family; ShapeError for a seed
 *   that is no whole number; DataError when the table is damaged; the signal's reason, at the next epoch.
 */
export async function trainForReal(arch: string, options: TrainForRealOptions = {}): Promise<RealTraining> {
  const { family = 'E201', task = 'cls', seed = 1, folder = MICROBENCH_FOLDER, ...work } = options;
  const made = microFamilyNamed(family);
  if (!Object.hasOwn(TASK_METRICS, task)) {
    const expected = `one of ${Object.keys(TASK_METRICS).join(', ')}`;
    throw new ParseError({ what: 'MicroBench task', text: String(task), at: 0, expected });
  }
  if (!Number.isInteger(seed) || seed < 0) {
    throw new ShapeError({ argument: 'trainForReal: seed', expected: 'a whole number from 0 on', got: String(seed) });
  }
  const parsed = made.parse(arch);
  const canonical = made.canonicalId(parsed);
  work.signal?.throwIfAborted();
  const label = await tableLabel(family, canonical, task, seed, folder);
  const started = performance.now();
  const trained = await trainLabel({ family, arch: made.format(parsed), task, seed }, labelSettings(family, task), work);
  return {
    family,
    arch: made.format(parsed),
    canonical,
    task,
    seed,
    status: trained.status,
    metrics: trained.metrics.map(({ metric, value }) => ({ metric, value, table: label?.values.get(metric) ?? null })),
    inTable: label?.status ?? 'no',
    losses: trained.loss,
    seconds: (performance.now() - started) / 1000,
    engine: trained.engine,
  };
}

interface TableLabel {
  readonly status: UnitResult['status'];
  readonly values: ReadonlyMap<string, number>;
}

/** What the table holds under any text of the network; null for a label that it lacks or that other settings made. */
async function tableLabel(
  family: MicroFamilyId,
  canonical: string,
  task: TaskId,
  seed: number,
  folder: string,
): Promise<TableLabel | null> {
  const { families } = await readMicroManifest(folder);
  const entry = Object.hasOwn(families, family) ? families[family] : undefined;
  if (entry === undefined || entry.settings[task] !== settingsHash(labelSettings(family, task))) return null;
  const archs = await readMicroCsv(entry.archs, folder);
  const row = archs.text('canonical_id').indexOf(canonical);
  if (row < 0) return null;
  const id = archs.text('arch_id')[row];
  const labels = await readMicroCsv(entry.labels, folder);
  const [ids, tasks, metrics, seeds, statuses] = ['arch_id', 'task', 'metric', 'seed', 'status'].map((name) => labels.text(name));
  const numbers = labels.numbers('value');
  const values = new Map<string, number>();
  let status: TableLabel['status'] | null = null;
  for (let i = 0; i < labels.rowCount; i++) {
    if (ids[i] !== id || tasks[i] !== task || Number(seeds[i]) !== seed) continue;
    status = statuses[i] === 'ok' ? 'ok' : 'diverged';
    if (status === 'ok') values.set(metrics[i], numbers[i]);
  }
  return status === null ? null : { status, values };
}
