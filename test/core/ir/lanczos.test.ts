import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BandMatrix, smallestEigenvalues, tridiagonalised } from '../../../src/core/ir/band-matrix.js';
import { smallestByLanczos } from '../../../src/core/ir/lanczos.js';
import { spectrumOf } from '../../../src/core/ir/spectrum.js';

/** The normalised Laplacian of a graph whose edges reach at most `width` places. */
function laplacian(size: number, pairs: readonly (readonly [number, number])[], width: number): BandMatrix {
  const degree = new Float64Array(size);
  for (const pair of pairs) for (const node of pair) degree[node]++;
  const diagonals = Array.from({ length: width + 1 }, () => new Float64Array(size));
  degree.forEach((value, node) => {
    diagonals[0][node] = value > 0 ? 1 : 0;
  });
  for (const [a, b] of pairs) diagonals[b - a][a] = -1 / Math.sqrt(degree[a] * degree[b]);
  return { size, diagonals };
}

const near = (found: Float64Array | null, expected: ArrayLike<number>): void => {
  expect(found).toHaveLength(expected.length);
  found?.forEach((value, k) => {
    expect(Math.abs(value - expected[k])).toBeLessThan(1e-6);
  });
};

test('Lanczos finds what bisection of the whole matrix finds, repeated and zero eigenvalues included, or hardly ever nothing', () => {
  let nothing = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 30, max: 120 }),
      fc.integer({ min: 1, max: 5 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
      (size, width, stream) => {
        const pairs: [number, number][] = [];
        const draws = stream[Symbol.iterator]();
        // Sparse enough to fall apart into pieces now and then, as eigenvalue 0 occurs several times.
        for (let a = 0; a < size; a++) {
          for (let d = 1; d <= width && a + d < size; d++) if (draws.next().value < 4) pairs.push([a, a + d]);
        }
        const matrix = laplacian(size, pairs, width);
        const found = smallestByLanczos(matrix, 21);
        if (found === null) nothing++;
        else near(found, smallestEigenvalues(tridiagonalised(matrix), 21, 0, 2));
      },
    ),
    { numRuns: 40 },
  );
  // About one small graph in thousands, whose pieces are many: 'not computed' is what callers then say.
  expect(nothing).toBeLessThanOrEqual(2);
});

test('a path has the eigenvalues that the formula gives', () => {
  const size = 3000;
  const pairs = Array.from({ length: size - 1 }, (_, i) => [i, i + 1] as const);
  // 1 − cos(πk / (n − 1)): Chung 1997, Spectral Graph Theory, example 1.4.
  const expected = Array.from({ length: 21 }, (_, k) => 1 - Math.cos((Math.PI * k) / (size - 1)));
  near(smallestByLanczos(laplacian(size, pairs, 1), 21), expected);
});

test('twelve thousand nodes have a spectrum: of three paths, by the formula', () => {
  // Three paths of 4,000 in one graph: each eigenvalue three times.
  const size = 12_000;
  const pairs = Array.from({ length: size - 3 }, (_, i) => [i, i + 3] as const);
  const length = size / 3;
  const expected = Array.from({ length: 21 }, (_, k) => 1 - Math.cos((Math.PI * Math.floor(k / 3)) / (length - 1)));
  near(spectrumOf(size, pairs), expected);
});
