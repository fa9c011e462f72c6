import { rngFromPath } from '../core/base/rng.js';
import type { Split } from '../core/base/split.js';
import type { FeatureTable } from '../core/base/table.js';
import type { Direction, Score } from '../core/metrics/index.js';
import { evaluate } from '../core/models/evaluate.js';
import { randomForest } from '../core/models/forest.js';
import { type PredictorId, predictors } from '../core/models/index.js';
import { sklearnGrower } from '../core/models/trees/sklearn-grower.js';

/** A predictor put to the test on one split, as plain data. */
export interface SplitJob {
  readonly x: FeatureTable;
  readonly y: Float64Array;
  readonly split: Split;
  readonly predictor: PredictorId;
  /** For `rf`: grow scikit-learn's forest of this `random_state`; null for our own. */
  readonly sklearnState: number | null;
  readonly rngPath: string;
  readonly direction: Direction;
}

/** Fits and scores one split. */
export function evaluateSplit(job: SplitJob, signal?: AbortSignal): Promise<Score> {
  const { predictor: id, sklearnState, rngPath, direction } = job;
  const predictor = sklearnState === null ? predictors[id]() : randomForest({ grower: sklearnGrower(sklearnState) });
  return evaluate(predictor, job.x, job.y, job.split, { rng: rngFromPath(rngPath), direction, signal });
}
