import type { Column, FeatureTable } from '../base/table.js';
import { gradientBoosting } from './boosting.js';
import { extraTrees } from './extra-trees.js';
import { gaussianProcess } from './gaussian-process.js';
import type { LoadModel, Member } from './members.js';
import { onColumnScores, onTargetScores } from './on-scores.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from './predictor.js';
import { stack } from './stack.js';

/** Whether a column is a zero-cost proxy. */
const isProxy = (column: Column): boolean => column.family === 'zcp';

/**
 * The mean of four predictors that err differently, all on the target's normal scores: extra trees and boosting on all
 * columns, a Gaussian process on the columns' normal scores, and, while there are fewer than two labels a column, one on
 * those of the zero-cost proxies alone (where there are proxies among other columns). Scores come from the training rows only: nothing looks at the rows to be predicted.
 *
 * A recipe rather than a model: settings are those of graf.md 7.5, the fourth member was chosen on NAS-Bench-201 splits
 * with seeds 100 to 111, apart from those that results are reported on.
 */
export function omni(): Predictor {
  return {
    id: 'omni',
    async fit(x: FeatureTable, y: Float64Array, options: FitOptions): Promise<Fitted> {
      return asOmni(await onTargetScores(stack(members(x.columns, y.length), { folds: 0 })).fit(x, y, options));
    },
  };
}

function members(columns: readonly Column[], labels: number): Member[] {
  const process = onColumnScores(gaussianProcess());
  const boosting = { rounds: 1000, eta: 0.03, maxDepth: 4, subsample: 0.8, colsample: 0.3, baseScore: 0 };
  return [
    { predictor: extraTrees({ maxFeatures: 0.5 }) },
    { predictor: gradientBoosting(boosting) },
    { predictor: process },
    ...(labels < 2 * columns.length && columns.some(isProxy) && !columns.every(isProxy)
      ? [{ predictor: process, columns: isProxy }]
      : []),
  ];
}

export const OMNI_FORMAT = 'nascope/omni';
export const OMNI_VERSION = 1;

function asOmni(model: Fitted): Fitted {
  return {
    id: 'omni',
    predict: (x: FeatureTable): Float64Array => model.predict(x),
    toJSON: (): ModelFile => ({ format: OMNI_FORMAT, version: OMNI_VERSION, model: model.toJSON() }),
  };
}

/** The inverse of `toJSON`. @throws DataError when the file is damaged. */
export function omniFromJSON(file: ModelFile, load: LoadModel): Fitted {
  return asOmni(load(file.model as ModelFile));
}
