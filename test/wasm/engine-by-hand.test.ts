import { describe, expect, test } from 'vitest';
import { type EngineKernels, loadEngine } from '../../src/wasm/engine.js';
import { wasmMemory } from '../../src/wasm/load.js';
import { plainEngine } from '../../src/wasm/plain-engine.js';

/*
 * What both the SIMD kernels and their twins must give where drawn numbers would not tell: formulas of other programs,
 * ties, numbers without end.
 */

const memory = wasmMemory(4);
const buffer = new ArrayBuffer(4 * 65_536);
const engines: readonly (readonly [string, EngineKernels, ArrayBuffer])[] = [
  ['SIMD', loadEngine(memory), memory.buffer],
  ['plain', plainEngine({ floats: new Float32Array(buffer), ints: new Int32Array(buffer) }), buffer],
];
const [A, B, C, D, E, F, G, H] = Array.from({ length: 8 }, (_, i) => 65_536 + i * 16_384);

describe.each(engines)('the %s kernels', (_, kernels, held) => {
  const put = (at: number, values: readonly number[]): void => new Float32Array(held).set(values, at / 4);
  const got = (at: number, count: number): number[] => [...new Float32Array(held, at, count)];
  const close = (values: readonly number[], digits = 6) => values.map((value) => expect.closeTo(value, digits));
  /** Four lanes and one number past them. */
  const five = (value: number): number[] => new Array<number>(5).fill(value);

  test('descend as PyTorch does with momentum, Nesterov and weight decay', () => {
    put(A, five(1));
    put(C, five(0));
    put(B, five(0.5));
    kernels.descend(A, B, C, 5, 0.1, 0.9, 0.01);
    // g = .5 + .01 = .51, v = .51, w = 1 - .1 (.51 + .9 · .51).
    expect(got(A, 5)).toEqual(close(five(0.9031)));
    put(B, five(-0.2));
    kernels.descend(A, B, C, 5, 0.1, 0.9, 0.01);
    // g = -.2 + .009031, v = .9 · .51 + g = .268031.
    expect(got(C, 5)).toEqual(close(five(0.268031)));
    expect(got(A, 5)).toEqual(close(five(0.9031 - 0.1 * (-0.190969 + 0.9 * 0.268031))));
  });

  test('follow a batch’s mean and its variance over n - 1, and divide by that over n', () => {
    put(A, [1, 2, 6].flatMap(five));
    for (const [at, value] of [
      [C, 2],
      [D, 1],
      [G, 0],
      [H, 1],
    ])
      put(at, five(value));
    kernels.batchnormTrain(A, B, 3, 5, C, D, E, F, G, H, 0.1, 1e-5);
    const root = Math.sqrt(14 / 3 + 1e-5);
    expect(got(B, 15)).toEqual(
      close(
        [-2, -1, 3].flatMap((d) => five((2 * d) / root + 1)),
        5,
      ),
    );
    expect(got(E, 5)).toEqual(close(five(3)));
    expect(got(F, 5)).toEqual(close(five(1 / root)));
    expect(got(G, 5)).toEqual(close(five(0.3)));
    expect(got(H, 5)).toEqual(close(five(1.6)));
    kernels.batchnormEvaluate(A, B, 3, 5, C, D, G, H, 0.4);
    // The root of 1.6 + .4.
    expect(got(B, 15)).toEqual(
      close(
        [0.7, 1.7, 5.7].flatMap((d) => five((2 * d) / Math.SQRT2 + 1)),
        5,
      ),
    );
  });

  test('give the gradient of a tie to its first pixel alone', () => {
    put(A, new Array<number>(4 * 5).fill(3));
    put(D, new Array<number>(4 * 5).fill(0));
    put(C, [1, 2, 3, 4, 5]);
    const window = [1, 2, 2, 5, 1, 1, 2, 2, 2, 2, 0, 0] as const;
    kernels.maxPool(A, B, ...window);
    kernels.maxPoolBackward(A, B, C, D, ...window);
    expect(got(B, 5)).toEqual(five(3));
    expect(got(D, 20)).toEqual([1, 2, 3, 4, 5, ...new Array<number>(15).fill(0)]);
  });

  test('pass no gradient where a ReLU stands at its corner, as PyTorch has it', () => {
    put(A, [0, -1, 1, 0, 0]);
    put(B, five(7));
    put(C, five(1));
    kernels.reluBackward(A, B, C, 5, true);
    expect(got(C, 5)).toEqual([1, 1, 8, 1, 1]);
    put(A, [0, 6, 5, -1, 7]);
    kernels.activateBackward(1, A, B, C, 5, false);
    expect(got(C, 5)).toEqual([0, 0, 7, 0, 0]);
  });

  test('take the mean of the pixels inside a window, not of those outside', () => {
    put(A, [1, 2, 3, 6].flatMap(five));
    const window = [1, 2, 2, 5, 2, 2, 3, 3, 2, 2, 1, 1] as const;
    kernels.averagePool(A, B, ...window);
    expect(got(B, 20)).toEqual(close([3, 4, 4.5, 6].flatMap(five)));
    put(D, new Array<number>(20).fill(0));
    put(C, [4, 2, 2, 1].flatMap(five));
    kernels.averagePoolBackward(C, D, ...window);
    expect(got(D, 20)).toEqual(close([1, 1 + 1, 1 + 1, 1 + 1 + 1 + 1].flatMap(five)));
  });

  test('lay the blocks of a pixel’s channels out row by row, and back', () => {
    // Two pixels, each of 2 x 2 blocks of two channels.
    const deep = Array.from({ length: 16 }, (_, i) => i);
    const wide = [0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15];
    put(A, deep);
    kernels.depthToSpace(A, B, 1, 1, 2, 2, 2, false, false);
    expect(got(B, 16)).toEqual(wide);
    kernels.depthToSpace(B, C, 1, 1, 2, 2, 2, true, false);
    expect(got(C, 16)).toEqual(deep);
    kernels.depthToSpace(B, C, 1, 1, 2, 2, 2, true, true);
    expect(got(C, 16)).toEqual(deep.map((value) => 2 * value));
  });

  test('let no number that is none pass for one', () => {
    put(A, five(Number.NaN));
    kernels.relu(A, B, 5);
    expect(got(B, 5)).toEqual(five(Number.NaN));
    kernels.padCopy(A, B, 1, 1, 1, 5, 0, 0, 0, 0, true);
    expect(got(B, 5)).toEqual(five(Number.NaN));
    put(A, [...five(Number.NaN), ...five(1)]);
    kernels.maxPool(A, B, 1, 1, 2, 5, 1, 1, 1, 2, 1, 1, 0, 0);
    expect(got(B, 5)).toEqual(five(Number.NaN));
    kernels.activate(1, A, B, 5);
    expect(got(B, 5)).toEqual(five(Number.NaN));
  });

  test('have losses of scores of any size', () => {
    put(A, [1000, 0, -1000, -1001]);
    new Int32Array(held).set([1, 0], B / 4);
    const lost = kernels.crossEntropy(A, B, C, 2, 2, 1);
    expect(lost).toBeCloseTo(1000 + Math.log(1 + Math.exp(-1)), 9);
    const p = 1 / (1 + Math.exp(-1));
    expect(got(C, 4)).toEqual(close([1, -1, p - 1, 1 - p]));
    put(A, [1000, 1000, -1000, -1000, 0]);
    put(B, [1, 0, 1, 0, 0.25]);
    expect(kernels.sigmoidCrossEntropy(A, B, C, 5, 2)).toBeCloseTo(2000 + Math.LN2, 9);
    expect(got(C, 5)).toEqual(close([0, 2, -2, 0, 0.5]));
  });

  test('have the smooth activations and their slopes', () => {
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    const xs = [-7, -0.5, 0.25, 3, 8];
    const known: readonly (readonly [(x: number) => number, (x: number) => number])[] = [
      [(x) => Math.min(6, Math.max(0, x)), (x) => (x > 0 && x < 6 ? 1 : 0)],
      [sigmoid, (x) => sigmoid(x) * sigmoid(-x)],
      [Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
      [(x) => x * sigmoid(x), (x) => sigmoid(x) + x * sigmoid(x) * sigmoid(-x)],
    ];
    known.forEach(([value, slope], k) => {
      put(A, xs);
      put(B, five(2));
      kernels.activate(k + 1, A, C, 5);
      expect(got(C, 5)).toEqual(close(xs.map(value)));
      kernels.activateBackward(k + 1, A, B, D, 5, false);
      expect(got(D, 5)).toEqual(close(xs.map((x) => 2 * slope(x))));
    });
  });
});
