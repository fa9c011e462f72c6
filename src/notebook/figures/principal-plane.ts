import type { FeatureTable } from '../../core/base/table.js';

export interface PrincipalPlane {
  /** Each row's place along the first and the second direction. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** The shares of the variance that the two directions hold. */
  readonly shares: readonly [number, number];
}

/** Directions of nearly the same variance are found slowly; a round costs columns² only. */
const ROUNDS = 20_000;
const SETTLED = 1e-10;

/**
 * The plane in which the rows lie widest apart: their first two principal components, columns centred and not scaled.
 * Signs are fixed: of each direction's weights the greatest is positive. Rows must be free of missing numbers.
 * @see Hotelling 1933, by power iteration. Takes O(rows × columns²).
 */
export function principalPlane(table: FeatureTable): PrincipalPlane {
  const { rowCount } = table;
  const centred = table.values.map((values) => {
    const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / rowCount;
    return Float64Array.from(values, (value) => value - mean);
  });
  const width = centred.length;
  const covariance = new Float64Array(width * width);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b <= a; b++) {
      const [one, other] = [centred[a], centred[b]];
      let sum = 0;
      for (let r = 0; r < rowCount; r++) sum += one[r] * other[r];
      covariance[a * width + b] = sum / rowCount;
      covariance[b * width + a] = sum / rowCount;
    }
  }
  let total = 0;
  for (let c = 0; c < width; c++) total += covariance[c * width + c];
  const one = leading(covariance, width);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b < width; b++) covariance[a * width + b] -= one.variance * one.weights[a] * one.weights[b];
  }
  const two = leading(covariance, width);
  const place = (weights: Float64Array): Float64Array => {
    const out = new Float64Array(rowCount);
    for (let c = 0; c < width; c++) for (let r = 0; r < rowCount; r++) out[r] += weights[c] * centred[c][r];
    return out;
  };
  const share = (variance: number): number => (total > 0 ? Math.max(0, variance) / total : 0);
  return { first: place(one.weights), second: place(two.weights), shares: [share(one.variance), share(two.variance)] };
}

function leading(matrix: Float64Array, width: number): { readonly weights: Float64Array; readonly variance: number } {
  // No column is left out at the start, and no two weigh the same, so that no direction is missed by symmetry.
  let weights = Float64Array.from({ length: width }, (_, c) => 1 + ((c * 0.6180339887) % 1));
  let variance = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(width);
    for (let a = 0; a < width; a++) for (let b = 0; b < width; b++) next[a] += matrix[a * width + b] * weights[b];
    variance = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0));
    if (variance === 0) return { weights: new Float64Array(width), variance: 0 };
    const before = weights;
    weights = next.map((value) => value / variance);
    if (weights.every((value, c) => Math.abs(value - before[c]) < SETTLED)) break;
  }
  const greatest = weights.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return { weights: greatest < 0 ? weights.map((value) => -value) : weights, variance };
}
