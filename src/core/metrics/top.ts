import { ShapeError } from '../base/errors.js';
import { ascending } from './ranks.js';

/**
 * The `k` highest rows where the last places may be shared: `sure` rows are in, and `places` of the equal `border` rows.
 * Metrics take the mean over all ways to fill those places, so that the order of rows never matters.
 */
export interface Top {
  readonly sure: Uint32Array;
  readonly border: Uint32Array;
  readonly places: number;
}

/** @param k a whole number from 1; more than there are rows means all. @throws ShapeError on another `k`. */
export function top(where: string, values: ArrayLike<number>, k: number): Top {
  if (!(Number.isInteger(k) && k >= 1)) {
    throw new ShapeError({ argument: `${where}: k`, expected: 'a whole number from 1', got: `${k}` });
  }
  const order = ascending(values).reverse();
  const size = Math.min(k, order.length);
  const last = values[order[size - 1]];
  let start = size - 1;
  while (start > 0 && values[order[start - 1]] === last) start--;
  let end = size;
  while (end < order.length && values[order[end]] === last) end++;
  return { sure: order.subarray(0, start), border: order.subarray(start, end), places: size - start };
}
