import type { FeatureTable } from '../base/table.js';
import { type BoostingOptions, gradientBoosting, tunedBoosting } from './boosting.js';
import { type ForestOptions, randomForest } from './forest.js';
import type { Fitted, Predictor } from './predictor.js';

type Make<Options> = (options?: Options) => Predictor<FeatureTable, Fitted>;

/** Predictors on feature tables, by their id on the command line; a new one is one file and one line here. */
export const predictors: {
  readonly rf: Make<ForestOptions>;
  readonly gbdt: Make<BoostingOptions>;
  readonly 'gbdt-tuned': Make<BoostingOptions>;
} = {
  rf: randomForest,
  gbdt: gradientBoosting,
  'gbdt-tuned': tunedBoosting,
};

export type PredictorId = keyof typeof predictors;
