import type { FeatureTable } from '../base/table.js';
import { checkTraining } from './check.js';
import type { FitOptions, ModelFile, Predictor } from './predictor.js';
import { checkGrowth } from './trees/check-growth.js';
import { growHere, type TreeGrower } from './trees/grower.js';
import type { GrowthSettings } from './trees/growth-settings.js';
import { type MeanOfTrees, type MeanOfTreesKind, meanOfTrees, meanOfTreesFromJSON } from './trees/mean-of-trees.js';
import { COARSE, trainingRows } from './trees/training-rows.js';

/** Meanings and defaults are those of scikit-learn's `RandomForestRegressor`, in our spelling; each field says its default. */
export interface ForestOptions {
  /** How many; 100 unless said. */
  readonly trees?: number;
  /** Share of the columns looked at in a node, in (0, 1]; 1 unless said. */
  readonly maxFeatures?: number;
  /** 1 unless said. */
  readonly minSamplesLeaf?: number;
  /** 2 unless said. */
  readonly minSamplesSplit?: number;
  /** Edges from the root; null, no limit, unless said. */
  readonly maxDepth?: number | null;
  /** Whether each tree sees its own draw of the rows; true unless said. */
  readonly bootstrap?: boolean;
  /** Who grows the trees: this thread, a worker pool (the same forest), or `sklearnGrower` (scikit-learn's own forest). */
  readonly grower?: TreeGrower;
}

const DEFAULTS: Required<ForestOptions> = {
  trees: 100,
  maxFeatures: 1,
  minSamplesLeaf: 1,
  minSamplesSplit: 2,
  maxDepth: null,
  bootstrap: true,
  grower: growHere,
};

/** A fitted random forest: the mean of its trees. */
export type FittedForest = MeanOfTrees<'rf'>;

/**
 * A regression forest of exact, fully grown trees on bootstrap samples, statistically that of scikit-learn's defaults:
 * every split of every column is weighed by squared error, thresholds lie midway, ties between columns fall at random.
 * The same rng path gives the same trees, however many threads grow them.
 * @throws ShapeError on an option out of range.
 * @see Breiman 2001. Takes O(trees × rows × columns × log rows).
 */
export function randomForest(options: ForestOptions = {}): Predictor<FeatureTable, FittedForest> {
  const { trees, grower, maxDepth, ...rest } = { ...DEFAULTS, ...options };
  const settings: GrowthSettings = { ...rest, maxDepth: maxDepth ?? Number.POSITIVE_INFINITY };
  checkGrowth(KIND.where, trees, settings);
  // Histograms count weights, not rows; where leaves need a number of rows, sorted lists tell it.
  const coarseLimit = settings.minSamplesLeaf > 1 ? 0 : COARSE;
  return {
    id: 'rf',
    async fit(x: FeatureTable, y: Float64Array, { rng, signal, onProgress }: FitOptions): Promise<FittedForest> {
      checkTraining('randomForest.fit', x, y);
      signal?.throwIfAborted();
      const job = { rows: trainingRows(x, y, coarseLimit), settings, treeCount: trees, rngPath: rng.path };
      return meanOfTrees(KIND, x.columns, await grower.grow(job, { signal, onProgress }));
    },
  };
}

export const FOREST_FORMAT = 'nascope/random-forest';
export const FOREST_VERSION = 1;

const KIND: MeanOfTreesKind<'rf'> = { id: 'rf', where: 'randomForest', format: FOREST_FORMAT, version: FOREST_VERSION };

/** The inverse of a forest's `toJSON`. @throws DataError when the file's parts do not fit together. */
export function forestFromJSON(file: ModelFile): FittedForest {
  return meanOfTreesFromJSON(KIND, file);
}
