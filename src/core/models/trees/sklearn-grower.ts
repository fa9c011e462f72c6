import { Mt19937 } from '../../base/mt19937.js';
import type { WorkOptions } from '../../base/progress.js';
import { type GrowthJob, growInTurns, type TreeGrower } from './grower.js';
import { SklearnGrowth } from './sklearn-growth.js';
import type { Tree } from './tree.js';

/** One more than the greatest seed that scikit-learn gives a tree. */
const SEEDS = 0x7fffffff;

/**
 * Grows the very forest that scikit-learn 1.2's `RandomForestRegressor(random_state=randomState)` grows on numpy's legacy
 * generator, for published results that have no other definition: the same bootstrap samples, the same splits, the same
 * sums in the same order. The fit's own rng is not used. Tables are read as float32, as there.
 *
 * The trees equal scikit-learn's node for node. Thresholds differ in the last place of a float32, so that doubles go the
 * way that scikit-learn sends them after rounding. New work uses the default grower, which is several times faster.
 * @param randomState a whole number in 0 .. 2^32 − 1.
 */
export function sklearnGrower(randomState: number): TreeGrower {
  return {
    grow(job: GrowthJob, options: WorkOptions): Promise<readonly Tree[]> {
      const seeds = new Mt19937(randomState);
      const growth = new SklearnGrowth(job.rows, job.settings);
      return growInTurns(job.treeCount, () => growth.grow(seeds.interval(SEEDS - 1)), options);
    },
  };
}
