import type { WorkOptions } from '../base/progress.js';
import type { FeatureTable } from '../base/table.js';
import { type Asked, type CurveOf, columnAsked, placesOf, withColumn } from './places.js';

export interface DependenceOptions extends WorkOptions {
  /** Places along a column at most (20 unless said; 8 along each of two). Columns with fewer different values have one at each. */
  readonly places?: number;
}

/** The mean prediction when a column is set to a value in every row. */
export interface PartialDependence extends CurveOf {
  readonly kind: 'partial-dependence';
  /** One a place, in the target's unit. */
  readonly mean: Float64Array;
  readonly rowCount: number;
  /** Each row's own curve (individual conditional expectation): row-major, rows × places. */
  readonly rows: Float64Array;
}

/** The same for two columns that are set together. */
export interface PairDependence {
  readonly kind: 'pair-dependence';
  /** What the heights are, for an axis. */
  readonly method: string;
  readonly first: CurveOf;
  readonly second: CurveOf;
  /** Row-major, first's places × second's places, in the target's unit. */
  readonly effect: Float64Array;
  readonly rowCount: number;
}

/** Places along one column, and along each of two. */
const PLACES = 20;
const PAIR_PLACES = 8;

/**
 * Partial dependence of a model on one column: its mean prediction over the rows when the column is set to a value in all of
 * them, and every row's own curve. Rows made so need not be possible networks, least of all where columns go together:
 * then look at `accumulatedEffects`.
 * @param model anything that predicts from a table.
 * @param x `n` rows of the model's columns.
 * @param column the reference's name.
 * @throws ShapeError when there is no row or no such column, or fewer than two places; and the signal's reason.
 * @see Friedman 2001 (10.1214/aos/1013203451); `sklearn.inspection.partial_dependence(method='brute')`.
 * Takes O(places) predictions of all rows.
 */
export function partialDependence(
  model: Asked,
  x: FeatureTable,
  column: string,
  options: DependenceOptions = {},
): PartialDependence {
  const { places: most = PLACES, signal, onProgress } = options;
  signal?.throwIfAborted();
  const c = columnAsked('partialDependence', x, column, most);
  const places = placesOf(x.values[c], most);
  const count = places.length;
  const rows = new Float64Array(x.rowCount * count);
  const mean = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    signal?.throwIfAborted();
    const predicted = model.predict(withColumn(x, c, new Float64Array(x.rowCount).fill(places[k])));
    for (let r = 0; r < x.rowCount; r++) {
      rows[r * count + k] = predicted[r];
      mean[k] += predicted[r] / x.rowCount;
    }
    onProgress?.({ done: k + 1, total: count, label: 'place' });
  }
  return { kind: 'partial-dependence', column: x.columns[c], places, values: x.values[c], mean, rowCount: x.rowCount, rows };
}

/**
 * Partial dependence on two columns that are set together in all rows: main effects and interaction in one.
 * @throws ShapeError as `partialDependence`. Takes O(places²) predictions of all rows.
 */
export function partialDependencePair(
  model: Asked,
  x: FeatureTable,
  pair: readonly [string, string],
  options: DependenceOptions = {},
): PairDependence {
  const { places: most = PAIR_PLACES, signal, onProgress } = options;
  signal?.throwIfAborted();
  const [a, b] = pair.map((name) => columnAsked('partialDependencePair', x, name, most));
  const [across, down] = [placesOf(x.values[a], most), placesOf(x.values[b], most)];
  const effect = new Float64Array(across.length * down.length);
  for (let i = 0; i < across.length; i++) {
    const set = withColumn(x, a, new Float64Array(x.rowCount).fill(across[i]));
    for (let j = 0; j < down.length; j++) {
      signal?.throwIfAborted();
      const predicted = model.predict(withColumn(set, b, new Float64Array(x.rowCount).fill(down[j])));
      effect[i * down.length + j] = predicted.reduce((sum, p) => sum + p, 0) / x.rowCount;
      onProgress?.({ done: i * down.length + j + 1, total: effect.length, label: 'place' });
    }
  }
  return {
    kind: 'pair-dependence',
    method: 'mean prediction',
    first: { column: x.columns[a], places: across, values: x.values[a] },
    second: { column: x.columns[b], places: down, values: x.values[b] },
    effect,
    rowCount: x.rowCount,
  };
}
