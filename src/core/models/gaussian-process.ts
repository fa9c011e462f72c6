import { cholesky, dot, invertCholesky, logDeterminant, solveCholesky, solveLower } from '../base/cholesky.js';
import { ConvergenceError, DataError, ShapeError } from '../base/errors.js';
import { lbfgs } from '../base/lbfgs.js';
import { nextTurn } from '../base/progress.js';
import type { Column, FeatureTable } from '../base/table.js';
import { checkColumns, checkTraining } from './check.js';
import { type Kernel, type KernelId, kernels } from './kernels.js';
import type { FitOptions, Fitted, ModelFile, PredictionWithSd, Predictor } from './predictor.js';
import { savedColumns, savedNumber, savedNumbers } from './saved.js';
import { momentsOf, type Standardisation, standardisation, standardisationFromJSON, standardised } from './standardise.js';

export interface GaussianProcessOptions {
  /** How alike two targets are at a distance: `matern52` (twice differentiable) or `rbf` (smooth). */
  readonly kernel?: KernelId;
  /** Length scale and noise are found on at most so many rows, drawn at random; predictions stand on all. */
  readonly fitRows?: number;
}

const DEFAULTS: Required<GaussianProcessOptions> = { kernel: 'matern52', fitRows: 256 };

/** The kernel's numbers, in standardised columns and targets. */
export interface GaussianProcessScales {
  /** Distance over which targets become unlike. */
  readonly lengthScale: number;
  readonly signalVariance: number;
  readonly noiseVariance: number;
}

export interface FittedGaussianProcess extends Fitted {
  readonly id: 'gp';
  readonly columns: readonly Column[];
  readonly scales: GaussianProcessScales;
  predictWithSd(x: FeatureTable): PredictionWithSd;
}

/** Bounds of the logarithms: length scale (times the median distance), signal, noise. */
const BOUNDS: readonly (readonly [number, number])[] = [
  [Math.log(0.01), Math.log(100)],
  [Math.log(1e-3), Math.log(1e3)],
  [Math.log(1e-6), Math.log(10)],
];
/** Where the search starts: long and short scales are different explanations, of which the likelier is kept. */
const STARTS: readonly (readonly [number, number, number])[] = [
  [Math.log(1), Math.log(1), Math.log(0.1)],
  [Math.log(4), Math.log(4), Math.log(0.1)],
];
const STEPS = 60;

/**
 * Gaussian process regression with one length scale on standardised columns and targets; length scale, signal and noise
 * maximise the marginal likelihood (scikit-learn's `C() * Matern(nu=2.5) + WhiteKernel()` on the same rows).
 * @throws ShapeError on an option out of range; ConvergenceError when the kernel matrix is not positive definite.
 * @see Rasmussen and Williams 2006, chapters 2 and 5. Fitting takes O(rows³), predicting O(rows × training rows × columns).
 */
export function gaussianProcess(options: GaussianProcessOptions = {}): Predictor<FeatureTable, FittedGaussianProcess> {
  const { kernel, fitRows } = { ...DEFAULTS, ...options };
  if (!Object.hasOwn(kernels, kernel)) {
    throw new ShapeError({ argument: 'gaussianProcess: kernel', expected: Object.keys(kernels).join(' or '), got: kernel });
  }
  if (!(Number.isInteger(fitRows) && fitRows >= 2)) {
    throw new ShapeError({ argument: 'gaussianProcess: fitRows', expected: 'a whole number from 2', got: `${fitRows}` });
  }
  return {
    id: 'gp',
    async fit(x: FeatureTable, y: Float64Array, { rng, signal, onProgress }: FitOptions): Promise<FittedGaussianProcess> {
      checkTraining('gaussianProcess.fit', x, y);
      signal?.throwIfAborted();
      const scaling = standardisation(x);
      const target = momentsOf(y);
      const rows = standardised(x, scaling);
      const width = x.columns.length;
      const scaled = y.map((v) => (target.sd === 0 ? 0 : (v - target.mean) / target.sd));

      const total = STEPS * STARTS.length + 1;
      let done = 0;
      const onStep = async (): Promise<void> => {
        onProgress?.({ done: ++done, total });
        await nextTurn();
        signal?.throwIfAborted();
      };
      const chosen = rng.fork('rows').choose(y.length, Math.min(fitRows, y.length));
      const scales =
        target.sd === 0
          ? { lengthScale: 1, signalVariance: 1, noiseVariance: 1 }
          : await likeliestScales(
              rowsAt(rows, width, chosen),
              width,
              Float64Array.from(chosen, (r) => scaled[r]),
              kernel,
              onStep,
            );

      const factor = cholesky(kernelMatrix(rows, y.length, width, scales, kernels[kernel]), y.length);
      const dual = solveCholesky(factor, scaled);
      onProgress?.({ done: total, total });
      signal?.throwIfAborted();
      return fitted(x.columns, { kernel, scaling, target, scales, rows, dual });
    },
  };
}

/** The kernel's numbers with the greatest marginal likelihood. */
async function likeliestScales(
  rows: Float64Array,
  width: number,
  y: Float64Array,
  kernel: KernelId,
  onStep: () => Promise<void>,
): Promise<GaussianProcessScales> {
  const n = y.length;
  const squared = squaredDistances(rows, n, width);
  const typical = medianDistance(squared, n);
  const scalesAt = (t: Float64Array): GaussianProcessScales => {
    const [length, signalVariance, noiseVariance] = BOUNDS.map(([low, high], i) => Math.exp(low + (high - low) * logistic(t[i])));
    return { lengthScale: typical * length, signalVariance, noiseVariance };
  };
  const cost = (t: Float64Array, gradient: Float64Array): number => {
    const value = negativeLogLikelihood(squared, y, scalesAt(t), kernels[kernel], gradient);
    BOUNDS.forEach(([low, high], i) => {
      gradient[i] *= (high - low) * logistic(t[i]) * (1 - logistic(t[i]));
    });
    return value;
  };
  let best: { readonly at: Float64Array; readonly value: number } = { at: new Float64Array(3), value: Number.POSITIVE_INFINITY };
  for (const start of STARTS) {
    const from = Float64Array.from(start, (v, i) => logit((v - BOUNDS[i][0]) / (BOUNDS[i][1] - BOUNDS[i][0])));
    const found = await lbfgs(cost, from, { steps: STEPS, tolerance: 1e-5, onStep });
    if (found.value < best.value) best = found;
  }
  return scalesAt(best.at);
}

/**
 * −log p(y), with its derivatives by the logarithms of length scale, signal and noise. Infinity where the kernel matrix is
 * not positive definite.
 * @param squared squared distances, n × n.
 */
export function negativeLogLikelihood(
  squared: Float64Array,
  y: Float64Array,
  { lengthScale, signalVariance, noiseVariance }: GaussianProcessScales,
  kernel: Kernel,
  gradient: Float64Array,
): number {
  const n = y.length;
  const matrix = new Float64Array(n * n);
  const slopes = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const d = Math.sqrt(squared[i * n + j]) / lengthScale;
      matrix[i * n + j] = signalVariance * kernel.value(d) + (i === j ? noiseVariance : 0);
      slopes[i * n + j] = -signalVariance * kernel.slope(d) * d;
    }
  }
  gradient.fill(0);
  let factor: Float64Array;
  try {
    factor = cholesky(matrix, n);
  } catch (error) {
    if (error instanceof ConvergenceError) return Number.POSITIVE_INFINITY;
    throw error;
  }
  const dual = solveCholesky(factor, y);
  const inverse = invertCholesky(factor, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      // ½ tr((K⁻¹ − a aᵀ) dK); what is off the diagonal counts twice.
      const at = i * n + j;
      const weight = (i === j ? 0.5 : 1) * (inverse[at] - dual[i] * dual[j]);
      gradient[0] += weight * slopes[at];
      gradient[1] += weight * (matrix[at] - (i === j ? noiseVariance : 0));
      if (i === j) gradient[2] += weight * noiseVariance;
    }
  }
  return 0.5 * (dot(y, 0, dual, 0, n) + logDeterminant(factor, n) + n * Math.log(2 * Math.PI));
}

function kernelMatrix(rows: Float64Array, n: number, width: number, scales: GaussianProcessScales, kernel: Kernel): Float64Array {
  const matrix = squaredDistances(rows, n, width);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const d = Math.sqrt(matrix[i * n + j]) / scales.lengthScale;
      matrix[i * n + j] = scales.signalVariance * kernel.value(d) + (i === j ? scales.noiseVariance : 0);
    }
  }
  return matrix;
}

/** Both triangles. */
function squaredDistances(rows: Float64Array, n: number, width: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let c = 0; c < width; c++) sum += (rows[i * width + c] - rows[j * width + c]) ** 2;
      out[i * n + j] = sum;
      out[j * n + i] = sum;
    }
  }
  return out;
}

function medianDistance(squared: Float64Array, n: number): number {
  const off: number[] = [];
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) off.push(squared[i * n + j]);
  off.sort((a, b) => a - b);
  const median = Math.sqrt(off[off.length >> 1] ?? 0);
  return median > 0 ? median : 1;
}

function rowsAt(rows: Float64Array, width: number, at: Int32Array): Float64Array {
  const out = new Float64Array(at.length * width);
  at.forEach((r, i) => {
    out.set(rows.subarray(r * width, (r + 1) * width), i * width);
  });
  return out;
}

function logistic(t: number): number {
  return 1 / (1 + Math.exp(-t));
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}

/** All that is saved. */
interface Parts {
  readonly kernel: KernelId;
  readonly scaling: Standardisation;
  readonly target: { readonly mean: number; readonly sd: number };
  readonly scales: GaussianProcessScales;
  /** Standardised training rows, row-major. */
  readonly rows: Float64Array;
  /** K⁻¹ y. */
  readonly dual: Float64Array;
}

export const GAUSSIAN_PROCESS_FORMAT = 'nascope/gaussian-process';
export const GAUSSIAN_PROCESS_VERSION = 1;

/** The inverse of `toJSON`. @throws DataError when the file's parts do not fit together. */
export function gaussianProcessFromJSON(file: ModelFile): FittedGaussianProcess {
  const where = GAUSSIAN_PROCESS_FORMAT;
  const columns = savedColumns(where, file.columns);
  const { kernel } = file;
  if (typeof kernel !== 'string' || !Object.hasOwn(kernels, kernel)) {
    const fix = 'Save the model again with toJSON().';
    throw new DataError({ path: where, expected: `a kernel of ${Object.keys(kernels).join(', ')}`, got: String(kernel), fix });
  }
  const count = Array.isArray(file.dual) ? Math.max(1, file.dual.length) : 1;
  const scales = (file.scales ?? {}) as Partial<GaussianProcessScales>;
  const target = (file.target ?? {}) as { mean?: unknown; sd?: unknown };
  return fitted(columns, {
    kernel: kernel as KernelId,
    scaling: standardisationFromJSON(where, file.scaling, columns.length),
    target: { mean: savedNumber(where, 'mean', target.mean), sd: savedNumber(where, 'sd', target.sd) },
    scales: {
      lengthScale: savedNumber(where, 'lengthScale', scales.lengthScale),
      signalVariance: savedNumber(where, 'signalVariance', scales.signalVariance),
      noiseVariance: savedNumber(where, 'noiseVariance', scales.noiseVariance),
    },
    rows: Float64Array.from(savedNumbers(where, 'rows', file.rows, count * columns.length)),
    dual: Float64Array.from(savedNumbers(where, 'dual', file.dual, count)),
  });
}

function fitted(columns: readonly Column[], parts: Parts): FittedGaussianProcess {
  const { kernel, scaling, target, scales, rows, dual } = parts;
  const n = dual.length;
  const width = columns.length;
  const { value } = kernels[kernel];
  const lengths = Float64Array.from({ length: n }, (_, i) => dot(rows, i * width, rows, i * width, width));
  const alike = new Float64Array(n);
  let factor: Float64Array | undefined;

  /** Covariances of a standardised row with the training rows. */
  const covariances = (asked: Float64Array, r: number): Float64Array => {
    const own = dot(asked, r * width, asked, r * width, width);
    for (let i = 0; i < n; i++) {
      const squared = own + lengths[i] - 2 * dot(asked, r * width, rows, i * width, width);
      alike[i] = scales.signalVariance * value(Math.sqrt(Math.max(0, squared)) / scales.lengthScale);
    }
    return alike;
  };
  return {
    id: 'gp',
    columns,
    scales,
    predict(x: FeatureTable): Float64Array {
      checkColumns('gaussianProcess.predict', x, columns);
      const asked = standardised(x, scaling);
      return Float64Array.from(
        { length: x.rowCount },
        (_, r) => target.mean + target.sd * dot(covariances(asked, r), 0, dual, 0, n),
      );
    },
    predictWithSd(x: FeatureTable): PredictionWithSd {
      checkColumns('gaussianProcess.predictWithSd', x, columns);
      factor ??= cholesky(kernelMatrix(rows, n, width, scales, kernels[kernel]), n);
      const asked = standardised(x, scaling);
      const mean = new Float64Array(x.rowCount);
      const sd = new Float64Array(x.rowCount);
      for (let r = 0; r < x.rowCount; r++) {
        const covariance = covariances(asked, r);
        mean[r] = target.mean + target.sd * dot(covariance, 0, dual, 0, n);
        const explained = solveLower(factor, covariance);
        const latent = Math.max(0, scales.signalVariance - dot(explained, 0, explained, 0, n));
        sd[r] = target.sd * Math.sqrt(latent + scales.noiseVariance);
      }
      return { mean, sd };
    },
    toJSON(): ModelFile {
      const format = GAUSSIAN_PROCESS_FORMAT;
      const version = GAUSSIAN_PROCESS_VERSION;
      return { format, version, columns, kernel, scaling, target, scales, rows: Array.from(rows), dual: Array.from(dual) };
    },
  };
}
