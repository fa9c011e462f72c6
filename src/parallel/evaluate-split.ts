import type { FeatureTable } from '../core/base/table.js';
import type { Score } from '../core/metrics/index.js';
import { type WorkerPool, workersCanStart } from './pool.js';
import { shareArray } from './share.js';
import { evaluateSplit, type SplitJob } from './split-task.js';

/** Evaluates splits in the threads of a pool, one a thread. The numbers are the same as in this thread. */
export function parallelEvaluation(pool: WorkerPool): (job: SplitJob, signal?: AbortSignal) => Promise<Score> {
  if (!workersCanStart) return evaluateSplit;
  const shared = new WeakMap<FeatureTable, FeatureTable>();
  return (job, signal) => {
    const x = shared.get(job.x) ?? { ...job.x, values: job.x.values.map(shareArray) };
    shared.set(job.x, x);
    return pool.run('evaluate-split', { ...job, x }, signal);
  };
}
