import type { FeatureTable } from '../base/table.js';
import { type BayesianLinearOptions, bayesianLinear } from './bayesian-linear.js';
import { type BoostingOptions, gradientBoosting, tunedBoosting } from './boosting.js';
import { type ExtraTreesOptions, extraTrees } from './extra-trees.js';
import { type ForestOptions, randomForest } from './forest.js';
import { type GaussianProcessOptions, gaussianProcess, weisfeilerLehmanProcess } from './gaussian-process.js';
import { type MlpOptions, mlp } from './mlp.js';
import { type NearestNeighboursOptions, nearestNeighbours } from './nearest-neighbours.js';
import { omni } from './omni.js';
import type { Fitted, Predictor } from './predictor.js';
import { type RidgeOptions, ridge } from './ridge.js';

type Make<Options> = (options?: Options) => Predictor<FeatureTable, Fitted>;

/** Predictors on feature tables, by their id on the command line; a new one is one file and one line here. */
export const predictors: {
  readonly rf: Make<ForestOptions>;
  readonly gbdt: Make<BoostingOptions>;
  readonly 'gbdt-tuned': Make<BoostingOptions>;
  readonly 'extra-trees': Make<ExtraTreesOptions>;
  readonly ridge: Make<RidgeOptions>;
  readonly blr: Make<BayesianLinearOptions>;
  readonly knn: Make<NearestNeighboursOptions>;
  readonly gp: Make<GaussianProcessOptions>;
  readonly 'gp-wl': Make<Pick<GaussianProcessOptions, 'fitRows'>>;
  readonly mlp: Make<MlpOptions>;
  readonly omni: () => Predictor<FeatureTable, Fitted>;
} = {
  rf: randomForest,
  gbdt: gradientBoosting,
  'gbdt-tuned': tunedBoosting,
  'extra-trees': extraTrees,
  ridge,
  blr: bayesianLinear,
  knn: nearestNeighbours,
  gp: gaussianProcess,
  'gp-wl': weisfeilerLehmanProcess,
  mlp,
  omni,
};

export type PredictorId = keyof typeof predictors;
