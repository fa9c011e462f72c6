import { checkFinitePair } from './pair.js';

/**
 * Pearson's correlation coefficient.
 * @returns a number in [−1, 1]; NaN when either side is constant, where it is undefined.
 * @throws ShapeError when the lengths differ, there are fewer than two rows, or a number is not finite.
 * @see `scipy.stats.pearsonr`. Takes O(n).
 */
export function pearson(predicted: ArrayLike<number>, truth: ArrayLike<number>): number {
  checkFinitePair('pearson', predicted, truth);
  return correlation(predicted, truth);
}

/** The correlation of two lists already checked. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (isConstant(a) || isConstant(b)) return Number.NaN;
  const n = a.length;
  let sumA = 0;
  let sumB = 0;
  for (let i = 0; i < n; i++) {
    sumA += a[i];
    sumB += b[i];
  }
  const meanA = sumA / n;
  const meanB = sumB / n;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < n; i++) {
    const da = a[i] - meanA;
    const db = b[i] - meanB;
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  // One root: the root of a square is exact, and so is ±1. Two where the product would over- or underflow.
  const product = aa * bb;
  const inRange = product >= SMALLEST_NORMAL && product < Number.POSITIVE_INFINITY;
  const quotient = inRange ? ab / Math.sqrt(product) : ab / Math.sqrt(aa) / Math.sqrt(bb);
  return Math.max(-1, Math.min(1, quotient));
}

const SMALLEST_NORMAL = 2 ** -1022;

function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}
