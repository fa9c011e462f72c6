import type { WorkOptions } from '../core/base/progress.js';
import { type LabelPlan, type LabelShard, planUnits, unitKey } from './label-plan.js';
import { someLabellers } from './labellers.js';
import { checkSettings, openShard, readShards } from './shard-files.js';

export interface GenerateOptions extends WorkOptions {
  /** The folder of the shard files. What is in it already is not done again. */
  readonly out: string;
  readonly shard?: LabelShard;
  /** Threads; 0 works in this one. The labels do not depend on it. */
  readonly workers?: number;
}

export interface Generated {
  readonly done: number;
  readonly diverged: number;
  /** Of these, how many there were before. */
  readonly before: number;
  /** CPU time of this process for each new unit, all threads together. */
  readonly cpuSecondsPerUnit: number;
}

/**
 * Trains the units of a plan that a folder does not hold yet and adds each to its shard's file as soon as it is done: a
 * process that is killed loses the units that its threads were at. When `signal` aborts, these are finished first.
 * @throws DataError when the folder holds labels made with other settings, or cannot be written; the signal's reason.
 */
export async function generateLabels(plan: LabelPlan, options: GenerateOptions): Promise<Generated> {
  const { out, shard = { index: 0, of: 1 }, workers = 2, signal, onProgress } = options;
  const known = await readShards(out, plan.family);
  checkSettings(known, out);
  const units = planUnits(plan, shard);
  const doneBefore = new Map(known.map((line) => [unitKey(line), line.status]));
  const statuses = units.map((unit) => doneBefore.get(unitKey(unit)));
  const left = units.filter((_, i) => statuses[i] === undefined);
  const before = units.length - left.length;
  let done = before;
  let diverged = statuses.filter((status) => status === 'diverged').length;
  const report = (): void =>
    onProgress?.({
      done,
      total: units.length,
      before,
      label: diverged > 0 ? `${plan.family}, ${diverged} diverged` : plan.family,
    });
  report();

  const file = await openShard(out, plan.family, shard);
  const started = process.cpuUsage();
  const labellers = someLabellers(workers, left.length);
  let next = 0;
  let failed = false;
  try {
    await Promise.all(
      labellers.map(async (labeller) => {
        while (next < left.length && !failed && !signal?.aborted) {
          const unit = left[next++];
          try {
            const line = await labeller.label(unit);
            await file.append(line);
            if (line.status === 'diverged') diverged++;
          } catch (error) {
            failed = true;
            throw error;
          }
          done++;
          report();
        }
      }),
    );
  } finally {
    await Promise.all(labellers.map((labeller) => labeller.close()));
    await file.close();
  }
  if (done < units.length) signal?.throwIfAborted();
  const used = process.cpuUsage(started);
  const cpuSecondsPerUnit = done > before ? (used.user + used.system) / 1e6 / (done - before) : 0;
  return { done, diverged, before, cpuSecondsPerUnit };
}
