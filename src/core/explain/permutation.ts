import { ShapeError } from '../base/errors.js';
import type { WorkOptions } from '../base/progress.js';
import type { Rng } from '../base/rng.js';
import { type FeatureTable, take } from '../base/table.js';
import { type MetricId, metrics } from '../metrics/index.js';
import type { Fitted } from '../models/predictor.js';
import type { Importance } from './importance.js';

export interface PermutationOptions extends WorkOptions {
  readonly rng: Rng;
  /** Shuffles a column. */
  readonly repeats?: number;
  /** What gets worse when a column is shuffled. */
  readonly metric?: MetricId;
}

const DEFAULTS: { readonly repeats: number; readonly metric: MetricId } = { repeats: 5, metric: 'rmse' };

/**
 * How much worse a model predicts when one column is shuffled among the rows: mean and standard deviation over repeats,
 * positive where the column helps; NaN where the metric is not defined (a correlation with constant values). Twin columns stand in for each other, so that both may come out as worthless.
 * @param x `n` rows that the model was not trained on, for an honest answer.
 * @param y their true values.
 * The work does not yield: the signal is looked at before the start and between columns, and can only be aborted
 * meanwhile from within `onProgress`. Give it to a worker to stop it from outside.
 * @throws ShapeError when the lengths differ, there are fewer than two rows or no repeats; and the signal's reason.
 * @see Breiman 2001; `sklearn.inspection.permutation_importance`. Takes O(columns × repeats) predictions of all rows.
 */
export function permutationImportance(model: Fitted, x: FeatureTable, y: Float64Array, options: PermutationOptions): Importance {
  const { rng, repeats, metric: id, signal, onProgress } = { ...DEFAULTS, ...options };
  if (!(Number.isInteger(repeats) && repeats >= 1)) {
    throw new ShapeError({ argument: 'permutationImportance: repeats', expected: 'a whole number from 1', got: `${repeats}` });
  }
  signal?.throwIfAborted();
  const metric = metrics[id];
  const worse = (before: number, after: number): number => (metric.better === 'lower' ? after - before : before - after);
  const intact = metric.of(model.predict(x), y);
  const mean = new Float64Array(x.columns.length);
  const sd = new Float64Array(x.columns.length);
  for (let c = 0; c < x.columns.length; c++) {
    signal?.throwIfAborted();
    const column = rng.fork(x.columns[c].name);
    const rises = Float64Array.from({ length: repeats }, (_, k) => {
      const order = column.fork(k).permutation(x.rowCount);
      const shuffled = take({ ...x, columns: [x.columns[c]], values: [x.values[c]] }, order).values[0];
      return worse(
        intact,
        metric.of(model.predict({ ...x, values: x.values.map((v, other) => (other === c ? shuffled : v)) }), y),
      );
    });
    mean[c] = rises.reduce((sum, rise) => sum + rise, 0) / repeats;
    sd[c] = Math.sqrt(rises.reduce((sum, rise) => sum + (rise - mean[c]) ** 2, 0) / repeats);
    onProgress?.({ done: c + 1, total: x.columns.length, label: x.columns[c].name });
  }
  const method = `${metric.better === 'lower' ? 'rise' : 'fall'} of ${metric.says} when shuffled`;
  return { kind: 'importance', method, unit: '', columns: x.columns, mean, sd };
}
