import { ShapeError } from '../base/errors.js';
import { type FeatureTable, take } from '../base/table.js';
import { checkTraining } from './check.js';
import type { FitOptions, Predictor } from './predictor.js';

export interface DenoiseOptions extends FitOptions {
  /** In how many parts the rows are dealt; each part's labels are replaced by a model of the others. 5 unless said. */
  readonly folds?: number;
}

/**
 * Noisy labels of `n` networks replaced by out-of-fold predictions: a model that saw only the other labels. Random errors
 * (one seed, a super-network's scores) average out over similar networks, so the result ranks better than its input.
 * Systematic errors do not: smoothing a zero-cost proxy this way makes it no better, and often worse.
 * @returns one number a row, in the labels' unit.
 * @throws ShapeError when there are fewer rows than folds. Takes as long as `folds` fits.
 * @see Chen et al. 2020, Fitting the search space of weight-sharing NAS with graph convolutional networks, arXiv 2004.08423.
 */
export async function denoise(
  predictor: Predictor,
  x: FeatureTable,
  noisy: Float64Array,
  { folds = 5, rng, signal, onProgress }: DenoiseOptions,
): Promise<Float64Array> {
  checkTraining('denoise', x, noisy);
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= noisy.length)) {
    throw new ShapeError({ argument: 'denoise: folds', expected: `2..${noisy.length}, the number of rows`, got: `${folds}` });
  }
  const order = rng.fork('folds').permutation(noisy.length);
  const clean = new Float64Array(noisy.length);
  for (let fold = 0; fold < folds; fold++) {
    const held = order.filter((_, i) => i % folds === fold);
    const others = order.filter((_, i) => i % folds !== fold);
    const model = await predictor.fit(take(x, others), take(noisy, others), { rng: rng.fork(`fold ${fold}`), signal });
    model.predict(take(x, held)).forEach((value, i) => {
      clean[held[i]] = value;
    });
    onProgress?.({ done: fold + 1, total: folds, label: 'fold' });
  }
  return clean;
}
