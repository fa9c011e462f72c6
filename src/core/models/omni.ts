import type { Column, FeatureTable } from '../base/table.js';
import { gradientBoosting } from './boosting.js';
import { extraTrees } from './extra-trees.js';
import { gaussianProcess } from './gaussian-process.js';
import type { LoadModel, Member } from './members.js';
import { onColumnScores, onTargetScores } from './on-scores.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from './predictor.js';
import { stack } from './stack.js';

/** Columns that measure a network or guess at one; all others describe its graph. */
const MEASURED: readonly string[] = ['zcp', 'micro'];

/**
 * The mean of predictors that err differently, all on the target's normal scores: two Gaussian processes, which see
 * zero-cost proxies as normal scores, one with a length scale for each source of columns (graph, `zcp`, `micro`), one with a
 * length scale for each feature family; boosting on all columns; and, from two labels a column on, extra trees. Scores come
 * from the training rows only: nothing looks at the rows to be predicted.
 *
 * A recipe rather than a model: boosting and trees are set as in graf.md 7.5; the members were chosen on NAS-Bench-201
 * splits with seeds 100 to 107, apart from those that results are reported on.
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
  const boosting = { rounds: 1000, eta: 0.03, maxDepth: 4, subsample: 0.8, colsample: 0.3, baseScore: 0 };
  const process = (groups: (column: Column) => string): Member => ({
    predictor: onColumnScores(gaussianProcess({ groups }), ({ family }) => family === 'zcp'),
  });
  return [
    process(({ family }) => (MEASURED.includes(family) ? family : 'graph')),
    process(({ family }) => family),
    { predictor: gradientBoosting(boosting) },
    ...(labels < 2 * columns.length ? [] : [{ predictor: extraTrees({ maxFeatures: 0.5 }) }]),
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
