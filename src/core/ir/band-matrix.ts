/**
 * Eigenvalues of symmetric matrices whose entries lie near the diagonal. Computation graphs are long and thin: their
 * nodes can be numbered so that neighbours are some ten places apart, which makes this far cheaper than a dense method.
 */

/** A symmetric band: `diagonals[d][i]` is the entry of row i + d and column i. */
export interface BandMatrix {
  readonly size: number;
  readonly diagonals: readonly Float64Array[];
}

/** The diagonal and, from place 0, the entries below it. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly below: Float64Array;
}

/**
 * A tridiagonal matrix with the same eigenvalues: entry after entry is rotated away from the outside of the band, and
 * what the rotation pushes out of the band is chased down to its end. Takes some 6 size^2 width operations.
 * @see Schwarz 1968, "Tridiagonalization of a symmetric band matrix", Numerische Mathematik 12.
 */
export function tridiagonalised({ size, diagonals }: BandMatrix): Tridiagonal {
  const width = diagonals.length - 1;
  // One diagonal more, for the entry that a rotation pushes out.
  const a = [...diagonals.map((diagonal) => Float64Array.from(diagonal)), new Float64Array(size)];
  if (width === 0) a.push(new Float64Array(size));
  for (let column = 0; column < size - 2; column++) {
    for (let row = Math.min(column + width, size - 1); row > column + 1; row--) {
      let [r, c] = [row, column];
      while (r < size && a[r - c][c] !== 0) {
        rotate(a, size, width, r, c);
        // Rows r - 1 and r are mixed now, so row r - 1 reaches as far as row r did.
        c = r - 1;
        r += width;
      }
    }
  }
  return { diagonal: a[0], below: a[1] };
}

/** Turns rows and columns r - 1 and r so that entry (r, c) vanishes. */
function rotate(a: readonly Float64Array[], size: number, width: number, r: number, c: number): void {
  const p = r - 1;
  const x = a[p - c][c];
  const y = a[r - c][c];
  const length = Math.hypot(x, y);
  const cos = x / length;
  const sin = y / length;
  for (let k = Math.max(0, r - width - 1); k < p; k++) {
    const upper = a[p - k][k];
    const lower = a[r - k][k];
    a[p - k][k] = cos * upper + sin * lower;
    a[r - k][k] = cos * lower - sin * upper;
  }
  a[r - c][c] = 0;
  const app = a[0][p];
  const arr = a[0][r];
  const apr = a[1][p];
  const turn = 2 * cos * sin * apr;
  a[0][p] = cos * cos * app + turn + sin * sin * arr;
  a[0][r] = sin * sin * app - turn + cos * cos * arr;
  a[1][p] = cos * sin * (arr - app) + (cos * cos - sin * sin) * apr;
  const end = Math.min(size - 1, p + width + 1);
  for (let k = r + 1; k <= end; k++) {
    const left = a[k - p][p];
    const right = a[k - r][r];
    a[k - p][p] = cos * left + sin * right;
    a[k - r][r] = cos * right - sin * left;
  }
}

/**
 * The smallest eigenvalues in ascending order, each as often as it occurs, by bisection: the signs of a Sturm sequence
 * tell how many lie below a number.
 * @param low,high bounds of all eigenvalues.
 * @see Barth, Martin and Wilkinson 1967, "Calculation of the eigenvalues of a symmetric tridiagonal matrix by bisection".
 */
export function smallestEigenvalues(matrix: Tridiagonal, count: number, low: number, high: number): Float64Array {
  const { diagonal, below } = matrix;
  const squares = below.map((entry) => entry * entry);
  const found = new Float64Array(Math.min(count, diagonal.length));
  const lows = new Float64Array(found.length).fill(low);
  const highs = new Float64Array(found.length).fill(high);
  for (let k = 0; k < found.length; k++) {
    for (;;) {
      const middle = (lows[k] + highs[k]) / 2;
      if (middle <= lows[k] || middle >= highs[k] || highs[k] - lows[k] < 1e-14) break;
      const less = countBelow(diagonal, squares, middle);
      // What is learned about one is learned about its neighbours.
      for (let other = k; other < found.length; other++) {
        if (other < less) highs[other] = Math.min(highs[other], middle);
        else lows[other] = Math.max(lows[other], middle);
      }
    }
    found[k] = lows[k] === low ? low : (lows[k] + highs[k]) / 2;
  }
  return found;
}

/** How many eigenvalues are less than `x`. */
function countBelow(diagonal: Float64Array, squares: Float64Array, x: number): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    pivot = diagonal[i] - x - (i === 0 ? 0 : squares[i - 1] / pivot);
    if (pivot === 0) pivot = -1e-300;
    if (pivot < 0) count++;
  }
  return count;
}
