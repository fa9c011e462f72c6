import { DataError, ShapeError } from '../../base/errors.js';
import { type FeatureTable, take } from '../../base/table.js';
import { checkTraining } from '../check.js';
import type { LoadModel } from '../members.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from '../predictor.js';
import { savedNumbers } from '../saved.js';
import { checkLevel, DEFAULT_LEVEL, type FittedIntervals, type IntervalPredictor, type Intervals } from './intervals.js';
import { fitLocalError, type LocalError, localErrorFromJSON } from './local-error.js';

export interface CvPlusOptions {
  /** Parts of the training rows that take turns at being predicted by the others; 10 unless said. */
  readonly folds?: number;
}

/** The model that did not see one part of the rows, how far it is off by place, and its scores on that part. */
interface Fold {
  readonly model: Fitted;
  readonly error: LocalError;
  /** |true − predicted| / local error. */
  readonly scores: Float64Array;
}

/**
 * CV+ intervals with normalised residuals: no row is lost to calibration, each is judged by a model that did not see it.
 * Predictions are the mean of the folds' models. On exchangeable rows the interval holds the true value with probability
 * at least 1 − 2·(1 − level) − √(2/n) − 1/(n + 1) whatever the model, and about the level asked in practice (with few labels
 * rather more: models that saw nine tenths of them err more than their mean).
 * @throws ShapeError when folds is not a whole number from 2, or (in `fit`) there are fewer than two rows.
 * @see Barber et al. 2021, Predictive inference with the jackknife+ (theorem 4), with the score of Papadopoulos et al. 2008.
 * Takes `folds` fits, and six of 40 trees for each. Asking takes O(rows × labels × log labels).
 */
export function cvPlus(inner: Predictor, options: CvPlusOptions = {}): IntervalPredictor {
  const { folds = 10 } = options;
  if (!(Number.isInteger(folds) && folds >= 2)) {
    throw new ShapeError({ argument: 'cvPlus: folds', expected: 'a whole number from 2', got: `${folds}` });
  }
  return {
    id: inner.id,
    async fit(x: FeatureTable, y: Float64Array, { rng, signal, onProgress }: FitOptions): Promise<FittedIntervals> {
      checkTraining('cvPlus.fit', x, y);
      const n = y.length;
      if (n < 2) throw new ShapeError({ argument: 'cvPlus.fit: x', expected: 'at least 2 rows', got: `${n}` });
      const turns = Math.min(folds, n);
      const order = rng.fork('folds').permutation(n);
      const made: Fold[] = [];
      for (let fold = 0; fold < turns; fold++) {
        signal?.throwIfAborted();
        const held = order.filter((_, i) => i % turns === fold);
        const others = order.filter((_, i) => i % turns !== fold);
        const own = rng.fork(`fold ${fold}`);
        const [learnX, learnY] = [take(x, others), take(y, others)];
        const model = await inner.fit(learnX, learnY, { rng: own.fork('model'), signal });
        const error = await fitLocalError(learnX, learnY, { rng: own.fork('error'), signal });
        const heldX = take(x, held);
        const [predicted, sizes] = [model.predict(heldX), error.at(heldX)];
        made.push({ model, error, scores: Float64Array.from(held, (row, i) => Math.abs(y[row] - predicted[i]) / sizes[i]) });
        onProgress?.({ done: fold + 1, total: turns, label: 'fold' });
      }
      return fitted(inner.id, made);
    },
  };
}

export const CV_PLUS_FORMAT = 'nascope/cv-plus';
export const CV_PLUS_VERSION = 1;

function fitted(id: string, folds: readonly Fold[]): FittedIntervals {
  const n = folds.reduce((sum, { scores }) => sum + scores.length, 0);
  const meanOf = (predicted: readonly Float64Array[]): Float64Array =>
    predicted[0].map((first, r) => first + predicted.reduce((sum, list) => sum + (list[r] - first), 0) / predicted.length);
  return {
    id,
    predict: (x) => meanOf(folds.map(({ model }) => model.predict(x))),
    intervals(x, level = DEFAULT_LEVEL): Intervals {
      checkLevel(level);
      const predicted = folds.map(({ model }) => model.predict(x));
      const sizes = folds.map(({ error }) => error.at(x));
      const value = meanOf(predicted);
      // Between the ranks below and above (n + 1) · level in proportion: with few labels a whole rank is much.
      const place = Math.max(1, (n + 1) * level - 1e-9);
      const [rank, part] = [Math.floor(place), place % 1];
      const low = new Float64Array(value.length).fill(Number.NEGATIVE_INFINITY);
      const high = new Float64Array(value.length).fill(Number.POSITIVE_INFINITY);
      const [below, above] = [new Float64Array(n), new Float64Array(n)];
      for (let r = 0; r < value.length && place <= n; r++) {
        let i = 0;
        folds.forEach(({ scores }, f) => {
          for (let k = 0; k < scores.length; k++, i++) {
            below[i] = predicted[f][r] - scores[k] * sizes[f][r];
            above[i] = predicted[f][r] + scores[k] * sizes[f][r];
          }
        });
        // The prediction lies within even where folds disagree more than they err.
        below.sort();
        above.sort();
        low[r] = Math.min(value[r], between(below[n - rank], below[Math.max(0, n - rank - 1)], part));
        high[r] = Math.max(value[r], between(above[rank - 1], above[Math.min(n - 1, rank)], part));
      }
      return { value, low, high };
    },
    toJSON: () => ({
      format: CV_PLUS_FORMAT,
      version: CV_PLUS_VERSION,
      id,
      folds: folds.map(({ model, error, scores }) => ({
        model: model.toJSON(),
        error: error.toJSON(),
        scores: Array.from(scores),
      })),
    }),
  };
}

/** From `a` (part 0) to `b` (part 1); equal ends stay as they are. */
function between(a: number, b: number, part: number): number {
  return a + part * (b - a);
}

/** The inverse of `toJSON`. @throws DataError when the file is damaged. */
export function cvPlusFromJSON(file: ModelFile, load: LoadModel): FittedIntervals {
  const { id, folds } = file;
  if (typeof id !== 'string' || !Array.isArray(folds) || folds.length === 0) {
    const expected = 'an id and a list of folds';
    throw new DataError({ path: CV_PLUS_FORMAT, expected, got: typeof folds, fix: 'Save the model again with toJSON().' });
  }
  return fitted(
    id,
    folds.map((fold: Partial<Record<'model' | 'error' | 'scores', unknown>> | null): Fold => {
      const count = Math.max(1, Array.isArray(fold?.scores) ? fold.scores.length : 1);
      return {
        model: load(fold?.model as ModelFile),
        error: localErrorFromJSON(fold?.error as ModelFile, load),
        scores: Float64Array.from(savedNumbers(CV_PLUS_FORMAT, 'scores', fold?.scores, count)),
      };
    }),
  );
}
