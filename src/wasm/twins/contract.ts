import type { EngineKernels } from '../engine.js';
import type { Numbers } from './numbers.js';

type Contractions = Pick<EngineKernels, 'contract' | 'contractWeights' | 'spreadPatches' | 'pack' | 'packTurned'>;

export function contractions({ floats, ints }: Numbers): Contractions {
  /** Visits the numbers of a patch in order: their places and their number. */
  const patch = (
    start: number,
    [ny, strideY, nx, strideX, len]: readonly [number, number, number, number, number],
    visit: (at: number, line: number) => void,
  ): void => {
    let line = 0;
    for (let sy = 0; sy < ny; sy++) {
      for (let sx = 0; sx < nx; sx++) {
        for (let k = 0; k < len; k++) visit(((start + sy * strideY + sx * strideX) >> 2) + k, line++);
      }
    }
  };
  return {
    contract(x, table, panels, bias, y, rows, cols, ldy, ny, strideY, nx, strideX, len, accumulate) {
      const lines = ny * nx * len;
      for (let row = 0; row < rows; row++) {
        for (let col = 0; col < cols; col++) {
          const w = (panels >> 2) + (col >> 3) * 8 * lines + (col & 7);
          let sum = 0;
          patch(x + ints[(table >> 2) + row], [ny, strideY, nx, strideX, len], (at, line) => {
            sum += floats[at] * floats[w + 8 * line];
          });
          if (bias !== 0) sum += floats[(bias >> 2) + col];
          const at = ((y + row * ldy) >> 2) + col;
          floats[at] = accumulate ? floats[at] + sum : sum;
        }
      }
    },
    contractWeights(x, table, dy, dw, rows, cols, ldy, lddw, ny, strideY, nx, strideX, len) {
      const sums = new Float64Array(ny * nx * len * cols);
      for (let row = 0; row < rows; row++) {
        patch(x + ints[(table >> 2) + row], [ny, strideY, nx, strideX, len], (at, line) => {
          for (let col = 0; col < cols; col++) sums[line * cols + col] += floats[at] * floats[((dy + row * ldy) >> 2) + col];
        });
      }
      for (let i = 0; i < sums.length; i++) floats[((dw + Math.floor(i / cols) * lddw) >> 2) + (i % cols)] = sums[i];
    },
    spreadPatches(patches, table, dx, rows, ny, strideY, nx, strideX, len) {
      const lines = ny * nx * len;
      for (let row = 0; row < rows; row++) {
        patch(dx + ints[(table >> 2) + row], [ny, strideY, nx, strideX, len], (at, line) => {
          floats[at] += floats[(patches >> 2) + row * lines + line];
        });
      }
    },
    pack(w, panels, lines, cols, ldw) {
      let to = panels >> 2;
      for (let col = 0; col < cols; col += 8) {
        for (let line = 0; line < lines; line++) {
          for (let i = 0; i < 8; i++) floats[to++] = col + i < cols ? floats[((w + line * ldw) >> 2) + col + i] : 0;
        }
      }
    },
    packTurned(w, panels, taps, inputs, outputs, flip) {
      const weight = (tap: number, input: number, output: number): number =>
        floats[(w >> 2) + (tap * inputs + input) * outputs + output];
      let to = panels >> 2;
      const across = flip ? inputs : taps * inputs;
      for (let col = 0; col < across; col += 8) {
        for (let tap = flip ? taps - 1 : 0; tap >= 0; tap--) {
          for (let output = 0; output < outputs; output++) {
            for (let i = col; i < col + 8; i++) {
              const inside = i < across;
              floats[to++] = inside ? (flip ? weight(tap, i, output) : weight(0, i, output)) : 0;
            }
          }
        }
      }
    },
  };
}
