import type { Column, FeatureTable } from '../base/table.js';
import { checkColumns, checkTraining } from './check.js';
import {
  checkMembers,
  type FittedMember,
  fitMembers,
  type LoadModel,
  type Member,
  membersFromJSON,
  membersToJSON,
  predictMembers,
} from './members.js';
import { type MonotoneScale, monotoneScale, monotoneScaleFromJSON, valueAt } from './monotone-scale.js';
import { normalQuantile } from './normal-scores.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from './predictor.js';
import { meanRanks } from './rank-votes.js';
import { savedColumns } from './saved.js';

/**
 * Several predictors, each on its own columns, that vote by rank: a row's place is the mean of its places among the rows
 * asked together, given back as the training target's value at that place. Members need not share a scale.
 *
 * A prediction therefore depends on which rows are asked with it (transductive): ask for all candidates at once. For
 * predictions that stand by themselves use `stack`.
 * @throws ShapeError when there is no member, or one of them sees no column.
 */
export function rankAverage(members: readonly Member[]): Predictor {
  checkMembers('rankAverage', members);
  return {
    id: 'rank-average',
    async fit(x: FeatureTable, y: Float64Array, { rng, signal, onProgress }: FitOptions): Promise<Fitted> {
      checkTraining('rankAverage.fit', x, y);
      signal?.throwIfAborted();
      let done = 0;
      const onMember = (): void => onProgress?.({ done: ++done, total: members.length, label: 'model' });
      const fitted = await fitMembers('rankAverage', members, x, y, { rng, signal, onMember });
      return ranked(x.columns, fitted, monotoneScale(y));
    },
  };
}

export const RANK_AVERAGE_FORMAT = 'nascope/rank-average';
export const RANK_AVERAGE_VERSION = 1;

function ranked(columns: readonly Column[], members: readonly FittedMember[], scale: MonotoneScale): Fitted {
  return {
    id: 'rank-average',
    predict(x: FeatureTable): Float64Array {
      checkColumns('rankAverage.predict', x, columns);
      const ranks = meanRanks(predictMembers(members, x));
      return ranks.map((rank) => valueAt(scale, normalQuantile((rank - 0.5) / x.rowCount)));
    },
    toJSON: (): ModelFile => ({
      format: RANK_AVERAGE_FORMAT,
      version: RANK_AVERAGE_VERSION,
      columns,
      scale,
      members: membersToJSON(members),
    }),
  };
}

/** The inverse of `toJSON`. @throws DataError when the file is damaged. */
export function rankAverageFromJSON(file: ModelFile, load: LoadModel): Fitted {
  const columns = savedColumns(RANK_AVERAGE_FORMAT, file.columns);
  return ranked(
    columns,
    membersFromJSON(RANK_AVERAGE_FORMAT, file.members, columns.length, load),
    monotoneScaleFromJSON(RANK_AVERAGE_FORMAT, file.scale),
  );
}
