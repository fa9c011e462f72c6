import { type Rng, rng } from '../base/rng.js';
import { symmetricEigen } from '../base/symmetric-eigen.js';
import type { BandMatrix } from './band-matrix.js';

/**
 * Moves the matrix off its kernel, so that it can be inverted: by about as much as the eigenvalues that are looked for
 * are in a chain of so many nodes, which keeps them apart and the numbers of like size.
 */
function shiftFor(size: number): number {
  return Math.min(Math.max(200 / size ** 2, 1e-6), 0.1);
}

/** How far an eigenvalue may be off. */
const TOLERANCE = 1e-8;
const MOST_STEPS = 400;
/** Each finds one more copy of eigenvalues that occur several times. */
const MOST_RUNS = 40;

/**
 * The smallest eigenvalues of a large positive semidefinite band matrix with eigenvalues up to 2, ascending, each as
 * often as it occurs: Lanczos's method on the inverse, with full reorthogonalisation. Runs with new starts, orthogonal
 * to what was found, bring further copies of multiple eigenvalues, until the pivots' signs of the shifted matrix say
 * that none is missing.
 * @returns null when that cannot be reached. Takes size x width^2 for the factors and some 100 solutions of
 * 4 x size x width; a second for 10,000 nodes of a chain of cells.
 * @see Lanczos 1950; Grimes, Lewis and Simon 1994, "A shifted block Lanczos algorithm" (counting by inertia).
 */
export function smallestByLanczos(matrix: BandMatrix, count: number): Float64Array | null {
  const { size } = matrix;
  const wanted = Math.min(count, size);
  const factor = cholesky(matrix, shiftFor(size));
  if (factor === null) return null;
  const random = rng(1).fork('lanczos');
  const values: number[] = [];
  const vectors: Float64Array[] = [];
  for (let run = 0; run < MOST_RUNS; run++) {
    const found = lanczos(matrix, factor, vectors, wanted, random);
    if (found === null) continue;
    values.push(...found.values);
    vectors.push(...found.vectors);
    if (values.length < wanted) continue;
    values.sort((a, b) => a - b);
    const last = values[wanted - 1];
    // All below the last one are there: the rest can only be equal to it or greater.
    const below = values.filter((value) => value < last - 4 * TOLERANCE).length;
    if (negativePivots(matrix, last - 2 * TOLERANCE) <= below)
      return Float64Array.from(values.slice(0, wanted), (x) => Math.max(x, 0));
  }
  return null;
}

interface Pairs {
  readonly values: readonly number[];
  readonly vectors: readonly Float64Array[];
}

/** Up to `wanted` eigenvalues with vectors orthogonal to `known`; null when none converges from this start: another may do. */
function lanczos(
  matrix: BandMatrix,
  factor: Float64Array,
  known: readonly Float64Array[],
  wanted: number,
  random: Rng,
): Pairs | null {
  const { size } = matrix;
  const width = matrix.diagonals.length - 1;
  const basis: Float64Array[] = [];
  const [alpha, beta]: number[][] = [[], []];
  const most = Math.min(MOST_STEPS, size - known.length);
  let next = Float64Array.from({ length: size }, () => random.uniform() - 0.5);
  for (let step = 0; step < most; step++) {
    orthogonalise(next, known);
    orthogonalise(next, basis);
    const length = norm(next);
    // The space that the start reaches is exhausted.
    if (length < 1e-10 * (alpha[0] ?? 0) || length === 0) break;
    if (step > 0) beta.push(length);
    const vector = next.map((value) => value / length);
    basis.push(vector);
    next = Float64Array.from(vector);
    solve(factor, size, width, next);
    alpha.push(dot(vector, next));
    if ((step + 1) % 40 === 0 || step + 1 === most) {
      const pairs = ritz(matrix, basis, alpha, beta, wanted);
      if (pairs.values.length === wanted) return pairs;
    }
  }
  const pairs = ritz(matrix, basis, alpha, beta, Math.min(wanted, basis.length));
  return pairs.values.length > 0 ? pairs : null;
}

/** The smallest pairs of the space that the basis spans, up to `wanted`, those that are off left out. */
function ritz(
  matrix: BandMatrix,
  basis: readonly Float64Array[],
  alpha: readonly number[],
  beta: readonly number[],
  wanted: number,
): Pairs {
  const m = basis.length;
  const small = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    small[i * m + i] = alpha[i];
    if (i > 0) small[i * m + i - 1] = small[(i - 1) * m + i] = beta[i - 1];
  }
  const { vectors } = symmetricEigen(small, m);
  const values: number[] = [];
  const found: Float64Array[] = [];
  // The inverse's largest eigenvalues come last.
  for (let k = m - 1; k >= Math.max(0, m - wanted); k--) {
    const vector = new Float64Array(matrix.size);
    for (let i = 0; i < m; i++) axpy(vector, basis[i], vectors[k * m + i]);
    const image = times(matrix, vector);
    const value = dot(vector, image) / dot(vector, vector);
    axpy(image, vector, -value);
    if (norm(image) > TOLERANCE) continue;
    values.push(value);
    found.push(vector);
  }
  return { values, vectors: found };
}

/** Column by column: `factor[j * (width + 1) + d]` is row j + d. */
function packed({ size, diagonals }: BandMatrix, shift: number): Float64Array {
  const columns = diagonals.length;
  const a = new Float64Array(size * columns);
  for (let d = 0; d < columns; d++) for (let j = 0; j + d < size; j++) a[j * columns + d] = diagonals[d][j];
  for (let j = 0; j < size; j++) a[j * columns] += shift;
  return a;
}

/** A + shift = L Lᵀ; null where that is not positive definite. */
function cholesky(matrix: BandMatrix, shift: number): Float64Array | null {
  const { size } = matrix;
  const columns = matrix.diagonals.length;
  const a = packed(matrix, shift);
  for (let j = 0; j < size; j++) {
    const at = j * columns;
    if (!(a[at] > 0)) return null;
    const pivot = Math.sqrt(a[at]);
    a[at] = pivot;
    const last = Math.min(columns - 1, size - 1 - j);
    for (let d = 1; d <= last; d++) a[at + d] /= pivot;
    for (let k = 1; k <= last; k++) {
      const factor = a[at + k];
      if (factor === 0) continue;
      const to = (j + k) * columns - k;
      for (let d = k; d <= last; d++) a[to + d] -= factor * a[at + d];
    }
  }
  return a;
}

/** How many eigenvalues are less than x: negative pivots of A − x (Sylvester's law of inertia). */
function negativePivots(matrix: BandMatrix, x: number): number {
  const { size } = matrix;
  const columns = matrix.diagonals.length;
  const a = packed(matrix, -x);
  let count = 0;
  for (let j = 0; j < size; j++) {
    const at = j * columns;
    if (Math.abs(a[at]) < 1e-14) a[at] = -1e-14;
    const pivot = a[at];
    if (pivot < 0) count++;
    const last = Math.min(columns - 1, size - 1 - j);
    for (let k = 1; k <= last; k++) {
      const factor = a[at + k] / pivot;
      if (factor === 0) continue;
      const to = (j + k) * columns - k;
      for (let d = k; d <= last; d++) a[to + d] -= factor * a[at + d];
    }
  }
  return count;
}

/** x := (L Lᵀ)⁻¹ x. */
function solve(factor: Float64Array, size: number, width: number, x: Float64Array): void {
  const columns = width + 1;
  for (let j = 0; j < size; j++) {
    x[j] /= factor[j * columns];
    const last = Math.min(width, size - 1 - j);
    for (let d = 1; d <= last; d++) x[j + d] -= factor[j * columns + d] * x[j];
  }
  for (let j = size - 1; j >= 0; j--) {
    const last = Math.min(width, size - 1 - j);
    let sum = x[j];
    for (let d = 1; d <= last; d++) sum -= factor[j * columns + d] * x[j + d];
    x[j] = sum / factor[j * columns];
  }
}

function times({ size, diagonals }: BandMatrix, x: Float64Array): Float64Array {
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) out[i] = diagonals[0][i] * x[i];
  for (let d = 1; d < diagonals.length; d++) {
    const diagonal = diagonals[d];
    for (let i = 0; i + d < size; i++) {
      out[i + d] += diagonal[i] * x[i];
      out[i] += diagonal[i] * x[i + d];
    }
  }
  return out;
}

/** Twice, which is enough (Parlett 1980, "The symmetric eigenvalue problem", section 6.9). */
function orthogonalise(x: Float64Array, basis: readonly Float64Array[]): void {
  for (let pass = 0; pass < 2; pass++) for (const vector of basis) axpy(x, vector, -dot(x, vector) / dot(vector, vector));
}

function axpy(to: Float64Array, x: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * x[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function norm(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}
