import { exp, log } from '../../core/base/exact-math.js';
import type { EngineKernels } from '../engine.js';
import type { Numbers } from './numbers.js';

type Losses = Pick<EngineKernels, 'crossEntropy' | 'squaredError' | 'sigmoidCrossEntropy'>;

export function losses({ floats, ints }: Numbers): Losses {
  return {
    crossEntropy(x, labels, dx, rows, classes, factor) {
      let loss = 0;
      for (let r = 0; r < rows; r++) {
        const label = ints[(labels >> 2) + r];
        const row = Array.from({ length: classes }, (_, k) => floats[(x >> 2) + r * classes + k]);
        const greatest = row.reduce((a, b) => Math.max(a, b));
        const norm = log(row.reduce((sum, v) => sum + exp(v - greatest), 0)) + greatest;
        loss += norm - row[label];
        for (let k = 0; k < classes; k++) {
          floats[(dx >> 2) + r * classes + k] = (exp(row[k] - norm) - (k === label ? 1 : 0)) * factor;
        }
      }
      return loss;
    },
    squaredError(x, y, dx, count, factor) {
      let loss = 0;
      for (let i = 0; i < count; i++) {
        const d = floats[(x >> 2) + i] - floats[(y >> 2) + i];
        loss += d * d;
        floats[(dx >> 2) + i] = 2 * d * factor;
      }
      return loss;
    },
    sigmoidCrossEntropy(x, y, dx, count, factor) {
      let loss = 0;
      for (let i = 0; i < count; i++) {
        const v = floats[(x >> 2) + i];
        const t = floats[(y >> 2) + i];
        loss += Math.max(0, v) + log(1 + exp(-Math.abs(v))) - t * v;
        floats[(dx >> 2) + i] = (1 / (1 + exp(-v)) - t) * factor;
      }
      return loss;
    },
  };
}
