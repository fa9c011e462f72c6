import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rng } from '../../src/core/base/rng.js';
import { loadKernels } from '../../src/wasm/kernels.js';
import { wasmMemory } from '../../src/wasm/load.js';
import { plainGemm, plainHistogram, plainSegmentSum } from '../../src/wasm/twins/kernels.js';

const memory = wasmMemory(160);
const kernels = loadKernels(memory);
/** Where operands may stand: behind `gemm`'s own room. */
const ROOM = Math.ceil(kernels.gemmWorkBytes() / 64) * 64 + 64;
const GUARD = 12345;

/** Puts arrays into the memory, one after the other, and says where each stands. */
function place(...arrays: readonly (Float32Array | Float64Array | Int32Array | Uint16Array)[]): number[] {
  let at = ROOM;
  return arrays.map((array) => {
    const here = at;
    new (array.constructor as typeof Float32Array)(memory.buffer, here, array.length).set(array as Float32Array);
    at = Math.ceil((here + array.byteLength) / 8) * 8;
    return here;
  });
}

function random(length: number, seed: number): Float32Array {
  const source = rng(seed);
  return Float32Array.from({ length }, () => source.normal());
}

function differing(a: Float32Array, b: Float32Array): number {
  return a.reduce((count, value, i) => count + (Object.is(value, b[i]) ? 0 : 1), Math.abs(a.length - b.length));
}

function gemm(m: number, n: number, k: number, a: Float32Array, aTurned: boolean, b: Float32Array, bTurned: boolean) {
  const c = new Float32Array(m * n + 8).fill(GUARD);
  const [atA, atB, atC] = place(a, b, c);
  kernels.gemm(m, n, k, atA, aTurned, atB, bTurned, atC, 0);
  c.set(new Float32Array(memory.buffer, atC, c.length));
  expect(c.subarray(m * n).every((v) => v === GUARD)).toBe(true);
  return c.slice(0, m * n);
}

describe('gemm', () => {
  test('multiplies a hand-worked pair in all four layouts', () => {
    const [a, aTurned] = [Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(1, 4, 2, 5, 3, 6)]; // 2 x 3
    const [b, bTurned] = [Float32Array.of(1, -1, 0, 2, 3, 1), Float32Array.of(1, 0, 3, -1, 2, 1)]; // 3 x 2
    const product = Float32Array.of(10, 6, 22, 12);
    expect(gemm(2, 2, 3, a, false, b, false)).toEqual(product);
    expect(gemm(2, 2, 3, aTurned, true, b, false)).toEqual(product);
    expect(gemm(2, 2, 3, a, false, bTurned, true)).toEqual(product);
    expect(gemm(2, 2, 3, aTurned, true, bTurned, true)).toEqual(product);
  });

  const sizes: readonly (readonly [number, number, number])[] = [
    ...([
      [1, 1, 1],
      [4, 8, 4],
      [5, 9, 7],
      [3, 5, 2],
      [64, 1, 128],
      [1, 40, 1000],
    ] as const),
    ...([
      [128, 8, 256],
      [130, 17, 259],
      [9, 530, 3],
      [33, 64, 600],
      [257, 513, 5],
      [2, 3, 0],
    ] as const), // over each block's edge
  ];
  for (const [m, n, k] of sizes) {
    test(`gives the bits of the plain loops for ${m} x ${k} times ${k} x ${n}`, () => {
      const [a, b] = [random(m * k, 1), random(k * n, 2)];
      for (const aTurned of [false, true]) {
        for (const bTurned of [false, true]) {
          expect(differing(gemm(m, n, k, a, aTurned, b, bTurned), plainGemm(m, n, k, a, aTurned, b, bTurned))).toBe(0);
        }
      }
    });
  }

  test('gives the bits of the plain loops for any small shape', () => {
    const side = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(side, side, side, fc.boolean(), fc.boolean(), fc.nat(), (m, n, k, aTurned, bTurned, seed) => {
        const [a, b] = [random(m * k, seed), random(k * n, seed + 1)];
        expect(gemm(m, n, k, a, aTurned, b, bTurned)).toEqual(plainGemm(m, n, k, a, aTurned, b, bTurned));
      }),
      { numRuns: 200 },
    );
  });
});

describe('segmentSum', () => {
  test('sums rows by segment, in any order, and leaves out segments that are not there', () => {
    const x = Float32Array.of(1, 2, 3, 10, 20, 30, 100, 200, 300, 7, 7, 7, 8, 8, 8);
    const [atX, atSegment, atOut] = place(x, Int32Array.of(2, 0, 2, -1, 4), new Float32Array(12).fill(GUARD));
    kernels.segmentSum(atX, atSegment, 5, 3, atOut, 4);
    const sums = [10, 20, 30, 0, 0, 0, 101, 202, 303, 0, 0, 0];
    expect(Array.from(new Float32Array(memory.buffer, atOut, 12))).toEqual(sums);
  });

  test('gives the bits of the plain loops for any width', () => {
    for (const width of [1, 3, 4, 7, 8, 32, 33]) {
      const source = rng(width);
      const segment = Int32Array.from({ length: 90 }, () => source.int(13) - 1);
      const x = random(90 * width, width);
      const [atX, atSegment, atOut] = place(x, segment, new Float32Array(11 * width));
      kernels.segmentSum(atX, atSegment, 90, width, atOut, 11);
      expect(new Float32Array(memory.buffer, atOut, 11 * width)).toEqual(plainSegmentSum(x, segment, width, 11));
    }
  });
});

describe('histograms', () => {
  test('add rows and take them away as the plain loops do, for an even and an odd number of columns', () => {
    for (const width of [1, 2, 7, 8]) {
      const source = rng(width);
      const bins = 5;
      const cells = Uint16Array.from({ length: 60 * width }, (_, i) => 2 * ((i % width) * bins + source.int(bins)));
      const gradient = Float64Array.from({ length: 60 }, () => source.normal());
      const row = source.choose(60, 40);
      const taken = row.slice(0, 15);
      const plain = new Float64Array(2 * bins * width);
      const [atHistogram, atRow, atTaken, atGradient, atCells] = place(plain, row, taken, gradient, cells);
      plainHistogram(plain, row, gradient, cells, width, 1);
      kernels.addToHistogram(atHistogram, atRow, row.length, atGradient, atCells, width);
      expect(new Float64Array(memory.buffer, atHistogram, plain.length)).toEqual(plain);
      plainHistogram(plain, taken, gradient, cells, width, -1);
      kernels.takeFromHistogram(atHistogram, atTaken, taken.length, atGradient, atCells, width);
      expect(new Float64Array(memory.buffer, atHistogram, plain.length)).toEqual(plain);
      const counts = plain.filter((_, i) => i % 2 === 1).reduce((sum, count) => sum + count, 0);
      expect(counts).toBe(width * (row.length - taken.length));
    }
  });
});

test('the kernels keep nothing of their own in the memory they are given', () => {
  const fresh = wasmMemory(2);
  loadKernels(fresh);
  expect(new Uint8Array(fresh.buffer).every((byte) => byte === 0)).toBe(true);
});
