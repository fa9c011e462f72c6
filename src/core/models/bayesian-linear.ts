import { dot } from '../base/cholesky.js';
import { ShapeError } from '../base/errors.js';
import { symmetricEigen } from '../base/symmetric-eigen.js';
import type { Column, FeatureTable } from '../base/table.js';
import { checkColumns, checkTraining } from './check.js';
import { innerProducts, linearPrediction, transposed } from './linear.js';
import type { FitOptions, Fitted, ModelFile, PredictionWithSd, Predictor } from './predictor.js';
import { savedColumns, savedNumber, savedNumbers } from './saved.js';
import { momentsOf, type Standardisation, standardisation, standardisationFromJSON, standardised } from './standardise.js';

/** Names, meanings and defaults are those of scikit-learn's `BayesianRidge`. */
export interface BayesianLinearOptions {
  /** The most rounds of evidence maximisation. */
  readonly rounds?: number;
  /** Rounds end when the weights, summed, move by less; in the target's unit. */
  readonly tolerance?: number;
}

const DEFAULTS: Required<BayesianLinearOptions> = { rounds: 300, tolerance: 1e-3 };
/** Shape and rate of the gamma priors on both precisions: as good as flat. */
const PRIOR = 1e-6;
/** Directions this much shorter than the longest are rounding. */
const NEGLIGIBLE = 1e-12;

export interface FittedBayesianLinear extends Fitted {
  readonly id: 'blr';
  readonly columns: readonly Column[];
  readonly intercept: number;
  /** What one standard deviation of each column adds, in the target's unit; 0 for a constant column. */
  readonly weights: readonly number[];
  /** One over the variance of the noise, and of the weights. */
  readonly noisePrecision: number;
  readonly weightPrecision: number;
  predictWithSd(x: FeatureTable): PredictionWithSd;
}

/** All that is saved. */
interface Parts {
  readonly scaling: Standardisation;
  readonly intercept: number;
  readonly weights: readonly number[];
  readonly noisePrecision: number;
  readonly weightPrecision: number;
  /** Orthonormal directions of the training rows, row-major, one after the other, and the squared length of each. */
  readonly directions: readonly number[];
  readonly squares: readonly number[];
}

/**
 * Bayesian linear regression on standardised columns: the weights' prior variance and the noise are those that make the
 * training targets most likely (evidence maximisation), as `make_pipeline(StandardScaler(), BayesianRidge())` of
 * scikit-learn. Where there are fewer rows than columns, `predictWithSd` also counts the directions that no training row
 * has, which scikit-learn leaves out.
 * @throws ShapeError on an option out of range.
 * @see MacKay 1992; Tipping 2001. Takes O(m² M) with m, M the smaller and the larger of rows and columns.
 */
export function bayesianLinear(options: BayesianLinearOptions = {}): Predictor<FeatureTable, FittedBayesianLinear> {
  const { rounds, tolerance } = { ...DEFAULTS, ...options };
  if (!(Number.isInteger(rounds) && rounds >= 1)) {
    throw new ShapeError({ argument: 'bayesianLinear: rounds', expected: 'a whole number from 1', got: `${rounds}` });
  }
  if (!(tolerance > 0)) {
    throw new ShapeError({ argument: 'bayesianLinear: tolerance', expected: 'a positive number', got: `${tolerance}` });
  }
  return {
    id: 'blr',
    async fit(x: FeatureTable, y: Float64Array, { signal, onProgress }: FitOptions): Promise<FittedBayesianLinear> {
      checkTraining('bayesianLinear.fit', x, y);
      signal?.throwIfAborted();
      const scaling = standardisation(x);
      const { mean: intercept, sd } = momentsOf(y);
      const rest = y.map((v) => (sd === 0 ? 0 : v - intercept));
      const parts = maximiseEvidence(standardised(x, scaling), x.columns.length, rest, rounds, tolerance);
      onProgress?.({ done: 1, total: 1 });
      signal?.throwIfAborted();
      return fitted(x.columns, { scaling, intercept, ...parts });
    },
  };
}

/** In the coordinates of the training rows' own directions everything is diagonal. */
function maximiseEvidence(
  z: Float64Array,
  width: number,
  y: Float64Array,
  rounds: number,
  tolerance: number,
): Omit<Parts, 'scaling' | 'intercept'> {
  const n = y.length;
  const { directions, squares } = principalDirections(z, n, width);
  const rank = squares.length;
  const byColumn = transposed(z, n, width);
  const products = Float64Array.from({ length: width }, (_, c) => dot(byColumn, c * n, y, 0, n));
  const along = Float64Array.from({ length: rank }, (_, k) => dot(directions, k * width, products, 0, width));
  const total = dot(y, 0, y, 0, n);
  let outside = total;
  for (let k = 0; k < rank; k++) outside -= along[k] ** 2 / squares[k];
  outside = Math.max(0, outside);

  let noise = 1 / (total / n + Number.EPSILON);
  let prior = 1;
  let weights = new Float64Array(width);
  for (let round = 0, done = false; ; round++) {
    const ratio = prior / noise;
    const next = new Float64Array(width);
    let error = outside;
    let length = 0;
    let known = 0;
    for (let k = 0; k < rank; k++) {
      const weight = along[k] / (squares[k] + ratio);
      error += (weight * ratio) ** 2 / squares[k];
      length += weight * weight;
      known += squares[k] / (squares[k] + ratio);
      for (let c = 0; c < width; c++) next[c] += weight * directions[k * width + c];
    }
    let moved = 0;
    for (let c = 0; c < width; c++) moved += Math.abs(next[c] - weights[c]);
    weights = next;
    // The precisions move once more than the weights are looked at, as in scikit-learn.
    if (done) break;
    done = round === rounds - 1 || (round > 0 && moved < tolerance);
    prior = (known + 2 * PRIOR) / (length + 2 * PRIOR);
    noise = (n - known + 2 * PRIOR) / (error + 2 * PRIOR);
  }
  return {
    weights: Array.from(weights),
    noisePrecision: noise,
    weightPrecision: prior,
    directions: Array.from(directions),
    squares: Array.from(squares),
  };
}

/** Eigenvectors of ZᵀZ with eigenvalues that are not rounding, found on the smaller side of Z. */
function principalDirections(
  z: Float64Array,
  n: number,
  width: number,
): { readonly directions: Float64Array; readonly squares: Float64Array } {
  const byColumn = transposed(z, n, width);
  const onColumns = width <= n;
  const size = onColumns ? width : n;
  const { values, vectors } = symmetricEigen(onColumns ? innerProducts(byColumn, width, n) : innerProducts(z, n, width), size);
  const kept = Array.from(values.keys()).filter((k) => values[k] > NEGLIGIBLE * size * values[size - 1]);
  const directions = new Float64Array(kept.length * width);
  kept.forEach((k, to) => {
    if (onColumns) {
      directions.set(vectors.subarray(k * width, (k + 1) * width), to * width);
      return;
    }
    const scale = 1 / Math.sqrt(values[k]);
    for (let c = 0; c < width; c++) directions[to * width + c] = scale * dot(byColumn, c * n, vectors, k * n, n);
  });
  return { directions, squares: Float64Array.from(kept, (k) => values[k]) };
}

export const BAYESIAN_LINEAR_FORMAT = 'nascope/bayesian-linear';
export const BAYESIAN_LINEAR_VERSION = 1;

/** The inverse of `toJSON`. @throws DataError when the file's parts do not fit together. */
export function bayesianLinearFromJSON(file: ModelFile): FittedBayesianLinear {
  const where = BAYESIAN_LINEAR_FORMAT;
  const columns = savedColumns(where, file.columns);
  const squares = savedNumbers(where, 'squares', file.squares, Array.isArray(file.squares) ? file.squares.length : 0);
  return fitted(columns, {
    scaling: standardisationFromJSON(where, file.scaling, columns.length),
    intercept: savedNumber(where, 'intercept', file.intercept),
    weights: savedNumbers(where, 'weights', file.weights, columns.length),
    noisePrecision: savedNumber(where, 'noisePrecision', file.noisePrecision),
    weightPrecision: savedNumber(where, 'weightPrecision', file.weightPrecision),
    directions: savedNumbers(where, 'directions', file.directions, squares.length * columns.length),
    squares,
  });
}

function fitted(columns: readonly Column[], parts: Parts): FittedBayesianLinear {
  const { scaling, intercept, weights, noisePrecision, weightPrecision, squares } = parts;
  const predict = (x: FeatureTable): Float64Array => {
    checkColumns('bayesianLinear.predict', x, columns);
    return linearPrediction(x, scaling, intercept, weights);
  };
  return {
    id: 'blr',
    columns,
    intercept,
    weights,
    noisePrecision,
    weightPrecision,
    predict,
    predictWithSd(x: FeatureTable): PredictionWithSd {
      const mean = predict(x);
      const z = standardised(x, scaling);
      const directions = Float64Array.from(parts.directions);
      const width = columns.length;
      const sd = new Float64Array(x.rowCount);
      for (let r = 0; r < x.rowCount; r++) {
        let unseen = dot(z, r * width, z, r * width, width);
        let variance = 1 / noisePrecision;
        for (let k = 0; k < squares.length; k++) {
          const part = dot(z, r * width, directions, k * width, width) ** 2;
          unseen -= part;
          variance += part / (noisePrecision * squares[k] + weightPrecision);
        }
        sd[r] = Math.sqrt(variance + Math.max(0, unseen) / weightPrecision);
      }
      return { mean, sd };
    },
    toJSON(): ModelFile {
      return { format: BAYESIAN_LINEAR_FORMAT, version: BAYESIAN_LINEAR_VERSION, columns, ...parts };
    },
  };
}
