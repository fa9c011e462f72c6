import { ConvergenceError } from './errors.js';

/** A symmetric matrix as Σ value × vector vectorᵀ. */
export interface SymmetricEigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** Row-major, n × n: row `k` is the unit vector of `values[k]`. */
  readonly vectors: Float64Array;
}

/** QR steps a value; two or three are usual. */
const STEPS = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: reflections to tridiagonal form, then implicit QR steps with
 * Wilkinson's shift.
 * @param a row-major, n × n; both triangles are read.
 * @throws ConvergenceError when the steps do not end (a number that is not finite). Takes O(n³).
 * @see Golub and Van Loan, Matrix Computations, 4th ed., algorithms 8.3.1 to 8.3.3.
 */
export function symmetricEigen(a: Float64Array, n: number): SymmetricEigen {
  const { diagonal, beside, vectors } = tridiagonal(a.slice(), n);
  diagonalise(diagonal, beside, vectors, n);
  const order = Array.from(diagonal.keys()).sort((i, j) => diagonal[i] - diagonal[j]);
  const sorted = new Float64Array(n * n);
  order.forEach((from, to) => {
    sorted.set(vectors.subarray(from * n, (from + 1) * n), to * n);
  });
  return { values: Float64Array.from(order, (i) => diagonal[i]), vectors: sorted };
}

/** T = Q A Qᵀ with T tridiagonal; `vectors` is Q. Overwrites `a`. */
function tridiagonal(a: Float64Array, n: number): { diagonal: Float64Array; beside: Float64Array; vectors: Float64Array } {
  const reflections: (Float64Array | null)[] = [];
  for (let k = 0; k + 2 < n; k++) {
    const v = reflector(a, n, k);
    reflections.push(v);
    if (v !== null) reflectBothSides(a, n, k + 1, v);
  }
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  // Q is the product of the reflections, the last one leftmost: built from the first, each acts on few rows.
  for (let k = reflections.length - 1; k >= 0; k--) {
    const v = reflections[k];
    if (v !== null) reflectRows(vectors, n, k + 1, v);
  }
  const diagonal = Float64Array.from({ length: n }, (_, i) => a[i * n + i]);
  const beside = Float64Array.from({ length: Math.max(0, n - 1) }, (_, i) => a[(i + 1) * n + i]);
  return { diagonal, beside, vectors };
}

/** The unit vector whose reflection clears column `k` below the subdiagonal; null where it is clear. */
function reflector(a: Float64Array, n: number, k: number): Float64Array | null {
  const v = new Float64Array(n - k - 1);
  let largest = 0;
  for (let i = 0; i < v.length; i++) {
    v[i] = a[(k + 1 + i) * n + k];
    if (i > 0) largest = Math.max(largest, Math.abs(v[i]));
  }
  if (largest === 0) return null;
  const scale = Math.max(largest, Math.abs(v[0]));
  let squares = 0;
  for (let i = 0; i < v.length; i++) {
    v[i] /= scale;
    squares += v[i] * v[i];
  }
  v[0] += v[0] < 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  for (let i = 0; i < v.length; i++) v[i] /= length;
  return v;
}

/** A := H A H with H = I − 2 v vᵀ from row and column `first` on. */
function reflectBothSides(a: Float64Array, n: number, first: number, v: Float64Array): void {
  const size = v.length;
  const w = new Float64Array(size);
  let along = 0;
  for (let i = 0; i < size; i++) {
    const row = (first + i) * n + first;
    let sum = 0;
    for (let j = 0; j < size; j++) sum += a[row + j] * v[j];
    w[i] = 2 * sum;
    along += sum * v[i];
  }
  for (let i = 0; i < size; i++) w[i] -= 2 * along * v[i];
  for (let i = 0; i < size; i++) {
    const row = (first + i) * n + first;
    for (let j = 0; j < size; j++) a[row + j] -= v[i] * w[j] + w[i] * v[j];
  }
  // The column before: its entries collapse into one.
  let sum = 0;
  for (let i = 0; i < size; i++) sum += a[(first + i) * n + first - 1] * v[i];
  for (let i = 0; i < size; i++) a[(first + i) * n + first - 1] -= 2 * sum * v[i];
}

/** M := M H: each row loses twice its part along v. */
function reflectRows(m: Float64Array, n: number, first: number, v: Float64Array): void {
  for (let i = first; i < n; i++) {
    const row = i * n + first;
    let sum = 0;
    for (let j = 0; j < v.length; j++) sum += m[row + j] * v[j];
    for (let j = 0; j < v.length; j++) m[row + j] -= 2 * sum * v[j];
  }
}

function diagonalise(d: Float64Array, e: Float64Array, vectors: Float64Array, n: number): void {
  let steps = 0;
  for (let high = n - 1; high > 0; ) {
    for (let i = 0; i < high; i++) if (Math.abs(e[i]) <= Number.EPSILON * (Math.abs(d[i]) + Math.abs(d[i + 1]))) e[i] = 0;
    if (e[high - 1] === 0) {
      high--;
      continue;
    }
    let low = high - 1;
    while (low > 0 && e[low - 1] !== 0) low--;
    if (++steps > STEPS * n || !Number.isFinite(e[high - 1])) {
      throw new ConvergenceError('symmetricEigen', `${n} × ${n} matrix, ${steps} steps, a remainder of ${e[high - 1]}`);
    }
    step(d, e, vectors, n, low, high);
  }
}

/** One QR step on the rows and columns `low .. high`: a bulge is chased down the band. */
function step(d: Float64Array, e: Float64Array, vectors: Float64Array, n: number, low: number, high: number): void {
  const half = (d[high - 1] - d[high]) / 2;
  const last = e[high - 1];
  const shift = d[high] - (last * last) / (half + (half < 0 ? -1 : 1) * Math.hypot(half, last));
  let x = d[low] - shift;
  let z = e[low];
  for (let k = low; k < high; k++) {
    const length = Math.hypot(x, z);
    const c = length === 0 ? 1 : x / length;
    const s = length === 0 ? 0 : z / length;
    if (k > low) e[k - 1] = length;
    const [a, b, g] = [d[k], d[k + 1], e[k]];
    d[k] = c * c * a + 2 * c * s * g + s * s * b;
    d[k + 1] = s * s * a - 2 * c * s * g + c * c * b;
    e[k] = c * s * (b - a) + (c * c - s * s) * g;
    if (k + 1 < high) {
      x = e[k];
      z = s * e[k + 1];
      e[k + 1] *= c;
    }
    const [top, below] = [k * n, (k + 1) * n];
    for (let j = 0; j < n; j++) {
      const u = vectors[top + j];
      const v = vectors[below + j];
      vectors[top + j] = c * u + s * v;
      vectors[below + j] = c * v - s * u;
    }
  }
}
