import { cholesky, dot, solveCholesky, solveLower } from '../base/cholesky.js';
import { DataError, ShapeError } from '../base/errors.js';
import { nextTurn } from '../base/progress.js';
import type { Column, FeatureTable } from '../base/table.js';
import { checkColumns, checkTraining } from './check.js';
import { GROUP_SEARCH_STEPS, likelyGroupScales } from './group-scales.js';
import { type KernelId, kernels } from './kernels.js';
import { type GaussianProcessScales, kernelMatrix, likeliestScales, SEARCH_STEPS } from './marginal-likelihood.js';
import type { FitOptions, Fitted, ModelFile, PredictionWithSd, Predictor } from './predictor.js';
import { savedColumns, savedNumber, savedNumbers } from './saved.js';
import { momentsOf, type Standardisation, standardisation, standardisationFromJSON, standardised } from './standardise.js';
import { unitRows } from './unit-rows.js';

export interface GaussianProcessOptions {
  /** How alike two targets are at a distance: `matern52` (twice differentiable) or `rbf` (smooth). */
  readonly kernel?: KernelId;
  /** Length scale and noise are found on at most so many rows, drawn at random; predictions stand on all. */
  readonly fitRows?: number;
  /**
   * Columns of one group share a length scale. Scales of several groups are the likeliest given a belief that groups weigh
   * the same, so that few labels turn none of them off; without groups there is one scale, of the greatest likelihood.
   */
  readonly groups?: (column: Column) => string;
}

const DEFAULTS = { kernel: 'matern52', fitRows: 256 } as const;

export interface FittedGaussianProcess extends Fitted {
  readonly id: 'gp' | 'gp-wl';
  readonly columns: readonly Column[];
  readonly scales: GaussianProcessScales;
  predictWithSd(x: FeatureTable): PredictionWithSd;
}

/**
 * Gaussian process regression with one length scale on standardised columns and targets; length scale, signal and noise
 * maximise the marginal likelihood (scikit-learn's `C() * Matern(nu=2.5) + WhiteKernel()` on the same rows).
 * @throws ShapeError on an option out of range; ConvergenceError when the kernel matrix is not positive definite.
 * @see Rasmussen and Williams 2006, chapters 2 and 5. Fitting takes O(rows³), predicting O(rows × training rows × columns).
 */
export function gaussianProcess(options: GaussianProcessOptions = {}): Predictor<FeatureTable, FittedGaussianProcess> {
  return processOf('gp', options);
}

/**
 * Gaussian process over graphs by their Weisfeiler-Lehman subtrees: alike is what has the same subtrees in the same shares.
 * The kernel is exp(−(1 − cos) / l²) of the angle between two rows of counts (the normalised Weisfeiler-Lehman kernel
 * inside a squared exponential), with l, signal and noise of the greatest marginal likelihood. Meant for the columns of
 * `weisfeilerLehman` (feature set `wl`); takes any counts.
 * @throws as `gaussianProcess`.
 * @see Ru et al. 2021 (NAS-BOWL), arXiv 2006.07556, section 3; Shervashidze et al. 2011, JMLR 12.
 */
export function weisfeilerLehmanProcess(
  options: Pick<GaussianProcessOptions, 'fitRows'> = {},
): Predictor<FeatureTable, FittedGaussianProcess> {
  return processOf('gp-wl', { ...options, kernel: 'rbf' });
}

/** Rows of length 1, whose distances tell angles. */
const UNIT = 'unit-length';
/** How rows are made comparable. */
type Scaling = Standardisation | typeof UNIT;

function scaledRows(x: FeatureTable, scaling: Scaling): Float64Array {
  return scaling === UNIT ? unitRows(x) : standardised(x, scaling);
}

type ProcessId = FittedGaussianProcess['id'];

function processOf(id: ProcessId, options: GaussianProcessOptions): Predictor<FeatureTable, FittedGaussianProcess> {
  const { kernel, fitRows, groups } = { ...DEFAULTS, ...options };
  if (!Object.hasOwn(kernels, kernel)) {
    throw new ShapeError({ argument: 'gaussianProcess: kernel', expected: Object.keys(kernels).join(' or '), got: kernel });
  }
  if (!(Number.isInteger(fitRows) && fitRows >= 2)) {
    throw new ShapeError({ argument: 'gaussianProcess: fitRows', expected: 'a whole number from 2', got: `${fitRows}` });
  }
  return {
    id,
    async fit(x: FeatureTable, y: Float64Array, { rng, signal, onProgress }: FitOptions): Promise<FittedGaussianProcess> {
      checkTraining('gaussianProcess.fit', x, y);
      signal?.throwIfAborted();
      let scaling: Scaling = id === 'gp-wl' ? UNIT : standardisation(x);
      const target = momentsOf(y);
      let rows = scaledRows(x, scaling);
      const width = x.columns.length;
      const scaled = y.map((v) => (target.sd === 0 ? 0 : (v - target.mean) / target.sd));

      const total = (groups === undefined ? SEARCH_STEPS : GROUP_SEARCH_STEPS) + 1;
      let done = 0;
      const onStep = async (): Promise<void> => {
        onProgress?.({ done: ++done, total });
        await nextTurn();
        signal?.throwIfAborted();
      };
      const chosen = rng.fork('rows').choose(y.length, Math.min(fitRows, y.length));
      const some = rowsAt(rows, width, chosen);
      const theirs = Float64Array.from(chosen, (r) => scaled[r]);
      let scales: GaussianProcessScales = { lengthScale: 1, signalVariance: 1, noiseVariance: 1 };
      if (target.sd === 0) {
        // All targets are equal, and every scale predicts that.
      } else if (groups === undefined || scaling === UNIT) {
        scales = await likeliestScales(some, width, theirs, kernel, onStep);
      } else {
        const grouped = { rows: some, width, groupOf: numbered(x.columns.map(groups)) };
        const found = await likelyGroupScales(grouped, theirs, kernels[kernel], onStep);
        // A column's own length scale is one more thing to divide it by.
        scaling = { mean: scaling.mean, sd: scaling.sd.map((sd, c) => sd / found.factors[c]) };
        rows = scaledRows(x, scaling);
        scales = found.scales;
      }

      const factor = cholesky(kernelMatrix(rows, y.length, width, scales, kernels[kernel]), y.length);
      const dual = solveCholesky(factor, scaled);
      onProgress?.({ done: total, total });
      signal?.throwIfAborted();
      return fitted(x.columns, { kernel, scaling, target, scales, rows, dual });
    },
  };
}

/** Names as numbers from 0, in the order of first mention. */
function numbered(names: readonly string[]): number[] {
  const known = [...new Set(names)];
  return names.map((name) => known.indexOf(name));
}

function rowsAt(rows: Float64Array, width: number, at: Int32Array): Float64Array {
  const out = new Float64Array(at.length * width);
  at.forEach((r, i) => {
    out.set(rows.subarray(r * width, (r + 1) * width), i * width);
  });
  return out;
}

/** All that is saved. */
interface Parts {
  readonly kernel: KernelId;
  readonly scaling: Scaling;
  readonly target: { readonly mean: number; readonly sd: number };
  readonly scales: GaussianProcessScales;
  /** Training rows, scaled, row-major. */
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
    scaling: file.scaling === UNIT ? UNIT : standardisationFromJSON(where, file.scaling, columns.length),
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
    id: scaling === UNIT ? 'gp-wl' : 'gp',
    columns,
    scales,
    predict(x: FeatureTable): Float64Array {
      checkColumns('gaussianProcess.predict', x, columns);
      const asked = scaledRows(x, scaling);
      return Float64Array.from(
        { length: x.rowCount },
        (_, r) => target.mean + target.sd * dot(covariances(asked, r), 0, dual, 0, n),
      );
    },
    predictWithSd(x: FeatureTable): PredictionWithSd {
      checkColumns('gaussianProcess.predictWithSd', x, columns);
      factor ??= cholesky(kernelMatrix(rows, n, width, scales, kernels[kernel]), n);
      const asked = scaledRows(x, scaling);
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
