import { lbfgs } from '../base/lbfgs.js';
import type { Kernel } from './kernels.js';
import { type GaussianProcessScales, negativeLogDensity } from './marginal-likelihood.js';

/** Standardised rows whose columns stand in groups that each have a length scale of their own. */
export interface GroupedRows {
  /** Row-major, rows × columns. */
  readonly rows: Float64Array;
  readonly width: number;
  /** The group of each column, from 0. */
  readonly groupOf: readonly number[];
}

/** What each column is multiplied by so that one length scale of 1 is left, and the scales of that process. */
export interface GroupScales {
  readonly factors: readonly number[];
  readonly scales: GaussianProcessScales;
}

/** Where the search starts and what it is drawn to: signal and noise of a standardised target; groups of equal weight. */
const SIGNAL = 2;
const NOISE = 0.1;
/** Standard deviation, in logarithms, of the belief about all of them: a few labels must not turn groups off. */
const BELIEF = 0.8;
/** The most steps that `likelyGroupScales` takes. */
export const GROUP_SEARCH_STEPS = 60;

/**
 * Length scales, signal and noise that are likeliest given the target and a log-normal belief around groups of equal weight
 * (a maximum a posteriori: a plain maximum of the likelihood over many scales fits the noise of few labels).
 * @param y the standardised target.
 */
export async function likelyGroupScales(
  { rows, width, groupOf }: GroupedRows,
  y: Float64Array,
  kernel: Kernel,
  onStep: () => Promise<void>,
): Promise<GroupScales> {
  const squared = groupDistances({ rows, width, groupOf }, y.length);
  const typical = squared.map((distances) => makeTypical(distances, y.length));
  const start = [NOISE, SIGNAL, ...squared.map(() => 1 / squared.length)].map(Math.log);
  const cost = (t: Float64Array, gradient: Float64Array): number => {
    let value = negativeLogLikelihoodOfGroups(squared, y, t, kernel, gradient);
    for (let i = 0; i < t.length; i++) {
      value += 0.5 * ((t[i] - start[i]) / BELIEF) ** 2;
      gradient[i] += (t[i] - start[i]) / BELIEF ** 2;
    }
    return value;
  };
  const { at } = await lbfgs(cost, Float64Array.from(start), { steps: GROUP_SEARCH_STEPS, tolerance: 1e-4, onStep });
  return {
    factors: groupOf.map((group) => Math.sqrt(Math.exp(at[2 + group]) / typical[group])),
    scales: { lengthScale: 1, signalVariance: Math.exp(at[1]), noiseVariance: Math.exp(at[0]) },
  };
}

/**
 * −log p(y), with its derivatives by `t`: the logarithms of noise, signal and each group's weight (1 / length scale²).
 * Infinity where the kernel matrix is not positive definite.
 * @param squared each group's squared distances, n × n, the lower triangle.
 */
export function negativeLogLikelihoodOfGroups(
  squared: readonly Float64Array[],
  y: Float64Array,
  t: Float64Array,
  kernel: Kernel,
  gradient: Float64Array,
): number {
  const n = y.length;
  const [noise, signal, ...weights] = t.map(Math.exp);
  const matrix = new Float64Array(n * n);
  const slopes = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const at = i * n + j;
      let sum = 0;
      for (let g = 0; g < weights.length; g++) sum += weights[g] * squared[g][at];
      const d = Math.sqrt(sum);
      matrix[at] = signal * kernel.value(d) + (i === j ? noise : 0);
      slopes[at] = d === 0 ? 0 : (signal * kernel.slope(d)) / (2 * d);
    }
  }
  gradient.fill(0);
  return negativeLogDensity(matrix, y, (at, isDiagonal, weight) => {
    if (isDiagonal) gradient[0] += weight * noise;
    gradient[1] += weight * (matrix[at] - (isDiagonal ? noise : 0));
    for (let g = 0; g < weights.length; g++) gradient[2 + g] += weight * slopes[at] * weights[g] * squared[g][at];
  });
}

/** Each group's squared distances: n × n, the lower triangle. */
function groupDistances({ rows, width, groupOf }: GroupedRows, n: number): Float64Array[] {
  const out = Array.from({ length: Math.max(...groupOf) + 1 }, () => new Float64Array(n * n));
  for (let c = 0; c < width; c++) {
    const distances = out[groupOf[c]];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) distances[i * n + j] += (rows[i * width + c] - rows[j * width + c]) ** 2;
    }
  }
  return out;
}

/** Divides distances by their median (1 where most are 0), which is given back. */
function makeTypical(distances: Float64Array, n: number): number {
  const off = new Float64Array((n * (n - 1)) / 2);
  for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < i; j++) off[at++] = distances[i * n + j];
  off.sort();
  const median = off[off.length >> 1] || 1;
  for (let i = 0; i < distances.length; i++) distances[i] /= median;
  return median;
}
