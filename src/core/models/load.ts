import { DataError } from '../base/errors.js';
import { BAYESIAN_LINEAR_FORMAT, BAYESIAN_LINEAR_VERSION, bayesianLinearFromJSON } from './bayesian-linear.js';
import { BOOSTING_FORMAT, BOOSTING_VERSION, boostingFromJSON } from './boosting.js';
import { EXTRA_TREES_FORMAT, EXTRA_TREES_VERSION, extraTreesFromJSON } from './extra-trees.js';
import { FOREST_FORMAT, FOREST_VERSION, forestFromJSON } from './forest.js';
import { GAUSSIAN_PROCESS_FORMAT, GAUSSIAN_PROCESS_VERSION, gaussianProcessFromJSON } from './gaussian-process.js';
import type { LoadModel } from './members.js';
import { MLP_FORMAT, MLP_VERSION, mlpFromJSON } from './mlp.js';
import { NEAREST_NEIGHBOURS_FORMAT, NEAREST_NEIGHBOURS_VERSION, nearestNeighboursFromJSON } from './nearest-neighbours.js';
import { OMNI_FORMAT, OMNI_VERSION, omniFromJSON } from './omni.js';
import {
  COLUMN_SCORES_FORMAT,
  COLUMN_SCORES_VERSION,
  columnScoresFromJSON,
  TARGET_SCORES_FORMAT,
  TARGET_SCORES_VERSION,
  targetScoresFromJSON,
} from './on-scores.js';
import type { Fitted, ModelFile } from './predictor.js';
import { RANK_AVERAGE_FORMAT, RANK_AVERAGE_VERSION, rankAverageFromJSON } from './rank-average.js';
import { RIDGE_FORMAT, RIDGE_VERSION, ridgeFromJSON } from './ridge.js';
import { STACK_FORMAT, STACK_VERSION, stackFromJSON } from './stack.js';
import { CV_FORMAT, CV_VERSION, cvIntervalsFromJSON } from './uncertainty/cv.js';
import { CV_PLUS_FORMAT, CV_PLUS_VERSION, cvPlusFromJSON } from './uncertainty/cv-plus.js';
import { SPLIT_CONFORMAL_FORMAT, SPLIT_CONFORMAL_VERSION, splitConformalFromJSON } from './uncertainty/split-conformal.js';

interface Format {
  /** The newest version that is understood. */
  readonly version: number;
  /** @param load reads a model within the model. */
  read(file: ModelFile, load: LoadModel): Fitted;
}

/** Formats of saved models: a new one is one line here. */
const formats: { readonly [format: string]: Format } = {
  [FOREST_FORMAT]: { version: FOREST_VERSION, read: forestFromJSON },
  [BOOSTING_FORMAT]: { version: BOOSTING_VERSION, read: boostingFromJSON },
  [EXTRA_TREES_FORMAT]: { version: EXTRA_TREES_VERSION, read: extraTreesFromJSON },
  [RIDGE_FORMAT]: { version: RIDGE_VERSION, read: ridgeFromJSON },
  [BAYESIAN_LINEAR_FORMAT]: { version: BAYESIAN_LINEAR_VERSION, read: bayesianLinearFromJSON },
  [NEAREST_NEIGHBOURS_FORMAT]: { version: NEAREST_NEIGHBOURS_VERSION, read: nearestNeighboursFromJSON },
  [GAUSSIAN_PROCESS_FORMAT]: { version: GAUSSIAN_PROCESS_VERSION, read: gaussianProcessFromJSON },
  [MLP_FORMAT]: { version: MLP_VERSION, read: mlpFromJSON },
  [TARGET_SCORES_FORMAT]: { version: TARGET_SCORES_VERSION, read: targetScoresFromJSON },
  [COLUMN_SCORES_FORMAT]: { version: COLUMN_SCORES_VERSION, read: columnScoresFromJSON },
  [RANK_AVERAGE_FORMAT]: { version: RANK_AVERAGE_VERSION, read: rankAverageFromJSON },
  [OMNI_FORMAT]: { version: OMNI_VERSION, read: omniFromJSON },
  [STACK_FORMAT]: { version: STACK_VERSION, read: stackFromJSON },
  [SPLIT_CONFORMAL_FORMAT]: { version: SPLIT_CONFORMAL_VERSION, read: splitConformalFromJSON },
  [CV_FORMAT]: { version: CV_VERSION, read: cvIntervalsFromJSON },
  [CV_PLUS_FORMAT]: { version: CV_PLUS_VERSION, read: cvPlusFromJSON },
};

/**
 * The model of a saved file; the inverse of `toJSON`.
 * @throws DataError on an unknown format, a version newer than ours, or damaged contents.
 */
export function loadModel(file: ModelFile): Fitted {
  const name: unknown = file?.format;
  const format = typeof name === 'string' && Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format === undefined) {
    throw new DataError({
      path: 'saved model',
      expected: `one of the formats ${Object.keys(formats).join(', ')}`,
      got: String(name),
      fix: 'Give loadModel the parsed content of a file that a model wrote.',
    });
  }
  if (!(Number.isInteger(file.version) && file.version >= 1 && file.version <= format.version)) {
    throw new DataError({
      path: `saved model (${name})`,
      expected: `version 1..${format.version}`,
      got: String(file.version),
      fix: 'Load it with the version of nascope that wrote it, or a newer one.',
    });
  }
  return format.read(file, loadModel);
}
