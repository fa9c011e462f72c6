import type { Progress } from '../base/progress.js';
import { checkRng, type Rng } from '../base/rng.js';
import type { Split } from '../base/split.js';
import { type FeatureTable, take } from '../base/table.js';
import { type Direction, type Score, score } from '../metrics/index.js';
import type { Predictor } from './predictor.js';

/** Every metric on the test rows, and wall-clock seconds. */
export interface Evaluation extends Score {
  readonly fit_s: number;
  readonly predict_s: number;
}

/**
 * Fits on the split's training rows and scores on its test rows.
 * @throws ShapeError when a row lies outside, a number is not finite or there is no rng; rejects with the signal's reason when aborted.
 */
export async function evaluate(
  predictor: Predictor,
  x: FeatureTable,
  y: Float64Array,
  split: Split,
  options: {
    readonly rng: Rng;
    readonly direction?: Direction;
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: Progress) => void;
  },
): Promise<Evaluation> {
  checkRng('evaluate', (options as typeof options | undefined)?.rng);
  const { direction, ...fitOptions } = options;
  const [trainX, trainY] = [take(x, split.train), take(y, split.train)];
  const [testX, testY] = [take(x, split.test), take(y, split.test)];
  const start = performance.now();
  const model = await predictor.fit(trainX, trainY, fitOptions);
  const fitted = performance.now();
  const predicted = model.predict(testX);
  const done = performance.now();
  return {
    ...score(predicted, testY, { direction }),
    fit_s: (fitted - start) / 1000,
    predict_s: (done - fitted) / 1000,
  };
}
