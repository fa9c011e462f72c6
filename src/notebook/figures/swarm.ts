const BINS = 100;
/** The most that neighbours in a bin are moved apart, and the most that a point is moved, where a row is 1 high. */
const STEP = 0.07;
const REACH = 0.4;

/**
 * How far each point of a row is moved up (+) or down (−) so that points of nearly the same value lie beside each other: the
 * points of a bin go alternately over and under the line, in the order given. The row's width then shows how many there are.
 * @returns one number a point in [−0.4, 0.4].
 */
export function swarm(values: ArrayLike<number>): Float64Array {
  const out = new Float64Array(values.length);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  const counts = new Int32Array(BINS + 1);
  let widest = 0;
  for (let i = 0; i < values.length; i++) {
    const bin = high > low ? Math.round(((values[i] - low) / (high - low)) * BINS) : 0;
    const k = counts[bin]++;
    out[i] = k % 2 === 1 ? (k + 1) / 2 : -k / 2;
    widest = Math.max(widest, Math.abs(out[i]));
  }
  const step = Math.min(STEP, REACH / Math.max(1, widest));
  for (let i = 0; i < out.length; i++) out[i] = out[i] === 0 ? 0 : out[i] * step;
  return out;
}
