import { type FeatureTable, take } from '../base/table.js';
import type { DependenceOptions } from './partial-dependence.js';
import { type Asked, type CurveOf, columnAsked, heightAt, intervalOf, placesOf, withColumn } from './places.js';

/** How predictions change along a column among rows that really are there: accumulated local effects. */
export interface AccumulatedEffects extends CurveOf {
  readonly kind: 'accumulated-effects';
  /** One a place, in the target's unit; its mean over the rows is 0. */
  readonly effect: Float64Array;
  /** One an interval between neighbouring places: the rows that lie in it, those at either end among them. */
  readonly counts: Int32Array;
  readonly rowCount: number;
}

/** Places along a column. */
const PLACES = 20;

/**
 * Accumulated local effects (ALE) of one column: in each interval between neighbouring places, how the predictions of the
 * rows that lie in it change from one end to the other; summed up from the first place on. Unlike partial dependence it
 * never asks about a row far from those that are there, so that columns which go together do not borrow each other's effect.
 * A row at a place belongs to the intervals on both of its sides, as befits columns of counts.
 * @param model anything that predicts from a table.
 * @param x `n` rows of the model's columns.
 * @throws ShapeError when there is no row or no such column, or fewer than two places; and the signal's reason.
 * @see Apley and Zhu 2020 (10.1111/rssb.12377). Takes 2 to 4 predictions of all rows.
 */
export function accumulatedEffects(
  model: Asked,
  x: FeatureTable,
  column: string,
  options: DependenceOptions = {},
): AccumulatedEffects {
  const { places: most = PLACES, signal, onProgress } = options;
  signal?.throwIfAborted();
  const c = columnAsked('accumulatedEffects', x, column, most);
  const values = x.values[c];
  const places = placesOf(values, most);
  const inside = rowsByInterval(places, values);
  const effect = new Float64Array(places.length);
  inside.forEach((rows, k) => {
    signal?.throwIfAborted();
    const own = take(x, rows);
    const at = (place: number): Float64Array => model.predict(withColumn(own, c, new Float64Array(rows.length).fill(place)));
    const [low, high] = [at(places[k]), at(places[k + 1])];
    effect[k + 1] = effect[k] + high.reduce((sum, p, r) => sum + p - low[r], 0) / rows.length;
    onProgress?.({ done: k + 1, total: inside.length, label: 'interval' });
  });
  let mean = 0;
  for (let r = 0; r < x.rowCount; r++) mean += heightAt(places, effect, values[r]) / x.rowCount;
  return {
    kind: 'accumulated-effects',
    column: x.columns[c],
    places,
    values,
    effect: effect.map((height) => height - mean),
    counts: Int32Array.from(inside, (rows) => rows.length),
    rowCount: x.rowCount,
  };
}

/** The rows of each interval between neighbouring places; none is empty, because places are values of rows. */
export function rowsByInterval(places: Float64Array, values: ArrayLike<number>): number[][] {
  const inside: number[][] = Array.from({ length: Math.max(0, places.length - 1) }, () => []);
  if (inside.length === 0) return inside;
  for (let r = 0; r < values.length; r++) {
    const k = intervalOf(places, values[r]);
    inside[k].push(r);
    if (k > 0 && values[r] === places[k]) inside[k - 1].push(r);
  }
  return inside;
}
