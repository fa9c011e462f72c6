const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);
const double = new Float64Array(1);
const doubleBits = new BigInt64Array(double.buffer);

/**
 * The threshold for doubles that says what `threshold` says of the nearest float32: for every double `x`,
 * `x <= float32Threshold(t)` if and only if `Math.fround(x) <= t`. Differs from `t` by less than a float32's last place.
 * @param threshold finite, and below the greatest float32.
 */
export function float32Threshold(threshold: number): number {
  const nearest = Math.fround(threshold);
  const below = nearest > threshold ? float32Beside(nearest, -1) : nearest;
  const middle = below / 2 + float32Beside(below, 1) / 2;
  // The double in the middle is rounded to the neighbour whose last bit is 0.
  single[0] = below;
  if ((singleBits[0] & 1) === 0) return middle;
  double[0] = middle;
  doubleBits[0] += middle > 0 ? -1n : 1n;
  return double[0];
}

/** The threshold for doubles that says what `Math.fround(x) < t` says, where `t` is a float32. */
export function belowFloat32(t: number): number {
  return float32Threshold(float32Beside(t, -1));
}

/** The next float32 up (direction 1) or down (−1). */
function float32Beside(value: number, direction: 1 | -1): number {
  single[0] = value;
  if (value === 0) singleBits[0] = direction > 0 ? 1 : 1 | (1 << 31);
  else singleBits[0] += value > 0 ? direction : -direction;
  return single[0];
}
