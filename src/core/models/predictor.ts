import type { Progress } from '../base/progress.js';
import type { Rng } from '../base/rng.js';
import type { FeatureTable } from '../base/table.js';

export interface FitOptions {
  readonly rng: Rng;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** A way to learn numbers from rows. `fit` gives a fitted value; there is no unfitted model to call by mistake. */
export interface Predictor<X = FeatureTable, F extends Fitted<X> = Fitted<X>> {
  readonly id: string;
  /**
   * @param x `n` rows.
   * @param y `n` finite numbers.
   * @throws ShapeError when the lengths differ, a number is not finite, or there is no row; rejects with the signal's reason when aborted.
   */
  fit(x: X, y: Float64Array, options: FitOptions): Promise<F>;
}

export interface Fitted<X = FeatureTable> {
  readonly id: string;
  /** `n` rows in, `n` numbers out, in the target's unit. @throws ShapeError when the columns are not those of the fit. */
  predict(x: X): Float64Array;
  /** A file's content; `loadModel` is the inverse. */
  toJSON(): ModelFile;
}

/** Predicted means with standard deviations of a new observation (noise included), one of each a row, in the target's unit. */
export interface PredictionWithSd {
  readonly mean: Float64Array;
  readonly sd: Float64Array;
}

/** A saved model: plain JSON, told apart by `format`, refused when its `version` is newer than ours. */
export interface ModelFile {
  readonly format: string;
  readonly version: number;
  readonly [field: string]: unknown;
}
