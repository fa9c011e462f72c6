import { type FeatureTable, take } from '../../base/table.js';
import { extraTrees } from '../extra-trees.js';
import type { LoadModel } from '../members.js';
import type { FitOptions, Fitted, ModelFile } from '../predictor.js';
import { savedNumber, savedNumbers } from '../saved.js';
import { FLOOR, firstFrom, neighbourCount } from './error-by-prediction.js';

/** How far predictions are off, depending on what is predicted: large where a space's networks are hard to tell. */
export interface LocalError {
  /** One positive number a row, in the target's unit. */
  at(x: FeatureTable): Float64Array;
  toJSON(): ModelFile;
}

const FOLDS = 5;
/** Small trees' means are enough: only the size of errors is asked, not their sign. */
const SCOUT = { trees: 40, maxFeatures: 0.3 };

/**
 * Learns the mean absolute error by place: extra trees predict the training rows out of fold, errors are averaged over the
 * rows with the nearest predictions. Errors of accuracies change along the prediction more than along any feature: the best
 * networks lie close together, the bad ones anywhere.
 * Takes six fits of 40 trees.
 */
export async function fitLocalError(x: FeatureTable, y: Float64Array, { rng, signal }: FitOptions): Promise<LocalError> {
  const n = y.length;
  const scout = extraTrees(SCOUT);
  const full = await scout.fit(x, y, { rng: rng.fork('full'), signal });
  const folds = Math.min(FOLDS, n);
  const order = rng.fork('folds').permutation(n);
  const predicted = full.predict(x);
  for (let fold = 0; fold < folds && folds > 1; fold++) {
    const held = order.filter((_, i) => i % folds === fold);
    const others = order.filter((_, i) => i % folds !== fold);
    const model = await scout.fit(take(x, others), take(y, others), { rng: rng.fork(`fold ${fold}`), signal });
    model.predict(take(x, held)).forEach((value, i) => {
      predicted[held[i]] = value;
    });
  }
  const byPlace = Array.from(predicted.keys()).sort((a, b) => predicted[a] - predicted[b] || a - b);
  const errors = byPlace.map((row) => Math.abs(y[row] - predicted[row]));
  const mean = errors.reduce((sum, e) => sum + e, 0) / n;
  const width = neighbourCount(n);
  const smooth = Array.from({ length: n }, (_, i) => {
    const from = Math.max(0, Math.min(n - width, i - (width >> 1)));
    let sum = 0;
    for (let k = from; k < from + width; k++) sum += errors[k];
    return sum / width;
  });
  return localError(
    full,
    byPlace.map((row) => predicted[row]),
    smooth,
    FLOOR * mean,
  );
}

const FORMAT = 'nascope/local-error';

function localError(scout: Fitted, places: readonly number[], errors: readonly number[], floor: number): LocalError {
  return {
    at: (x) =>
      scout.predict(x).map((value) => {
        const error = errors[Math.min(places.length - 1, firstFrom(places, value))] + floor;
        // A target that never varied: errors have no size of their own.
        return error > 0 ? error : 1;
      }),
    toJSON: () => ({ format: FORMAT, version: 1, scout: scout.toJSON(), places, errors, floor }),
  };
}

/** The inverse of `toJSON`. @throws DataError when the file is damaged. */
export function localErrorFromJSON(file: ModelFile, load: LoadModel): LocalError {
  const count = Math.max(1, Array.isArray(file?.places) ? file.places.length : 1);
  return localError(
    load(file?.scout as ModelFile),
    savedNumbers(FORMAT, 'places', file?.places, count),
    savedNumbers(FORMAT, 'errors', file?.errors, count),
    savedNumber(FORMAT, 'floor', file?.floor),
  );
}
