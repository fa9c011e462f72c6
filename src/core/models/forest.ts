import { DataError, ShapeError } from '../base/errors.js';
import type { Column, FeatureTable } from '../base/table.js';
import { checkColumns, checkTraining } from './check.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from './predictor.js';
import type { TreeEnsemble } from './trees/ensemble.js';
import { growHere, type TreeGrower } from './trees/grower.js';
import type { GrowthSettings } from './trees/growth.js';
import { COARSE, trainingRows } from './trees/training-rows.js';
import { sumOfTrees, type Traversal, traversal } from './trees/traversal.js';
import type { Tree } from './trees/tree.js';
import { treeFromJSON, treeToJSON } from './trees/tree-json.js';

/** Names, meanings and defaults are those of scikit-learn's `RandomForestRegressor`. */
export interface ForestOptions {
  readonly trees?: number;
  /** Share of the columns looked at in a node, in (0, 1]. */
  readonly maxFeatures?: number;
  readonly minSamplesLeaf?: number;
  readonly minSamplesSplit?: number;
  /** Edges from the root; null for no limit. */
  readonly maxDepth?: number | null;
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
export interface FittedForest extends Fitted, TreeEnsemble {
  readonly id: 'rf';
}

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
  checkOptions(trees, settings);
  // Histograms count weights, not rows; where leaves need a number of rows, sorted lists tell it.
  const coarseLimit = settings.minSamplesLeaf > 1 ? 0 : COARSE;
  return {
    id: 'rf',
    async fit(x: FeatureTable, y: Float64Array, { rng, signal, onProgress }: FitOptions): Promise<FittedForest> {
      checkTraining('randomForest.fit', x, y);
      signal?.throwIfAborted();
      const job = { rows: trainingRows(x, y, coarseLimit), settings, treeCount: trees, rngPath: rng.path };
      return forest(x.columns, await grower.grow(job, { signal, onProgress }));
    },
  };
}

export const FOREST_FORMAT = 'nascope/random-forest';
export const FOREST_VERSION = 1;

/** The inverse of a forest's `toJSON`. @throws DataError when the file's parts do not fit together. */
export function forestFromJSON(file: ModelFile): FittedForest {
  const { columns, trees } = file;
  if (!Array.isArray(columns) || !Array.isArray(trees) || trees.length === 0) {
    throw new DataError({
      path: FOREST_FORMAT,
      expected: 'lists of columns and of trees',
      got: `${typeof columns} and ${typeof trees}`,
      fix: 'Save the model again with toJSON().',
    });
  }
  return forest(
    columns as readonly Column[],
    trees.map((tree) => treeFromJSON(tree, columns.length)),
  );
}

function forest(columns: readonly Column[], trees: readonly Tree[]): FittedForest {
  let prepared: Traversal | undefined;
  return {
    id: 'rf',
    columns,
    trees,
    treeWeight: 1 / trees.length,
    offset: 0,
    predict(x: FeatureTable): Float64Array {
      checkColumns('randomForest.predict', x, columns);
      prepared ??= traversal(trees, columns.length);
      const sums = sumOfTrees(prepared, x);
      for (let r = 0; r < sums.length; r++) sums[r] /= trees.length;
      return sums;
    },
    toJSON(): ModelFile {
      return { format: FOREST_FORMAT, version: FOREST_VERSION, columns, trees: trees.map(treeToJSON) };
    },
  };
}

function checkOptions(trees: number, settings: GrowthSettings): void {
  const whole = (option: string, value: number, from: number): void => {
    if (value === Number.POSITIVE_INFINITY && option === 'maxDepth') return;
    if (!(Number.isInteger(value) && value >= from)) {
      throw new ShapeError({ argument: `randomForest: ${option}`, expected: `a whole number from ${from}`, got: `${value}` });
    }
  };
  whole('trees', trees, 1);
  whole('minSamplesLeaf', settings.minSamplesLeaf, 1);
  whole('minSamplesSplit', settings.minSamplesSplit, 2);
  whole('maxDepth', settings.maxDepth, 1);
  if (!(settings.maxFeatures > 0 && settings.maxFeatures <= 1)) {
    throw new ShapeError({
      argument: 'randomForest: maxFeatures',
      expected: 'a share in (0, 1]',
      got: `${settings.maxFeatures}`,
    });
  }
}
