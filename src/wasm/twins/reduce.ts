import type { EngineKernels } from '../engine.js';
import type { Numbers } from './numbers.js';

type Reductions = Pick<EngineKernels, 'meanPixels' | 'meanPixelsBackward' | 'sumRows' | 'scalePixels' | 'scalePixelsBackward'>;

export function reductions({ floats }: Numbers): Reductions {
  const put = (at: number, value: number, accumulate: boolean): void => {
    floats[at] = accumulate ? floats[at] + value : value;
  };
  /** The sum of `count` numbers, `step` apart. */
  const total = (count: number, value: (i: number) => number): number => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += value(i);
    return sum;
  };
  return {
    meanPixels(x, y, batch, pixels, c) {
      for (let i = 0; i < batch * c; i++) {
        const from = (x >> 2) + Math.floor(i / c) * pixels * c + (i % c);
        floats[(y >> 2) + i] = total(pixels, (p) => floats[from + p * c]) / pixels;
      }
    },
    meanPixelsBackward(dy, dx, batch, pixels, c, accumulate) {
      for (let i = 0; i < batch * pixels * c; i++) {
        put((dx >> 2) + i, floats[(dy >> 2) + Math.floor(i / (pixels * c)) * c + (i % c)] / pixels, accumulate);
      }
    },
    sumRows(x, y, rows, cols) {
      for (let k = 0; k < cols; k++) floats[(y >> 2) + k] = total(rows, (r) => floats[(x >> 2) + r * cols + k]);
    },
    scalePixels(x, factor, y, batch, pixels, c, accumulate) {
      for (let i = 0; i < batch * pixels * c; i++) {
        const f = floats[(factor >> 2) + Math.floor(i / (pixels * c)) * c + (i % c)];
        put((y >> 2) + i, floats[(x >> 2) + i] * f, accumulate);
      }
    },
    scalePixelsBackward(x, dy, dfactor, batch, pixels, c, accumulate) {
      for (let i = 0; i < batch * c; i++) {
        const from = Math.floor(i / c) * pixels * c + (i % c);
        const sum = total(pixels, (p) => floats[(x >> 2) + from + p * c] * floats[(dy >> 2) + from + p * c]);
        put((dfactor >> 2) + i, sum, accumulate);
      }
    },
  };
}
