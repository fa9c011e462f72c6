import { rngFromPath } from '../base/rng.js';
import type { FeatureTable } from '../base/table.js';
import { checkTraining } from './check.js';
import type { FitOptions, ModelFile, Predictor } from './predictor.js';
import { checkGrowth } from './trees/check-growth.js';
import { growInTurns } from './trees/grower.js';
import type { GrowthSettings } from './trees/growth-settings.js';
import { type MeanOfTrees, type MeanOfTreesKind, meanOfTrees, meanOfTreesFromJSON } from './trees/mean-of-trees.js';
import { RandomGrowth } from './trees/random-growth.js';
import { COARSE, trainingRows } from './trees/training-rows.js';

/** Names, meanings and defaults are those of scikit-learn's `ExtraTreesRegressor`. */
export interface ExtraTreesOptions {
  readonly trees?: number;
  /** Share of the columns looked at in a node, in (0, 1]. */
  readonly maxFeatures?: number;
  readonly minSamplesLeaf?: number;
  readonly minSamplesSplit?: number;
  /** Edges from the root; null for no limit. */
  readonly maxDepth?: number | null;
  readonly bootstrap?: boolean;
}

const DEFAULTS: Required<ExtraTreesOptions> = {
  trees: 100,
  maxFeatures: 1,
  minSamplesLeaf: 1,
  minSamplesSplit: 2,
  maxDepth: null,
  bootstrap: false,
};

/** Fitted extra trees: the mean of them. */
export type FittedExtraTrees = MeanOfTrees<'extra-trees'>;

/**
 * Extremely randomised trees, statistically those of scikit-learn's defaults: every tree sees all rows; a node draws one
 * threshold a column, evenly between its least and its greatest value there, and takes the best of them. Smoother than a
 * forest's steps, and often better where labels are few.
 * @throws ShapeError on an option out of range.
 * @see Geurts, Ernst and Wehenkel 2006. Takes O(trees × rows × columns × depth).
 */
export function extraTrees(options: ExtraTreesOptions = {}): Predictor<FeatureTable, FittedExtraTrees> {
  const { trees, maxDepth, ...rest } = { ...DEFAULTS, ...options };
  const settings: GrowthSettings = { ...rest, maxDepth: maxDepth ?? Number.POSITIVE_INFINITY };
  checkGrowth(KIND.where, trees, settings);
  return {
    id: 'extra-trees',
    async fit(x: FeatureTable, y: Float64Array, { rng, signal, onProgress }: FitOptions): Promise<FittedExtraTrees> {
      checkTraining('extraTrees.fit', x, y);
      signal?.throwIfAborted();
      const growth = new RandomGrowth(trainingRows(x, y, COARSE), settings);
      const source = rngFromPath(rng.path);
      const grown = await growInTurns(trees, (t) => growth.grow(source.fork(t)), { signal, onProgress });
      return meanOfTrees(KIND, x.columns, grown);
    },
  };
}

export const EXTRA_TREES_FORMAT = 'nascope/extra-trees';
export const EXTRA_TREES_VERSION = 1;

const KIND: MeanOfTreesKind<'extra-trees'> = {
  id: 'extra-trees',
  where: 'extraTrees',
  format: EXTRA_TREES_FORMAT,
  version: EXTRA_TREES_VERSION,
};

/** The inverse of `toJSON`. @throws DataError when the file's parts do not fit together. */
export function extraTreesFromJSON(file: ModelFile): FittedExtraTrees {
  return meanOfTreesFromJSON(KIND, file);
}
