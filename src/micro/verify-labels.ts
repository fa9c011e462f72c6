import { DataError } from '../core/base/errors.js';
import type { WorkOptions } from '../core/base/progress.js';
import { rng } from '../core/base/rng.js';
import type { MicroFamilyId } from '../core/spaces/micro/index.js';
import { readMicroCsv, readMicroManifest } from '../data/microbench-table.js';
import type { LabelUnit } from './label-plan.js';
import { hereLabeller, threadLabeller } from './labellers.js';
import type { TaskId } from './task-data.js';
import type { MetricId } from './unit.js';

export interface VerifyOptions extends WorkOptions {
  /** The folder of the table. */
  readonly folder: string;
  /** All that the table has unless said. */
  readonly family?: readonly MicroFamilyId[];
  /** Labels a family, or all of them where there are fewer. */
  readonly sample: number;
  /** Of the choice. */
  readonly seed?: number;
  /** Threads; 0 works in this one. */
  readonly workers?: number;
}

export interface LabelCheck {
  readonly unit: LabelUnit;
  readonly same: boolean;
  /** The values of all its metrics, as text. */
  readonly expected: string;
  readonly got: string;
}

/** Trains some labels of a table again and compares every digit. @throws DataError when the table is damaged. */
export async function verifyLabels(options: VerifyOptions): Promise<LabelCheck[]> {
  const { folder, sample, seed = 0, workers = 2, signal, onProgress } = options;
  const manifest = await readMicroManifest(folder);
  const ids = options.family ?? (Object.keys(manifest.families) as MicroFamilyId[]);
  const chosen: Expected[] = [];
  for (const id of ids) {
    const entry = Object.hasOwn(manifest.families, id) ? manifest.families[id] : undefined;
    if (entry === undefined) {
      const got = Object.keys(manifest.families).join(', ') || 'none';
      throw new DataError({
        path: folder,
        expected: `a table of ${id}`,
        got,
        fix: 'Merge its shards: npx nascope microbench merge.',
      });
    }
    const table = await readMicroCsv(entry.labels, folder);
    const units = expectedUnits(
      id,
      table.text('arch_id'),
      table.text('task'),
      table.text('metric'),
      table.text('seed'),
      table.text('value'),
    );
    const places = rng(seed).fork('verify').fork(id).choose(units.length, Math.min(sample, units.length));
    chosen.push(...Array.from(places, (place) => units[place]));
  }
  const checks: LabelCheck[] = new Array(chosen.length);
  const labellers = Array.from({ length: Math.max(workers, 1) }, () => (workers === 0 ? hereLabeller() : threadLabeller()));
  let next = 0;
  let done = 0;
  try {
    await Promise.all(
      labellers.map(async (labeller) => {
        while (next < chosen.length) {
          signal?.throwIfAborted();
          const place = next++;
          const { unit, values } = chosen[place];
          const line = await labeller.label(unit);
          const got = describe(
            new Map(Object.entries(line.values).map(([metric, value]) => [metric, value === null ? '' : String(value)])),
          );
          const expected = describe(values);
          checks[place] = { unit, same: got === expected, expected, got };
          onProgress?.({ done: ++done, total: chosen.length, label: unit.family });
        }
      }),
    );
  } finally {
    await Promise.all(labellers.map((labeller) => labeller.close()));
  }
  return checks;
}

interface Expected {
  readonly unit: LabelUnit;
  readonly values: Map<string, string>;
}

function expectedUnits(
  family: MicroFamilyId,
  archs: readonly string[],
  tasks: readonly string[],
  metrics: readonly string[],
  seeds: readonly string[],
  values: readonly string[],
): Expected[] {
  const units = new Map<string, Expected>();
  archs.forEach((arch, row) => {
    const key = `${arch} ${tasks[row]} ${seeds[row]}`;
    let unit = units.get(key);
    if (unit === undefined) {
      unit = { unit: { family, arch, task: tasks[row] as TaskId, seed: Number(seeds[row]) }, values: new Map() };
      units.set(key, unit);
    }
    unit.values.set(metrics[row] as MetricId, values[row]);
  });
  return [...units.values()];
}

/** `cls.acc 78.125, cls.nll 0.61…`, sorted. */
function describe(values: ReadonlyMap<string, string>): string {
  return [...values]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([metric, value]) => `${metric} ${value === '' ? 'diverged' : value}`)
    .join(', ');
}
