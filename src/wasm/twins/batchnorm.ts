import type { EngineKernels } from '../engine.js';
import type { Numbers } from './numbers.js';

type Batchnorms = Pick<EngineKernels, 'batchnormTrain' | 'batchnormEvaluate' | 'batchnormBackward'>;

export function batchnorms({ floats }: Numbers): Batchnorms {
  return {
    batchnormTrain(x, y, rows, channels, scale, shift, mean, inverse, runningMean, runningVariance, momentum, epsilon) {
      for (let c = 0; c < channels; c++) {
        const at = (i: number): number => (x >> 2) + i * channels + c;
        let m = 0;
        for (let i = 0; i < rows; i++) m += floats[at(i)] / rows;
        let variance = 0;
        for (let i = 0; i < rows; i++) variance += (floats[at(i)] - m) ** 2 / rows;
        const inv = 1 / Math.sqrt(variance + epsilon);
        floats[(mean >> 2) + c] = m;
        floats[(inverse >> 2) + c] = inv;
        const unbiased = rows > 1 ? (variance * rows) / (rows - 1) : variance;
        floats[(runningMean >> 2) + c] += momentum * (m - floats[(runningMean >> 2) + c]);
        floats[(runningVariance >> 2) + c] += momentum * (unbiased - floats[(runningVariance >> 2) + c]);
        for (let i = 0; i < rows; i++) {
          floats[(y >> 2) + i * channels + c] = (floats[at(i)] - m) * inv * floats[(scale >> 2) + c] + floats[(shift >> 2) + c];
        }
      }
    },
    batchnormEvaluate(x, y, rows, channels, scale, shift, runningMean, runningVariance, epsilon) {
      for (let i = 0; i < rows * channels; i++) {
        const c = i % channels;
        const normal =
          (floats[(x >> 2) + i] - floats[(runningMean >> 2) + c]) / Math.sqrt(floats[(runningVariance >> 2) + c] + epsilon);
        floats[(y >> 2) + i] = normal * floats[(scale >> 2) + c] + floats[(shift >> 2) + c];
      }
    },
    batchnormBackward(x, dy, dx, rows, channels, scale, mean, inverse, dscale, dshift, accumulate) {
      for (let c = 0; c < channels; c++) {
        const inv = floats[(inverse >> 2) + c];
        const normal = (i: number): number => (floats[(x >> 2) + i * channels + c] - floats[(mean >> 2) + c]) * inv;
        const slope = (i: number): number => floats[(dy >> 2) + i * channels + c];
        let [sum, along] = [0, 0];
        for (let i = 0; i < rows; i++) {
          sum += slope(i);
          along += slope(i) * normal(i);
        }
        floats[(dshift >> 2) + c] = sum;
        floats[(dscale >> 2) + c] = along;
        for (let i = 0; i < rows; i++) {
          const value = inv * floats[(scale >> 2) + c] * (slope(i) - (sum + normal(i) * along) / rows);
          const to = (dx >> 2) + i * channels + c;
          floats[to] = accumulate ? floats[to] + value : value;
        }
      }
    },
  };
}
