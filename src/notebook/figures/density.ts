const BINS = 40;

/**
 * How crowded it is around each point: the points in its cell of a 40 × 40 grid and the cells around it, the nearer ones
 * counting more, as a rank from 0 (loneliest) to 1. Takes O(n + cells).
 */
export function density(x: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  const across = cellsOf(x);
  const down = cellsOf(y);
  const wide = BINS + 2;
  const counts = new Float64Array(wide * wide);
  for (let i = 0; i < across.length; i++) counts[(down[i] + 1) * wide + across[i] + 1]++;
  const crowd = Float64Array.from(across, (column, i) => {
    const at = (down[i] + 1) * wide + column + 1;
    const beside = counts[at - 1] + counts[at + 1] + counts[at - wide] + counts[at + wide];
    const corners = counts[at - wide - 1] + counts[at - wide + 1] + counts[at + wide - 1] + counts[at + wide + 1];
    return 4 * counts[at] + 2 * beside + corners;
  });
  const most = crowd.reduce((a, b) => Math.max(a, b), 1);
  const least = crowd.reduce((a, b) => Math.min(a, b), most);
  const span = Math.log(most / least) || 1;
  return crowd.map((count) => Math.log(count / least) / span);
}

function cellsOf(values: ArrayLike<number>): Int32Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  const scale = high > low ? BINS / (high - low) : 0;
  return Int32Array.from(values, (value) => Math.min(BINS - 1, Math.floor((value - low) * scale)));
}
