import type { WorkOptions } from '../core/base/progress.js';
import { rng } from '../core/base/rng.js';
import type { MicroFamilyId } from '../core/spaces/micro/index.js';
import { readMicroCsv, readMicroFamilies } from '../data/microbench-table.js';
import type { LabelUnit } from './label-plan.js';
import { labelSettings, settingsHash } from './label-settings.js';
import { someLabellers } from './labellers.js';
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
  /** Whether the table says that the label was made with the present settings and engine. */
  readonly present: boolean;
  /** The values of all its metrics, as text. */
  readonly expected: string;
  readonly got: string;
}

/** Trains some labels of a table again and compares every digit. @throws DataError when the table is damaged. */
export async function verifyLabels(options: VerifyOptions): Promise<LabelCheck[]> {
  const { folder, sample, seed = 0, workers = 2, signal, onProgress } = options;
  const chosen: (Expected & Pick<LabelCheck, 'present'>)[] = [];
  for (const [id, entry] of await readMicroFamilies(folder, options.family)) {
    const table = await readMicroCsv(entry.labels, folder);
    const units = expectedUnits(
      id as MicroFamilyId,
      table.text('arch_id'),
      table.text('task'),
      table.text('metric'),
      table.text('seed'),
      table.text('value'),
    );
    const places = rng(seed).fork('verify').fork(id).choose(units.length, Math.min(sample, units.length));
    const isPresent = ({ family, task }: LabelUnit): boolean =>
      entry.settings[task] === settingsHash(labelSettings(family, task));
    chosen.push(...Array.from(places, (place) => ({ ...units[place], present: isPresent(units[place].unit) })));
  }
  const checks: LabelCheck[] = new Array(chosen.length);
  const labellers = someLabellers(workers, chosen.length);
  let next = 0;
  let done = 0;
  try {
    await Promise.all(
      labellers.map(async (labeller) => {
        while (next < chosen.length) {
          signal?.throwIfAborted();
          const place = next++;
          const { unit, values, present } = chosen[place];
          const line = await labeller.label(unit);
          const got = describe(
            new Map(Object.entries(line.values).map(([metric, value]) => [metric, value === null ? '' : String(value)])),
          );
          const expected = describe(values);
          checks[place] = { unit, same: got === expected, present, expected, got };
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
