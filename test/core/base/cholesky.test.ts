import { expect, test } from 'vitest';
import { cholesky, invertCholesky, logDeterminant, solveCholesky } from '../../../src/core/base/cholesky.js';
import { ConvergenceError } from '../../../src/core/base/errors.js';
import { lbfgs } from '../../../src/core/base/lbfgs.js';
import { rng } from '../../../src/core/base/rng.js';
import { symmetricEigen } from '../../../src/core/base/symmetric-eigen.js';

/** B Bᵀ + I of random numbers: symmetric, positive definite. */
function positive(n: number, seed: number): Float64Array {
  const source = rng(seed);
  const b = Float64Array.from({ length: n * n }, () => source.normal());
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      a[i * n + j] = i === j ? 1 : 0;
      for (let k = 0; k < n; k++) a[i * n + j] += b[i * n + k] * b[j * n + k];
    }
  }
  return a;
}

function times(a: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  return Float64Array.from({ length: n }, (_, i) => x.reduce((sum, v, j) => sum + a[i * n + j] * v, 0));
}

const far = (a: Float64Array, b: Float64Array): number => a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);

for (const n of [1, 2, 5, 30]) {
  test(`a factor of ${n} rows solves, inverts and gives the determinant`, () => {
    const a = positive(n, n);
    const l = cholesky(a, n);
    const b = Float64Array.from({ length: n }, (_, i) => i - 2);
    expect(far(times(a, solveCholesky(l, b)), b)).toBeLessThan(1e-10);
    expect(far(times(invertCholesky(l, n), b), solveCholesky(l, b))).toBeLessThan(1e-10);
    const { values } = symmetricEigen(a, n);
    expect(logDeterminant(l, n)).toBeCloseTo(
      values.reduce((sum, v) => sum + Math.log(v), 0),
      8,
    );
  });

  test(`eigenvectors of ${n} rows are orthonormal and put the matrix together again`, () => {
    const a = positive(n, 100 + n);
    const { values, vectors } = symmetricEigen(a, n);
    expect([...values]).toEqual([...values].sort((p, q) => p - q));
    for (let k = 0; k < n; k++) {
      const v = vectors.slice(k * n, (k + 1) * n);
      expect(
        far(
          times(a, v),
          v.map((p) => values[k] * p),
        ),
      ).toBeLessThan(1e-11 * values[n - 1]);
      for (let m = 0; m <= k; m++) {
        const product = v.reduce((sum, p, j) => sum + p * vectors[m * n + j], 0);
        expect(Math.abs(product - (m === k ? 1 : 0))).toBeLessThan(1e-12);
      }
    }
  });
}

test('eigenvalues of a path are 2 − 2 cos(kπ / (n + 1)), also where a matrix falls apart into blocks', () => {
  const n = 12;
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    a[i * n + i] = 2;
    if (i > 0) {
      a[i * n + i - 1] = -1;
      a[(i - 1) * n + i] = -1;
    }
  }
  const { values } = symmetricEigen(a, n);
  values.forEach((v, k) => {
    expect(v).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12);
  });
  expect([...symmetricEigen(Float64Array.of(3, 0, 0, 0, 1, 0, 0, 0, 2), 3).values]).toEqual([1, 2, 3]);
  expect([...symmetricEigen(new Float64Array(16), 4).values]).toEqual([0, 0, 0, 0]);
});

test('a matrix that is not positive definite, or not finite, is refused', () => {
  expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow(ConvergenceError);
  expect(() => cholesky(Float64Array.of(Number.NaN), 1)).toThrow(ConvergenceError);
  expect(() => symmetricEigen(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2)).toThrow(ConvergenceError);
});

test("L-BFGS walks down Rosenbrock's valley to (1, 1), and never ends above its start", async () => {
  const valley = (x: Float64Array, gradient: Float64Array): number => {
    const rest = x[1] - x[0] * x[0];
    gradient[0] = 2 * (x[0] - 1) - 400 * x[0] * rest;
    gradient[1] = 200 * rest;
    return (x[0] - 1) ** 2 + 100 * rest ** 2;
  };
  const found = await lbfgs(valley, Float64Array.of(-1.2, 1), { tolerance: 1e-10, steps: 200 });
  expect(far(found.at, Float64Array.of(1, 1))).toBeLessThan(1e-8);
  const few = await lbfgs(valley, Float64Array.of(-1.2, 1), { steps: 3 });
  expect(few.steps).toBe(3);
  expect(few.value).toBeLessThan(24.2);
});
