import type { EngineKernels } from '../engine.js';
import type { Numbers } from './numbers.js';

type Layouts = Pick<EngineKernels, 'padCopy' | 'cropCopy' | 'copyColumns' | 'depthToSpace'>;

export function layouts({ floats }: Numbers): Layouts {
  const put = (at: number, value: number, accumulate: boolean): void => {
    floats[at] = accumulate ? floats[at] + value : value;
  };
  /** Visits each number of a picture: its place without and with the border. */
  const inside = (
    [batch, h, w, c]: readonly [number, number, number, number],
    [top, bottom, left, right]: readonly [number, number, number, number],
    visit: (bare: number, bordered: number) => void,
  ): void => {
    for (let n = 0, bare = 0; n < batch; n++) {
      for (let i = 0; i < h; i++) {
        const line = (n * (h + top + bottom) + top + i) * (w + left + right) + left;
        for (let k = 0; k < w * c; k++) visit(bare++, line * c + k);
      }
    }
  };
  return {
    padCopy(x, y, batch, h, w, c, top, bottom, left, right, relu) {
      inside([batch, h, w, c], [top, bottom, left, right], (bare, bordered) => {
        const value = floats[(x >> 2) + bare];
        floats[(y >> 2) + bordered] = relu ? Math.max(0, value) : value;
      });
    },
    cropCopy(x, y, batch, h, w, c, top, bottom, left, right, accumulate) {
      inside([batch, h, w, c], [top, bottom, left, right], (bare, bordered) =>
        put((y >> 2) + bare, floats[(x >> 2) + bordered], accumulate),
      );
    },
    copyColumns(x, ldx, y, ldy, rows, cols, accumulate) {
      for (let r = 0; r < rows; r++) {
        for (let k = 0; k < cols; k++) put(((y + r * ldy) >> 2) + k, floats[((x + r * ldx) >> 2) + k], accumulate);
      }
    },
    depthToSpace(x, y, batch, h, w, block, c, back, accumulate) {
      for (let pixel = 0; pixel < batch * h * w; pixel++) {
        const [line, j] = [Math.floor(pixel / w), pixel % w];
        for (let i = 0; i < block; i++) {
          for (let k = 0; k < block * c; k++) {
            const deep = (pixel * block + i) * block * c + k;
            const wide = ((line * block + i) * w + j) * block * c + k;
            if (back) put((y >> 2) + deep, floats[(x >> 2) + wide], accumulate);
            else put((y >> 2) + wide, floats[(x >> 2) + deep], accumulate);
          }
        }
      }
    },
  };
}
