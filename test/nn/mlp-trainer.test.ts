import { expect, test } from 'vitest';
import { rng } from '../../src/core/base/rng.js';
import type { MlpJob, MlpSettings } from '../../src/core/models/mlp-trainer.js';
import { tfjsMlpTrainer } from '../../src/nn/mlp-trainer.js';

const RATE = 1e-3;

/** One linear layer. */
function linear(
  x: readonly (readonly number[])[],
  y: readonly number[],
  settings: Partial<MlpSettings>,
  weights: number[],
): MlpJob {
  return {
    ...{ rowCount: y.length, columnCount: x[0].length, targetCount: 1, frozen: 0, rng: rng(1) },
    ...{ x: Float64Array.from(x.flat()), y: Float64Array.from(y), start: [{ weights, biases: [0] }] },
    settings: {
      ...{ hidden: [], loss: 'mse', margin: 1, steps: 4, batch: 64, learningRate: RATE },
      ...{ weightDecay: 0, holdOut: 0, patience: 40, ...settings },
    },
  };
}

test('the learning rate falls to 0 along half a cosine, and weights shrink by it', async () => {
  // Nothing to see, far to go: Adam moves the bias by the whole rate each step, and the weight by none.
  const job = linear([[0], [0]], [1e4, 1e4], { weightDecay: 20 }, [1]);
  const [{ weights, biases }] = await tfjsMlpTrainer.train(job, {});
  const rates = [0, 1, 2, 3].map((step) => (RATE * (1 + Math.cos((Math.PI * step) / 4))) / 2);
  expect(biases[0] / rates.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
  expect(weights[0]).toBeCloseTo(
    rates.reduce((w, rate) => w * (1 - 20 * rate), 1),
    6,
  );
});

test('a batch takes the next rows until all have been seen', async () => {
  // Each row has a column of its own.
  const rows = [0, 1, 2, 3].map((row) => [0, 1, 2, 3].map((column) => (row === column ? 1 : 0)));
  const [{ weights }] = await tfjsMlpTrainer.train(linear(rows, [9, 9, 9, 9], { batch: 1 }, [0, 0, 0, 0]), {});
  for (const weight of weights) expect(weight).toBeGreaterThan(0);
});

test('of the weights at the checks those that do best on held-out rows are kept', async () => {
  // Of two rows one trains and one is held out: each step towards the one is a step away from an opposite one.
  const moved = async (y: readonly number[]): Promise<number> => {
    const [{ biases }] = await tfjsMlpTrainer.train(linear([[0], [0]], y, { holdOut: 0.5 }, [1]), {});
    return Math.abs(biases[0]) / RATE;
  };
  expect(await moved([1e4, -1e4])).toBeCloseTo(1, 4);
  expect(await moved([1e4, 1e4])).toBeCloseTo(2.5, 4);
});

test('training stops once so many checks in a row have brought nothing better', async () => {
  const seen: number[] = [];
  const job = linear([[0], [0]], [1e4, -1e4], { holdOut: 0.5, steps: 20, patience: 3 }, [1]);
  await tfjsMlpTrainer.train(job, { onProgress: ({ done }) => void seen.push(done) });
  // The first check is the best; the fourth is the third after it, and the last word is the whole.
  expect(seen).toEqual([1, 2, 3, 20]);
});
