import { exp } from '../../core/base/exact-math.js';
import type { EngineKernels } from '../engine.js';
import type { Numbers } from './numbers.js';

type Elementwise = Pick<
  EngineKernels,
  'fill' | 'copy' | 'add' | 'multiply' | 'relu' | 'reluBackward' | 'activate' | 'activateBackward' | 'descend'
>;

export function elementwise({ floats }: Numbers): Elementwise {
  const put = (y: number, count: number, accumulate: boolean, value: (i: number) => number): void => {
    for (let i = 0; i < count; i++) floats[(y >> 2) + i] = accumulate ? floats[(y >> 2) + i] + value(i) : value(i);
  };
  const at = (x: number, i: number): number => floats[(x >> 2) + i];
  return {
    fill: (y, count, value) => put(y, count, false, () => value),
    copy: (x, y, count, accumulate) => put(y, count, accumulate, (i) => at(x, i)),
    add: (a, b, y, count) => put(y, count, false, (i) => at(a, i) + at(b, i)),
    multiply: (a, b, y, count, accumulate) => put(y, count, accumulate, (i) => at(a, i) * at(b, i)),
    relu: (x, y, count) => put(y, count, false, (i) => Math.max(0, at(x, i))),
    reluBackward: (x, dy, dx, count, accumulate) => put(dx, count, accumulate, (i) => (at(x, i) > 0 ? at(dy, i) : 0)),
    activate: (kind, x, y, count) => put(y, count, false, (i) => activated(kind, at(x, i))),
    activateBackward: (kind, x, dy, dx, count, accumulate) =>
      put(dx, count, accumulate, (i) => at(dy, i) * slope(kind, at(x, i))),
    descend(w, g, v, count, rate, momentum, decay) {
      for (let i = 0; i < count; i++) {
        const gradient = at(g, i) + decay * at(w, i);
        floats[(v >> 2) + i] = momentum * at(v, i) + gradient;
        floats[(w >> 2) + i] -= rate * (gradient + momentum * at(v, i));
      }
    },
  };
}

function activated(kind: number, x: number): number {
  if (kind === 1) return Math.min(6, Math.max(0, x));
  if (kind === 3) return 2 * sigmoid(2 * x) - 1;
  return kind === 2 ? sigmoid(x) : x * sigmoid(x);
}

function slope(kind: number, x: number): number {
  if (kind === 1) return x > 0 && x < 6 ? 1 : 0;
  const s = sigmoid(kind === 3 ? 2 * x : x);
  if (kind === 3) return 4 * s * (1 - s);
  return kind === 2 ? s * (1 - s) : s * (1 + x * (1 - s));
}

function sigmoid(x: number): number {
  return 1 / (1 + exp(-x));
}
