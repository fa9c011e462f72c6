import { ConvergenceError } from './errors.js';

/**
 * The Cholesky factor of a symmetric positive definite matrix: lower triangular L with L Lᵀ = A, zeros above.
 * @param a row-major, n × n; only the lower triangle is read.
 * @throws ConvergenceError when a pivot is not positive: the matrix is not positive definite. Takes O(n³).
 */
export function cholesky(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const rest = a[i * n + j] - dot(l, i * n, l, j * n, j);
      if (j < i) l[i * n + j] = rest / l[j * n + j];
      else if (rest > 0) l[i * n + i] = Math.sqrt(rest);
      else throw new ConvergenceError('cholesky', `pivot ${i} of ${n} is ${rest}: the matrix is not positive definite`);
    }
  }
  return l;
}

/** x with L x = b. @param l a factor, n × n. */
export function solveLower(l: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) x[i] = (b[i] - dot(l, i * n, x, 0, i)) / l[i * n + i];
  return x;
}

/** x with Lᵀ x = b. @param l a factor, n × n. */
export function solveUpper(l: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = n - 1; i >= 0; i--) {
    x[i] /= l[i * n + i];
    for (let j = 0; j < i; j++) x[j] -= l[i * n + j] * x[i];
  }
  return x;
}

/** x with A x = b, where A = L Lᵀ. */
export function solveCholesky(l: Float64Array, b: Float64Array): Float64Array {
  return solveUpper(l, solveLower(l, b));
}

/** The inverse of A = L Lᵀ, row-major, both triangles. Takes O(n³). */
export function invertCholesky(l: Float64Array, n: number): Float64Array {
  // Row j of `m` is column j of L's inverse; its entries before place j are zero.
  const m = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    m[j * n + j] = 1 / l[j * n + j];
    for (let i = j + 1; i < n; i++) m[j * n + i] = -dot(l, i * n + j, m, j * n + j, i - j) / l[i * n + i];
  }
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const sum = dot(m, i * n + i, m, j * n + i, n - i);
      inverse[i * n + j] = sum;
      inverse[j * n + i] = sum;
    }
  }
  return inverse;
}

/** log |A| of A = L Lᵀ. */
export function logDeterminant(l: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(l[i * n + i]);
  return 2 * sum;
}

/** The inner product of two stretches of `length` numbers. */
export function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 4 <= length; k += 4) {
    s0 += a[fromA + k] * b[fromB + k];
    s1 += a[fromA + k + 1] * b[fromB + k + 1];
    s2 += a[fromA + k + 2] * b[fromB + k + 2];
    s3 += a[fromA + k + 3] * b[fromB + k + 3];
  }
  for (; k < length; k++) s0 += a[fromA + k] * b[fromB + k];
  return s0 + s1 + (s2 + s3);
}
