import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { rng } from '../../src/core/base/rng.js';
import { backend } from '../../src/nn/backend.js';
import type { Tf } from '../../src/nn/tf.js';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs') as Tf;

interface Product {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Matrices alone, in batches, and a batch against one; in all transposes. */
const products: readonly Product[] = [[], [3], [2, 3]].flatMap((batch) =>
  [batch, []].flatMap((other) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB) => ({
        a: [...batch, ...(transposeA ? [7, 5] : [5, 7])],
        b: [...other, ...(transposeB ? [9, 7] : [7, 9])],
        transposeA,
        transposeB,
      })),
    ),
  ),
);

const name = ({ a, b, transposeA, transposeB }: Product): string =>
  `[${a}]${transposeA ? ' turned' : ''} times [${b}]${transposeB ? ' turned' : ''}`;

function tensor(shape: readonly number[], seed: number): Tensor {
  const source = rng(seed);
  const size = shape.reduce((product, side) => product * side, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => source.normal()),
    [...shape],
  );
}

function multiplied({ a, b, transposeA, transposeB }: Product): Float32Array {
  return tf.tidy(() => tf.matMul(tensor(a, 1), tensor(b, 2), transposeA, transposeB).dataSync()) as Float32Array;
}

/** What `work` gives on one backend. */
async function on<T>(id: 'cpu' | 'wasm', work: () => T): Promise<T> {
  await tf.setBackend(id);
  return work();
}

/** Tensors, and pieces of memory behind them. */
function counts(): number[] {
  const { numTensors, numDataBuffers } = tf.memory();
  return [numTensors, numDataBuffers];
}

// What the library itself gives, before our kernels stand in their places.
const asShipped = new Map<string, Float32Array>();
let shippedSums: number[][] = [];
let shippedGradients: number[][] = [];

beforeAll(async () => {
  tf.enableProdMode();
  shippedSums = await on('cpu', segmentSums);
  shippedGradients = await on('cpu', gatherGradients);
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  await tf.setBackend('wasm');
  for (const product of products) asShipped.set(name(product), multiplied(product));
  process.env.NASCOPE_BACKEND = 'wasm';
  expect((await backend()).id).toBe('wasm');
});

describe('the matrix product', () => {
  for (const product of products) {
    test(`gives the numbers of the shipped kernel for ${name(product)}`, () => {
      expect(multiplied(product)).toEqual(asShipped.get(name(product)));
    });
  }

  test('pairs the items of two batches as broadcasting has them', () => {
    const shape = tf.tidy(() => {
      const [a, b] = [tensor([2, 1, 5, 4], 3), tensor([1, 3, 4, 6], 4)];
      const all = tf.matMul(a, b);
      for (const i of [0, 1]) {
        for (const j of [0, 1, 2]) {
          const got = all.slice([i, j, 0, 0], [1, 1, 5, 6]).dataSync();
          const one = tf.matMul(a.slice([i, 0, 0, 0], [1, 1, 5, 4]).reshape([5, 4]), b.slice([0, j], [1, 1]).reshape([4, 6]));
          expect(got).toEqual(one.dataSync());
        }
      }
      return all.shape;
    });
    expect(shape).toEqual([2, 3, 5, 6]);
  });

  test('agrees with plain JavaScript on sides that cross every block', async () => {
    const large: Product = { a: [131, 300], b: [300, 521], transposeA: false, transposeB: false };
    const [plain, ours] = [await on('cpu', () => multiplied(large)), await on('wasm', () => multiplied(large))];
    expect(Math.max(...plain.map((v, i) => Math.abs(v - ours[i])))).toBeLessThan(1e-4);
  });

  test('has matrices without rows, and sums of nothing', async () => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      expect(tf.matMul(tf.zeros([0, 3]), tf.zeros([3, 2])).shape).toEqual([0, 2]);
      expect(Array.from(tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 2])).dataSync())).toEqual([0, 0, 0, 0]);
    });
  });
});

/** Of floats and whole numbers, one number or a matrix a row. */
function segmentSums(): number[][] {
  return tf.tidy(() => {
    const ids = tf.tensor1d([2, 0, 2, 3, 0, 2], 'int32');
    const inputs = [tensor([6], 1), tensor([6, 5], 2), tensor([6, 3, 3], 3), tf.range(0, 12, 1, 'int32').reshape([6, 2])];
    return inputs.map((x) => Array.from(tf.unsortedSegmentSum(x, ids, 5).dataSync()));
  });
}

/** Of a function of gathered rows, and of gathered columns. */
function gatherGradients(): number[][] {
  return [0, 1].map((axis) =>
    tf.tidy(() => {
      const weights = tensor(axis === 0 ? [4, 3] : [3, 4], 6);
      const ids = tf.tensor1d([2, 0, 2, 1], 'int32');
      return Array.from(
        tf
          .grad((x) => tf.gather(x, ids, axis).mul(weights).square().sum())(tensor([3, 3], 5))
          .dataSync(),
      );
    }),
  );
}

describe('sums by segment', () => {
  for (const id of ['wasm', 'cpu'] as const) {
    test(`are those of the shipped plain JavaScript, on ${id}`, async () => {
      expectClose(await on(id, segmentSums), shippedSums);
    });

    test(`give \`gather\` its gradient along any axis, on ${id}`, async () => {
      expectClose(await on(id, gatherGradients), shippedGradients);
    });
  }
});

function expectClose(got: readonly number[][], expected: readonly number[][]): void {
  expect(got.map((list) => list.length)).toEqual(expected.map((list) => list.length));
  expected.forEach((list, i) => {
    list.forEach((value, k) => {
      expect(got[i][k]).toBeCloseTo(value, 5);
    });
  });
}

test('an embedding layer learns on WebAssembly, and no tensor is left behind', async () => {
  await tf.setBackend('wasm');
  const before = counts();
  const optimizer = tf.train.adam(0.05);
  const model = tf.sequential({
    layers: [
      tf.layers.embedding({
        inputDim: 4,
        outputDim: 3,
        inputLength: 2,
        embeddingsInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) }),
    ],
  });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const x = tf.tensor2d([0, 1, 1, 2, 2, 3, 3, 0], [4, 2]);
  const y = tf.tensor2d([1, 2, 3, 4], [4, 1]);
  const { history } = await model.fit(x, y, { epochs: 60, verbose: 0 });
  const loss = history.loss as number[];
  expect(loss[59]).toBeLessThan(0.1 * loss[0]);
  tf.dispose([x, y]);
  model.dispose();
  optimizer.dispose();
  expect(counts()).toEqual(before);
});
