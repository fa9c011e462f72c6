import type { EngineKernels, PoolWindow } from '../engine.js';
import type { Numbers } from './numbers.js';

type Pools = Pick<EngineKernels, 'averagePool' | 'averagePoolBackward' | 'maxPool' | 'maxPoolBackward'>;

export function pools({ floats }: Numbers): Pools {
  return {
    averagePool(x, y, ...window) {
      windows(window, (out, inside) => {
        floats[(y >> 2) + out] = inside.reduce((sum, at) => sum + floats[(x >> 2) + at], 0) / inside.length;
      });
    },
    averagePoolBackward(dy, dx, ...window) {
      windows(window, (out, inside) => {
        for (const at of inside) floats[(dx >> 2) + at] += floats[(dy >> 2) + out] / inside.length;
      });
    },
    maxPool(x, y, ...window) {
      windows(window, (out, inside) => {
        floats[(y >> 2) + out] = inside.reduce((most, at) => Math.max(most, floats[(x >> 2) + at]), Number.NEGATIVE_INFINITY);
      });
    },
    maxPoolBackward(x, y, dy, dx, ...window) {
      windows(window, (out, inside) => {
        const first = inside.find((at) => floats[(x >> 2) + at] === floats[(y >> 2) + out]);
        if (first !== undefined) floats[(dx >> 2) + first] += floats[(dy >> 2) + out];
      });
    },
  };
}

/** For each number that comes out, the places of those that its window covers, row by row. */
function windows(
  [batch, h, w, c, oh, ow, kh, kw, sh, sw, top, left]: PoolWindow,
  visit: (out: number, inside: readonly number[]) => void,
): void {
  for (let out = 0; out < batch * oh * ow * c; out++) {
    const [k, pixel] = [out % c, Math.floor(out / c)];
    const [j, i, n] = [pixel % ow, Math.floor(pixel / ow) % oh, Math.floor(pixel / (ow * oh))];
    const inside: number[] = [];
    for (let a = i * sh - top; a < i * sh - top + kh; a++) {
      for (let b = j * sw - left; b < j * sw - left + kw; b++) {
        if (a >= 0 && a < h && b >= 0 && b < w) inside.push(((n * h + a) * w + b) * c + k);
      }
    }
    visit(out, inside);
  }
}
