import { ShapeError } from '../base/errors.js';
import type { Column, ColumnValues, FeatureTable } from '../base/table.js';
import type { Fitted } from '../models/predictor.js';

/** Anything that gives a number a row. */
export type Asked = Pick<Fitted, 'predict'>;

/**
 * Where a curve over a column is worked out: its different values, or, where there are more than `most`, that many of them
 * at equal shares of the rows, first and last included. Ascending.
 */
export function placesOf(values: ColumnValues, most: number): Float64Array {
  const sorted = Float64Array.from(values).sort();
  const different = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  if (different.length <= most) return different;
  const last = sorted.length - 1;
  const places = Float64Array.from({ length: most }, (_, k) => sorted[Math.round((k * last) / (most - 1))]);
  return places.filter((value, i) => i === 0 || value !== places[i - 1]);
}

/**
 * A column's number, after a look at all that a curve needs.
 * @throws ShapeError for no row, no such column, or fewer than two places.
 */
export function columnAsked(where: string, x: FeatureTable, name: string, places: number): number {
  if (x.rowCount === 0) throw new ShapeError({ argument: `${where}: x`, expected: 'at least one row', got: 'none' });
  if (!(Number.isInteger(places) && places >= 2)) {
    throw new ShapeError({ argument: `${where}: places`, expected: 'a whole number from 2', got: `${places}` });
  }
  const at = x.columns.findIndex((column) => column.name === name);
  if (at >= 0) return at;
  const known = x.columns.slice(0, 5).map((column) => column.name);
  throw new ShapeError({ argument: `${where}: column`, expected: `a column of the table (${known.join('; ')}, …)`, got: name });
}

/** The table with one column's values replaced. */
export function withColumn(x: FeatureTable, column: number, values: ColumnValues): FeatureTable {
  return { ...x, values: x.values.map((old, c) => (c === column ? values : old)) };
}

/** The interval that a value lies in: the last place `k` with places[k] <= value, at most the last but one. */
export function intervalOf(places: Float64Array, value: number): number {
  let low = 0;
  let high = Math.max(0, places.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (places[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A curve's height at a value, in proportion between its places; level beyond them. */
export function heightAt(places: Float64Array, heights: ArrayLike<number>, value: number): number {
  if (places.length < 2) return heights[0];
  const k = intervalOf(places, value);
  const share = Math.min(1, Math.max(0, (value - places[k]) / (places[k + 1] - places[k])));
  return heights[k] + share * (heights[k + 1] - heights[k]);
}

/** What a curve is about. */
export interface CurveOf {
  readonly column: Column;
  /** Ascending, in the column's unit. */
  readonly places: Float64Array;
  /** The rows' own values of the column. */
  readonly values: ColumnValues;
}
