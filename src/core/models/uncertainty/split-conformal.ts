import { ShapeError } from '../../base/errors.js';
import { type FeatureTable, take } from '../../base/table.js';
import { checkTraining } from '../check.js';
import type { LoadModel } from '../members.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from '../predictor.js';
import { savedNumbers } from '../saved.js';
import {
  checkLevel,
  conformalQuantile,
  DEFAULT_LEVEL,
  type FittedIntervals,
  type IntervalPredictor,
  type Intervals,
} from './intervals.js';
import { fitLocalError, type LocalError, localErrorFromJSON } from './local-error.js';

export interface SplitConformalOptions {
  /** Share of the training rows that are set aside to see how far off the model is; 0.25 unless said. */
  readonly calibration?: number;
}

/**
 * Split conformal intervals, all of one width: the model learns from some of the rows, the others tell how far it is off.
 * On exchangeable rows the interval holds the true value with at least the probability asked.
 * @throws ShapeError when the share lies outside (0, 1), or (in `fit`) there are fewer than two rows.
 * @see Lei et al. 2018, Distribution-free predictive inference for regression. Takes one fit.
 */
export function splitConformal(inner: Predictor, options: SplitConformalOptions = {}): IntervalPredictor {
  return conformal(inner, options, false);
}

/**
 * The same with widths that follow how far predictions are off at each place (`local-error.ts`, learned without the rows
 * set aside): the same guarantee, narrower where the model is sure.
 * @see Papadopoulos et al. 2008, Normalized nonconformity measures; Lei et al. 2018, section 5.2. Takes one fit and six of 40 trees.
 */
export function normalisedConformal(inner: Predictor, options: SplitConformalOptions = {}): IntervalPredictor {
  return conformal(inner, options, true);
}

function conformal(inner: Predictor, { calibration = 0.25 }: SplitConformalOptions, isLocal: boolean): IntervalPredictor {
  if (!(calibration > 0 && calibration < 1)) {
    const argument = 'splitConformal: calibration';
    throw new ShapeError({ argument, expected: 'a share between 0 and 1', got: `${calibration}` });
  }
  return {
    id: inner.id,
    async fit(x: FeatureTable, y: Float64Array, options: FitOptions): Promise<FittedIntervals> {
      checkTraining('splitConformal.fit', x, y);
      const n = y.length;
      if (n < 2) throw new ShapeError({ argument: 'splitConformal.fit: x', expected: 'at least 2 rows', got: `${n}` });
      const { rng, signal } = options;
      const aside = Math.min(n - 1, Math.max(1, Math.round(calibration * n)));
      const order = rng.fork('calibration').permutation(n);
      const [held, learned] = [order.slice(0, aside), order.slice(aside)];
      const [learnX, learnY] = [take(x, learned), take(y, learned)];
      const model = await inner.fit(learnX, learnY, { ...options, rng: rng.fork('model') });
      const error = isLocal ? await fitLocalError(learnX, learnY, { rng: rng.fork('error'), signal }) : null;
      const heldX = take(x, held);
      const predicted = model.predict(heldX);
      const sizes = error?.at(heldX);
      const scores = Float64Array.from(held, (row, i) => Math.abs(y[row] - predicted[i]) / (sizes?.[i] ?? 1)).sort();
      return fitted(model, error, scores);
    },
  };
}

export const SPLIT_CONFORMAL_FORMAT = 'nascope/split-conformal';
export const SPLIT_CONFORMAL_VERSION = 1;

function fitted(model: Fitted, error: LocalError | null, scores: Float64Array): FittedIntervals {
  return {
    id: model.id,
    predict: (x) => model.predict(x),
    intervals(x, level = DEFAULT_LEVEL): Intervals {
      checkLevel(level);
      const value = model.predict(x);
      const reach = conformalQuantile(scores, level);
      const sizes = error?.at(x);
      const half = value.map((_, r) => reach * (sizes?.[r] ?? 1));
      return { value, low: value.map((v, r) => v - half[r]), high: value.map((v, r) => v + half[r]) };
    },
    toJSON: () => ({
      format: SPLIT_CONFORMAL_FORMAT,
      version: SPLIT_CONFORMAL_VERSION,
      model: model.toJSON(),
      error: error?.toJSON() ?? null,
      scores: Array.from(scores),
    }),
  };
}

/** The inverse of `toJSON`. @throws DataError when the file is damaged. */
export function splitConformalFromJSON(file: ModelFile, load: LoadModel): FittedIntervals {
  const count = Math.max(1, Array.isArray(file.scores) ? file.scores.length : 1);
  const error = file.error === null ? null : localErrorFromJSON(file.error as ModelFile, load);
  const scores = Float64Array.from(savedNumbers(SPLIT_CONFORMAL_FORMAT, 'scores', file.scores, count));
  return fitted(load(file.model as ModelFile), error, scores.sort());
}
