import type { DepthwiseWindow, EngineKernels } from '../engine.js';
import type { Numbers } from './numbers.js';

type Depthwise = Pick<EngineKernels, 'depthwise' | 'depthwiseBackward' | 'depthwiseWeights' | 'turnTaps'>;

export function depthwiseKernels({ floats }: Numbers): Depthwise {
  return {
    depthwise(x, w, bias, y, ...args) {
      const [batch, , , c, oh, ow] = args;
      const accumulate = args[12];
      for (let i = 0; i < batch * oh * ow * c && !accumulate; i++) {
        floats[(y >> 2) + i] = bias === 0 ? 0 : floats[(bias >> 2) + (i % c)];
      }
      taps(args, (out, at, weight) => {
        floats[(y >> 2) + out] += floats[(x >> 2) + at] * floats[(w >> 2) + weight];
      });
    },
    depthwiseBackward(dy, w, dx, ...window) {
      taps(window, (out, at, weight) => {
        floats[(dx >> 2) + at] += floats[(dy >> 2) + out] * floats[(w >> 2) + weight];
      });
    },
    depthwiseWeights(x, dy, dw, ...window) {
      const sums = new Float64Array(window[6] * window[7] * window[3]);
      taps(window, (out, at, weight) => {
        sums[weight] += floats[(x >> 2) + at] * floats[(dy >> 2) + out];
      });
      floats.set(sums, dw >> 2);
    },
    turnTaps(w, out, count, c) {
      for (let i = 0; i < count * c; i++) {
        floats[(out >> 2) + i] = floats[(w >> 2) + (count - 1 - Math.floor(i / c)) * c + (i % c)];
      }
    },
  };
}

/** Visits each product: the places of what comes out, of what goes in, of the weight. */
function taps(
  [batch, ph, pw, c, oh, ow, kh, kw, strideY, strideX, stepY, stepX]: DepthwiseWindow | readonly [...DepthwiseWindow, boolean],
  visit: (out: number, at: number, weight: number) => void,
): void {
  for (let out = 0; out < batch * oh * ow * c; out++) {
    const [k, pixel] = [out % c, Math.floor(out / c)];
    const [j, i, n] = [pixel % ow, Math.floor(pixel / ow) % oh, Math.floor(pixel / (ow * oh))];
    for (let a = 0; a < kh; a++) {
      for (let b = 0; b < kw; b++) {
        visit(out, ((n * ph + i * strideY + a * stepY) * pw + j * strideX + b * stepX) * c + k, (a * kw + b) * c + k);
      }
    }
  }
}
