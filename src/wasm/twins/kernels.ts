/** The kernels' twins: what they compute, in plain TypeScript, bit for bit. */

/** C = A B in float32: every product and every sum is rounded, sums in the order of k. */
export function plainGemm(
  m: number,
  n: number,
  k: number,
  a: Float32Array,
  aTurned: boolean,
  b: Float32Array,
  bTurned: boolean,
): Float32Array {
  const c = new Float32Array(m * n);
  const [aRow, aDepth] = aTurned ? [1, m] : [k, 1];
  const [bDepth, bCol] = bTurned ? [1, k] : [n, 1];
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const left = a[i * aRow + p * aDepth];
      // A sum of two float32 numbers in doubles rounds to what float32 would give.
      for (let j = 0; j < n; j++) c[i * n + j] += Math.fround(left * b[p * bDepth + j * bCol]);
    }
  }
  return c;
}

/** Sums of rows of `width` numbers by segment; rows of segments that are not there are left out. */
export function plainSegmentSum(x: Float32Array, segment: Int32Array, width: number, segments: number): Float32Array {
  const out = new Float32Array(segments * width);
  for (let r = 0; r < segment.length; r++) {
    if (segment[r] < 0 || segment[r] >= segments) continue;
    for (let i = 0; i < width; i++) out[segment[r] * width + i] += x[r * width + i];
  }
  return out;
}

/** Adds `sign` times each listed row to a histogram of sums and counts, side by side; a cell is twice its bin. */
export function plainHistogram(
  histogram: Float64Array,
  row: Int32Array,
  gradient: Float64Array,
  cells: Uint16Array,
  width: number,
  sign: 1 | -1,
): void {
  for (const r of row) {
    for (let i = r * width; i < (r + 1) * width; i++) {
      histogram[cells[i]] += sign * gradient[r];
      histogram[cells[i] + 1] += sign;
    }
  }
}
