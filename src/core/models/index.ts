import type { FeatureTable } from '../base/table.js';
import { type ForestOptions, randomForest } from './forest.js';
import type { Fitted, Predictor } from './predictor.js';

/** Predictors on feature tables, by their id on the command line; a new one is one file and one line here. */
export const predictors: { readonly rf: (options?: ForestOptions) => Predictor<FeatureTable, Fitted> } = {
  rf: randomForest,
};

export type PredictorId = keyof typeof predictors;
