import { cholesky, dot, solveCholesky } from '../base/cholesky.js';
import { ShapeError } from '../base/errors.js';
import type { Column, FeatureTable } from '../base/table.js';
import { checkColumns, checkTraining } from './check.js';
import { innerProducts, linearPrediction, transposed } from './linear.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from './predictor.js';
import { savedColumns, savedNumber, savedNumbers } from './saved.js';
import { momentsOf, type Standardisation, standardisation, standardisationFromJSON, standardised } from './standardise.js';

export interface RidgeOptions {
  /** How much large weights cost: alpha × Σ weight², in standardised columns. */
  readonly alpha?: number;
}

/** scikit-learn's default. */
const DEFAULTS: Required<RidgeOptions> = { alpha: 1 };

/** A fitted linear model: `intercept` + Σ weight × standardised column. */
export interface FittedRidge extends Fitted {
  readonly id: 'ridge';
  readonly columns: readonly Column[];
  /** The mean target, in its unit. */
  readonly intercept: number;
  /** What one standard deviation of each column adds, in the target's unit; 0 for a constant column. */
  readonly weights: readonly number[];
}

/**
 * Ridge regression on standardised columns: `make_pipeline(StandardScaler(), Ridge(alpha))` of scikit-learn. Collinear
 * and constant columns do no harm; the intercept is not penalised.
 * @throws ShapeError when alpha is not a positive number.
 * @see Hoerl and Kennard 1970. Takes O(m² M) with m, M the smaller and the larger of rows and columns.
 */
export function ridge(options: RidgeOptions = {}): Predictor<FeatureTable, FittedRidge> {
  const { alpha } = { ...DEFAULTS, ...options };
  if (!(alpha > 0 && Number.isFinite(alpha))) {
    throw new ShapeError({ argument: 'ridge: alpha', expected: 'a positive number', got: `${alpha}` });
  }
  return {
    id: 'ridge',
    async fit(x: FeatureTable, y: Float64Array, { signal, onProgress }: FitOptions): Promise<FittedRidge> {
      checkTraining('ridge.fit', x, y);
      signal?.throwIfAborted();
      const scaling = standardisation(x);
      const intercept = momentsOf(y).mean;
      const weights = ridgeWeights(
        standardised(x, scaling),
        x.columns.length,
        y.map((v) => v - intercept),
        alpha,
      );
      onProgress?.({ done: 1, total: 1 });
      signal?.throwIfAborted();
      return fitted(x.columns, scaling, intercept, Array.from(weights));
    },
  };
}

/** In the columns' normal equations, or in the rows' (w = Zᵀ (Z Zᵀ + alpha I)⁻¹ y), whichever are fewer. */
function ridgeWeights(z: Float64Array, width: number, y: Float64Array, alpha: number): Float64Array {
  const n = y.length;
  const byColumn = transposed(z, n, width);
  if (width <= n) {
    const products = innerProducts(byColumn, width, n);
    for (let c = 0; c < width; c++) products[c * width + c] += alpha;
    const right = Float64Array.from({ length: width }, (_, c) => dot(byColumn, c * n, y, 0, n));
    return solveCholesky(cholesky(products, width), right);
  }
  const products = innerProducts(z, n, width);
  for (let r = 0; r < n; r++) products[r * n + r] += alpha;
  const dual = solveCholesky(cholesky(products, n), y);
  return Float64Array.from({ length: width }, (_, c) => dot(byColumn, c * n, dual, 0, n));
}

export const RIDGE_FORMAT = 'nascope/ridge';
export const RIDGE_VERSION = 1;

/** The inverse of `toJSON`. @throws DataError when the file's parts do not fit together. */
export function ridgeFromJSON(file: ModelFile): FittedRidge {
  const columns = savedColumns(RIDGE_FORMAT, file.columns);
  return fitted(
    columns,
    standardisationFromJSON(RIDGE_FORMAT, file.scaling, columns.length),
    savedNumber(RIDGE_FORMAT, 'intercept', file.intercept),
    savedNumbers(RIDGE_FORMAT, 'weights', file.weights, columns.length),
  );
}

function fitted(
  columns: readonly Column[],
  scaling: Standardisation,
  intercept: number,
  weights: readonly number[],
): FittedRidge {
  return {
    id: 'ridge',
    columns,
    intercept,
    weights,
    predict(x: FeatureTable): Float64Array {
      checkColumns('ridge.predict', x, columns);
      return linearPrediction(x, scaling, intercept, weights);
    },
    toJSON(): ModelFile {
      return { format: RIDGE_FORMAT, version: RIDGE_VERSION, columns, scaling, intercept, weights };
    },
  };
}
