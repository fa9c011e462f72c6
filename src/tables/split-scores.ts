import type { PredictorId } from '../core/models/index.js';
import { protocols, ZC_COMBINE_FOREST_STATE } from '../data/protocol.js';
import { directionOf, type Experiment } from './experiment.js';
import type { LearningRowsOf } from './workbench.js';

export interface SplitScores extends LearningRowsOf {
  readonly predictor: PredictorId;
  readonly train: number;
  readonly seeds: readonly number[];
}

/**
 * Every metric of a predictor on the protocol zc_combine's split of a seed, and `mse`. With `rf` the numbers are those of
 * scikit-learn's own forest.
 */
export function splitScores({ predictor, train, seeds, ...of }: SplitScores): Experiment {
  const { benchmark, dataset, target, features, version } = of;
  return {
    id: `zc_combine ${predictor} ${benchmark}/${dataset} ${target} ${features} ${version} n=${train}`,
    benchmark,
    dataset,
    seeds,
    async run(seed, workbench) {
      const { bench, x, y } = await workbench.rows(of);
      const split = protocols.zc_combine.split(bench.size, train, seed);
      const direction = directionOf(bench, target);
      const sklearnState = predictor === 'rf' ? ZC_COMBINE_FOREST_STATE : null;
      const rngPath = protocols.zc_combine.fitRng(seed).path;
      const score = await workbench.evaluate({ x, y, split, predictor, sklearnState, rngPath, direction });
      return { ...score, mse: score.rmse ** 2 };
    },
  };
}
