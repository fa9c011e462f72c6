import type { FeatureTable } from '../core/base/table.js';
import { type Evaluator, evaluateJob } from '../core/models/evaluate-job.js';
import { type WorkerPool, workersCanStart } from './pool.js';
import { shareArray } from './share.js';

/** Evaluates splits in the threads of a pool, one a thread. The numbers are the same as in this thread. */
export function parallelEvaluator(pool: WorkerPool): Evaluator {
  if (!workersCanStart) return evaluateJob;
  const shared = new WeakMap<FeatureTable, FeatureTable>();
  return (job, signal) => {
    const x = shared.get(job.x) ?? { ...job.x, values: job.x.values.map(shareArray) };
    shared.set(job.x, x);
    return pool.run('evaluate', { ...job, x }, signal);
  };
}
