import { DataError, ShapeError } from '../../base/errors.js';
import { type FeatureTable, take } from '../../base/table.js';
import { quantile } from '../../metrics/quantile.js';
import { checkTraining } from '../check.js';
import type { LoadModel } from '../members.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from '../predictor.js';
import { savedNumbers } from '../saved.js';
import { errorByPrediction } from './error-by-prediction.js';
import { checkLevel, DEFAULT_LEVEL, type FittedIntervals, type IntervalPredictor, type Intervals } from './intervals.js';

export interface CvIntervalsOptions {
  /** Parts of the training rows that take turns at being predicted by the others; 10 unless said. */
  readonly folds?: number;
}

/**
 * Intervals around the model of all rows, as wide as cross-validation says that it is off: each row is predicted by a model
 * that did not see it, and its error is weighed by those of the rows with the nearest predictions.
 *
 * Aims at the level itself, where CV+ (`cvPlus`) stays above it with few labels. No bound holds whatever the model, though:
 * the interval holds the true value about as often as asked where a tenth of the rows more or less changes predictions
 * little, and too seldom where it changes them much. `npx nascope bench intervals` measures both.
 * @throws ShapeError when folds is not a whole number from 2, or (in `fit`) there are fewer than two rows.
 * @see Steinberger and Leeb 2023, Conditional predictive inference for stable algorithms; Barber et al. 2021, section 2.2
 * (where it fails). Takes `folds` + 1 fits; asking takes what predicting does and O(rows × (log labels + √labels)).
 */
export function cvIntervals(inner: Predictor, options: CvIntervalsOptions = {}): IntervalPredictor {
  const { folds = 10 } = options;
  if (!(Number.isInteger(folds) && folds >= 2)) {
    throw new ShapeError({ argument: 'cvIntervals: folds', expected: 'a whole number from 2', got: `${folds}` });
  }
  return {
    id: inner.id,
    async fit(x: FeatureTable, y: Float64Array, { rng, signal, onProgress }: FitOptions): Promise<FittedIntervals> {
      checkTraining('cvIntervals.fit', x, y);
      const n = y.length;
      if (n < 2) throw new ShapeError({ argument: 'cvIntervals.fit: x', expected: 'at least 2 rows', got: `${n}` });
      const turns = Math.min(folds, n);
      const order = rng.fork('folds').permutation(n);
      const predicted = new Float64Array(n);
      for (let fold = 0; fold < turns; fold++) {
        signal?.throwIfAborted();
        const held = order.filter((_, i) => i % turns === fold);
        const others = order.filter((_, i) => i % turns !== fold);
        const model = await inner.fit(take(x, others), take(y, others), { rng: rng.fork(`fold ${fold}`), signal });
        model.predict(take(x, held)).forEach((value, i) => {
          predicted[held[i]] = value;
        });
        onProgress?.({ done: fold + 1, total: turns + 1, label: 'fold' });
      }
      const model = await inner.fit(x, y, { rng: rng.fork('model'), signal });
      onProgress?.({ done: turns + 1, total: turns + 1, label: 'all rows' });
      return fitted(
        model,
        predicted,
        predicted.map((value, row) => Math.abs(y[row] - value)),
      );
    },
  };
}

export const CV_FORMAT = 'nascope/cv-intervals';
export const CV_VERSION = 1;

/** @param predicted of the training rows, by models that did not see them. @param errors of these, absolute. */
function fitted(model: Fitted, predicted: Float64Array, errors: Float64Array): FittedIntervals {
  const n = errors.length;
  const error = errorByPrediction(predicted, errors);
  const scores = errors.map((size, row) => size / error.nearRow(row)).sort();
  return {
    id: model.id,
    predict: (x) => model.predict(x),
    intervals(x, level = DEFAULT_LEVEL): Intervals {
      checkLevel(level);
      const value = model.predict(x);
      // The conformal rank, but between whole ranks in proportion: with few labels a rank is much.
      const rank = Math.max(1, (n + 1) * level - 1e-9);
      const reach = rank > n ? Number.POSITIVE_INFINITY : quantile(scores, (rank - 1) / (n - 1));
      const half = value.map((v) => reach * error.near(v));
      return { value, low: value.map((v, r) => v - half[r]), high: value.map((v, r) => v + half[r]) };
    },
    toJSON: () => ({
      format: CV_FORMAT,
      version: CV_VERSION,
      model: model.toJSON(),
      predicted: Array.from(predicted),
      errors: Array.from(errors),
    }),
  };
}

/** The inverse of `toJSON`. @throws DataError when the file is damaged. */
export function cvIntervalsFromJSON(file: ModelFile, load: LoadModel): FittedIntervals {
  const count = Array.isArray(file.errors) ? file.errors.length : 0;
  const errors = savedNumbers(CV_FORMAT, 'errors', file.errors, Math.max(2, count));
  const predicted = savedNumbers(CV_FORMAT, 'predicted', file.predicted, errors.length);
  if (errors.some((size) => size < 0)) {
    const expected = 'no negative number in errors';
    throw new DataError({
      path: CV_FORMAT,
      expected,
      got: `${Math.min(...errors)}`,
      fix: 'Save the model again with toJSON().',
    });
  }
  return fitted(load(file.model as ModelFile), Float64Array.from(predicted), Float64Array.from(errors));
}
