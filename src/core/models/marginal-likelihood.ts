import { cholesky, dot, invertCholesky, logDeterminant, solveCholesky } from '../base/cholesky.js';
import { ConvergenceError } from '../base/errors.js';
import { lbfgs } from '../base/lbfgs.js';
import { type Kernel, type KernelId, kernels } from './kernels.js';

/** The kernel's numbers, in standardised columns and targets. */
export interface GaussianProcessScales {
  /** Distance over which targets become unlike. */
  readonly lengthScale: number;
  readonly signalVariance: number;
  readonly noiseVariance: number;
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
/** The most steps that `likeliestScales` takes. */
export const SEARCH_STEPS: number = STEPS * STARTS.length;

/** The kernel's numbers with the greatest marginal likelihood. */
export async function likeliestScales(
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
  return negativeLogDensity(matrix, y, (at, isDiagonal, weight) => {
    gradient[0] += weight * slopes[at];
    gradient[1] += weight * (matrix[at] - (isDiagonal ? noiseVariance : 0));
    if (isDiagonal) gradient[2] += weight * noiseVariance;
  });
}

/**
 * −log p(y) of a normal distribution with mean 0. Infinity where the covariances are not positive definite.
 * @param covariances n × n, the lower triangle.
 * @param eachWeight told for each of its cells what one unit of it, and of the cell across the diagonal, adds: summed with a
 *   parameter's dK the derivative by it, ½ tr((K⁻¹ − a aᵀ) dK).
 */
export function negativeLogDensity(
  covariances: Float64Array,
  y: Float64Array,
  eachWeight: (at: number, isDiagonal: boolean, weight: number) => void,
): number {
  const n = y.length;
  let factor: Float64Array;
  try {
    factor = cholesky(covariances, n);
  } catch (error) {
    if (error instanceof ConvergenceError) return Number.POSITIVE_INFINITY;
    throw error;
  }
  const dual = solveCholesky(factor, y);
  const inverse = invertCholesky(factor, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const at = i * n + j;
      // What is off the diagonal counts twice.
      eachWeight(at, i === j, (i === j ? 0.5 : 1) * (inverse[at] - dual[i] * dual[j]));
    }
  }
  return 0.5 * (dot(y, 0, dual, 0, n) + logDeterminant(factor, n) + n * Math.log(2 * Math.PI));
}

/** Covariances of the training rows, noise included: n × n, the lower triangle. */
export function kernelMatrix(
  rows: Float64Array,
  n: number,
  width: number,
  scales: GaussianProcessScales,
  kernel: Kernel,
): Float64Array {
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

function logistic(t: number): number {
  return 1 / (1 + Math.exp(-t));
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}
