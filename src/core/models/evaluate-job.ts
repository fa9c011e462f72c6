import { rngFromPath } from '../base/rng.js';
import type { Split } from '../base/split.js';
import type { FeatureTable } from '../base/table.js';
import type { Direction } from '../metrics/index.js';
import { type Evaluation, evaluate } from './evaluate.js';
import { randomForest } from './forest.js';
import { type PredictorId, predictors } from './index.js';
import { sklearnGrower } from './trees/sklearn-grower.js';

/** A predictor to be put to the test on one split. Plain data: it crosses worker borders. */
export interface EvaluationJob {
  readonly x: FeatureTable;
  readonly y: Float64Array;
  readonly split: Split;
  readonly predictor: PredictorId;
  /** For `rf`: grow scikit-learn's forest of this `random_state`; null for our own. */
  readonly sklearnState: number | null;
  readonly rngPath: string;
  readonly direction: Direction;
}

/** Who evaluates jobs: this thread (`evaluateJob`) or a pool. The numbers are the same. */
export type Evaluator = (job: EvaluationJob, signal?: AbortSignal) => Promise<Evaluation>;

/** Fits a job's predictor and scores it. @throws as `evaluate` does. */
export function evaluateJob(job: EvaluationJob, signal?: AbortSignal): Promise<Evaluation> {
  const { predictor: id, sklearnState, rngPath, direction } = job;
  const predictor = sklearnState === null ? predictors[id]() : randomForest({ grower: sklearnGrower(sklearnState) });
  return evaluate(predictor, job.x, job.y, job.split, { rng: rngFromPath(rngPath), direction, signal });
}
