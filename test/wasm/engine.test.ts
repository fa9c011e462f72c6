import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rng } from '../../src/core/base/rng.js';
import { type EngineKernels, loadEngine } from '../../src/wasm/engine.js';
import { wasmMemory } from '../../src/wasm/load.js';
import { plainEngine } from '../../src/wasm/plain-engine.js';

/** Numbers in each of the places that a kernel may be given, and the places. */
const SPAN = 8_192;
const place = (i: number): number => 65_536 + i * SPAN * 4;
const PLACES = 8;

const memory = wasmMemory(1 + Math.ceil((PLACES * SPAN * 4) / 65_536) + 1);
const simd = loadEngine(memory);
const twinBuffer = new ArrayBuffer(memory.buffer.byteLength);
const plain = plainEngine({ floats: new Float32Array(twinBuffer), ints: new Int32Array(twinBuffer) });

/** Runs a call on both engines over the same numbers and compares everything that the memory then holds. */
function agree(seed: number, call: (kernels: EngineKernels) => unknown, tables: (ints: Int32Array) => void = () => {}): void {
  const floats = new Float32Array(memory.buffer);
  const random = rng(seed);
  for (let i = 16_384; i < floats.length; i++) floats[i] = Math.fround(2 * random.uniform() - 1);
  tables(new Int32Array(memory.buffer));
  new Uint8Array(twinBuffer).set(new Uint8Array(memory.buffer));
  const [got, expected] = [call(simd), call(plain)];
  if (typeof expected === 'number')
    expect(Math.abs((got as number) - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
  const twin = new Float32Array(twinBuffer);
  let worst = 0;
  let where = 0;
  for (let i = 16_384; i < floats.length; i++) {
    const gap = Math.abs(floats[i] - twin[i]) / Math.max(1, Math.abs(twin[i]));
    if (!(gap <= worst)) {
      worst = gap;
      where = i;
    }
  }
  expect(worst, `number ${where}: ${floats[where]}, expected ${twin[where]}`).toBeLessThan(1e-5);
}

const [A, B, C, D, E, F, G, H] = Array.from({ length: PLACES }, (_, i) => place(i));
const size = (max: number) => fc.integer({ min: 1, max });
const law = (...sizes: number[]) => fc.tuple(fc.nat(), fc.boolean(), ...sizes.map(size));

/** Runs a property for kernels whose call depends on a seed, on whether they add, and on some sizes. */
function check(sizes: number[], run: (seed: number, accumulate: boolean, n: number[]) => void): void {
  fc.assert(
    fc.property(law(...sizes), ([seed, accumulate, ...n]) => run(seed as number, accumulate as boolean, n as number[])),
    { numRuns: 40, seed: 1 },
  );
}

describe('each SIMD kernel agrees with its plain twin to 1e-5', () => {
  test('contract, with patches of any form and columns past a multiple of 8', () => {
    check([9, 17, 3, 3, 9], (seed, accumulate, [rows, cols, ny, nx, len]) => {
      const table = (ints: Int32Array): void => {
        for (let i = 0; i < rows; i++) ints[(B >> 2) + i] = 4 * ((i * 37) % 50);
      };
      for (const bias of [0, E]) {
        agree(seed, (k) => k.contract(A, B, C, bias, D, rows, cols, cols * 4 + 8, ny, 200, nx, 60, len, accumulate), table);
      }
    });
  });
  test('contract, over more rows than stay in the cache at once', () => {
    const [rows, cols, len] = [601, 9, 5];
    const table = (ints: Int32Array): void => {
      for (let i = 0; i < rows; i++) ints[(B >> 2) + i] = 4 * ((i * 37) % 500);
    };
    agree(1, (k) => k.contract(A, B, C, E, D, rows, cols, cols * 4, 2, 400, 1, 100, len, false), table);
  });
  test('contractWeights', () => {
    check([600, 17, 3, 2, 6], (seed, _, [rows, cols, ny, nx, len]) => {
      const used = Math.min(rows, Math.floor(SPAN / cols) - 2);
      const table = (ints: Int32Array): void => {
        for (let i = 0; i < used; i++) ints[(B >> 2) + i] = 4 * ((i * 37) % 500);
      };
      agree(seed, (k) => k.contractWeights(A, B, C, D, used, cols, cols * 4, cols * 4, ny, 400, nx, 100, len), table);
    });
  });
  test('spreadPatches, pack and packTurned', () => {
    check([9, 19, 3, 3, 5], (seed, flip, [rows, cols, ny, nx, len]) => {
      const table = (ints: Int32Array): void => {
        for (let i = 0; i < rows; i++) ints[(B >> 2) + i] = 4 * ((i * 37) % 50);
      };
      agree(seed, (k) => k.spreadPatches(A, B, D, rows, ny, 200, nx, 60, len), table);
      agree(seed, (k) => k.pack(A, D, rows * ny, cols, cols * 4));
      agree(seed, (k) => k.packTurned(A, D, ny * nx, rows, cols, flip));
    });
  });
  test('batch norm: both ways there and the way back', () => {
    check([200, 19], (seed, accumulate, [rows, channels]) => {
      agree(seed, (k) => k.batchnormTrain(A, B, rows + 1, channels, C, D, E, F, G, H, 0.1, 1e-5));
      const positive = (ints: Int32Array): void => {
        new Float32Array(ints.buffer, H, channels).fill(0.5);
      };
      agree(seed, (k) => k.batchnormEvaluate(A, B, rows, channels, C, D, G, H, 1e-5), positive);
      agree(seed, (k) => k.batchnormBackward(A, B, C, rows, channels, D, E, F, G, H, accumulate));
    });
  });
  test('activations and what goes number by number', () => {
    check([50], (seed, accumulate, [count]) => {
      agree(seed, (k) => k.fill(A, count, 0.5));
      agree(seed, (k) => k.copy(A, B, count, accumulate));
      agree(seed, (k) => k.add(A, B, C, count));
      agree(seed, (k) => k.multiply(A, B, C, count, accumulate));
      agree(seed, (k) => k.relu(A, B, count));
      agree(seed, (k) => k.reluBackward(A, B, C, count, accumulate));
      for (const kind of [1, 2, 3, 4]) {
        agree(seed, (k) => k.activate(kind, A, B, count));
        agree(seed, (k) => k.activateBackward(kind, A, B, C, count, accumulate));
      }
      agree(seed, (k) => k.descend(A, B, C, count, 0.1, 0.9, 5e-4));
    });
  });
  test('copies: borders, columns, blocks', () => {
    check([3, 4, 4, 7, 3], (seed, accumulate, [batch, h, w, c, margin]) => {
      agree(seed, (k) => k.padCopy(A, B, batch, h, w, c, margin, 1, 2, margin - 1, accumulate));
      agree(seed, (k) => k.cropCopy(A, B, batch, h, w, c, margin, 1, 2, margin - 1, accumulate));
      agree(seed, (k) => k.copyColumns(A, c * 4, B, c * 4 + 12, batch * h, c, accumulate));
      for (const back of [false, true]) agree(seed, (k) => k.depthToSpace(A, B, batch, h, w, margin, c, back, accumulate));
    });
  });
  test('sums, means and factors of channels', () => {
    check([4, 9, 11], (seed, accumulate, [batch, pixels, c]) => {
      agree(seed, (k) => k.meanPixels(A, B, batch, pixels, c));
      agree(seed, (k) => k.meanPixelsBackward(A, B, batch, pixels, c, accumulate));
      agree(seed, (k) => k.sumRows(A, B, batch * pixels, c));
      agree(seed, (k) => k.scalePixels(A, B, C, batch, pixels, c, accumulate));
      agree(seed, (k) => k.scalePixelsBackward(A, B, C, batch, pixels, c, accumulate));
    });
  });
  test('pools, with windows that hang over the edge', () => {
    check([2, 6, 6, 7, 3, 4, 2, 3], (seed, _, [batch, h, w, c, kh, kw, sh, sw]) => {
      const [top, left] = [kh, kw].map((side) => Math.floor((side - 1) / 2));
      const window = [batch, h, w, c, Math.ceil(h / sh), Math.ceil(w / sw), kh, kw, sh, sw, top, left] as const;
      agree(seed, (k) => k.averagePool(A, B, ...window));
      agree(seed, (k) => k.averagePoolBackward(A, B, ...window));
      agree(seed, (k) => {
        k.maxPool(A, B, ...window);
        k.maxPoolBackward(A, B, C, D, ...window);
      });
    });
  });
  test('depthwise convolution: there, back, weights', () => {
    check([2, 4, 11, 9, 3, 6, 3, 2, 2, 3], (seed, accumulate, [batch, oh, ow, c, kh, kw, sy, sx, stepY, stepX]) => {
      const ph = (oh - 1) * sy + (kh - 1) * stepY + 1;
      const pw = (ow - 1) * sx + (kw - 1) * stepX + 1;
      const window = [batch, ph, pw, c, oh, ow, kh, kw, sy, sx, stepY, stepX] as const;
      for (const bias of [0, D]) agree(seed, (k) => k.depthwise(A, C, bias, F, ...window, accumulate));
      agree(seed, (k) => k.depthwiseBackward(E, C, A, ...window));
      agree(seed, (k) => k.depthwiseWeights(A, E, C, ...window));
      agree(seed, (k) => k.turnTaps(C, D, kh * kw, c));
    });
  });
  test('losses', () => {
    check([9, 12], (seed, _, [rows, classes]) => {
      const labels = (ints: Int32Array): void => {
        for (let i = 0; i < rows; i++) ints[(B >> 2) + i] = (i * 5) % classes;
      };
      agree(seed, (k) => k.crossEntropy(A, B, C, rows, classes, 1 / rows), labels);
      agree(seed, (k) => k.squaredError(A, B, C, rows * classes, 1 / rows));
      agree(seed, (k) => k.sigmoidCrossEntropy(A, B, C, rows * classes, 1 / rows));
    });
  });
});
