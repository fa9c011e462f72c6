import { rng } from '../core/base/rng.js';
import { split as randomSplit } from '../core/base/split.js';
import type { PredictorId } from '../core/models/index.js';
import { protocols, ZC_COMBINE_FOREST_STATE } from '../data/protocol.js';
import { directionOf, type Experiment } from './experiment.js';
import type { LearningRowsOf } from './workbench.js';

export interface SplitScores extends LearningRowsOf {
  readonly predictor: PredictorId;
  readonly train: number;
  readonly seeds: readonly number[];
  /** How many rows are tested on, drawn anew each seed as NASLib does; all that are not learned from unless said. */
  readonly test?: number;
}

/**
 * Every metric of a predictor on the protocol's split of a seed (zc_combine's unless the rows are TA-GATES'), and `mse`. With `rf` the numbers are those of
 * scikit-learn's own forest.
 */
export function splitScores({ predictor, train, seeds, test, ...of }: SplitScores): Experiment {
  const { benchmark, dataset, target, features, version, population } = of;
  // The splits of zc_combine serve rows of any origin; TA-GATES' comparison has its own.
  const protocol = population === 'ta_gates' ? 'ta_gates' : 'zc_combine';
  const rows = population === 'labelled' ? ' labelled rows' : '';
  const tested = test === undefined ? '' : ` test=${test}`;
  return {
    id: `${protocol} ${predictor} ${benchmark}/${dataset} ${target} ${features} ${version} n=${train}${rows}${tested}`,
    benchmark,
    dataset,
    seeds,
    async run(seed, workbench) {
      const { bench, x, y } = await workbench.rows(of);
      const split =
        test === undefined
          ? protocols[protocol].split(bench.size, train, seed)
          : randomSplit(bench.size, { train, test, rng: rng(seed).fork('split') });
      const direction = directionOf(bench, target);
      const sklearnState = predictor === 'rf' ? ZC_COMBINE_FOREST_STATE : null;
      const rngPath = protocols[protocol].fitRng(seed).path;
      const score = await workbench.evaluate({ x, y, split, predictor, sklearnState, rngPath, direction });
      return { ...score, mse: score.rmse ** 2 };
    },
  };
}
