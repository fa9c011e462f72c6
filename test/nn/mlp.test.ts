import type { Tensor2D } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { ConvergenceError, DataError, ShapeError, UnsupportedError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { kendallTau } from '../../src/core/metrics/kendall.js';
import { loadModel } from '../../src/core/models/load.js';
import { type MlpOptions, mlp } from '../../src/core/models/mlp.js';
import { tfjsMlpTrainer } from '../../src/nn/mlp-trainer.js';
import { hingeLoss, orderedPairs, pairBceLoss } from '../../src/nn/ranking-losses.js';
import { tensorflow } from '../../src/nn/tensorflow.js';
import type { Tf } from '../../src/nn/tf.js';
import { tableOf } from '../core/models/rows.js';

const trainer = tfjsMlpTrainer;
const small: MlpOptions = { trainer, hidden: [24], steps: 200, batch: 64 };

/** y = 3 + 2 a − b + c / 2 with a little noise; `bend` distorts it without changing its order. */
function linearRows(rowCount: number, seed: number, bend: (value: number) => number = (value) => value) {
  const source = rng(seed);
  const values = Array.from({ length: 6 }, () => Float64Array.from({ length: rowCount }, () => source.normal()));
  const [a, b, c] = values;
  const y = Float64Array.from({ length: rowCount }, (_, r) => bend(3 + 2 * a[r] - b[r] + c[r] / 2 + 0.05 * source.normal()));
  return { x: tableOf(values), y };
}

function lossAndGradient(tf: Tf, loss: (scores: Tensor2D) => ReturnType<typeof hingeLoss>, scores: number[]) {
  return tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad((s) => loss(s as Tensor2D))(tf.tensor2d(scores, [scores.length, 1]));
    return { loss: value.dataSync()[0], gradient: Array.from(grad.dataSync()) };
  });
}

function expectNumbers(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(got[i]).toBeCloseTo(value, 6);
  });
}

describe('ranking losses', () => {
  // Three pairs: row 2 before 1 (lead .5), 2 before 0 (lead .1), 1 before 0 (lead −.4).
  const y = [1, 2, 3];
  const scores = [0.4, 0, 0.5];

  test('hinge counts what leads fall short of the margin, worked by hand', async () => {
    const tf = await tensorflow();
    const { better, count } = orderedPairs(tf, y);
    expect(count).toBe(3);
    const { loss, gradient } = lossAndGradient(tf, (s) => hingeLoss(tf, s, better, count, 0.2), scores);
    // Short by 0, .1 and .6; the last two pairs push.
    expect(loss).toBeCloseTo(0.7 / 3, 6);
    expectNumbers(gradient, [2 / 3, -1 / 3, -1 / 3]);
    better.dispose();
  });

  test('cross entropy of pairs, worked by hand', async () => {
    const tf = await tensorflow();
    const { better, count } = orderedPairs(tf, y);
    const { loss, gradient } = lossAndGradient(tf, (s) => pairBceLoss(tf, s, better, count), scores);
    const short = (lead: number): number => Math.log1p(Math.exp(-lead));
    expect(loss).toBeCloseTo((short(0.5) + short(0.1) + short(-0.4)) / 3, 6);
    // The slope in a lead is −sigmoid(−lead).
    const push = (lead: number): number => 1 / (1 + Math.exp(lead)) / 3;
    const [p21, p20, p10] = [push(0.5), push(0.1), push(-0.4)];
    expectNumbers(gradient, [p20 + p10, p21 - p10, -p21 - p20]);
    better.dispose();
  });

  test('ties are no pairs, and nothing is learned from nothing', async () => {
    const tf = await tensorflow();
    const { better, count } = orderedPairs(tf, [2, 2, 2]);
    expect(count).toBe(0);
    for (const loss of [
      (s: Tensor2D) => hingeLoss(tf, s, better, count, 0.2),
      (s: Tensor2D) => pairBceLoss(tf, s, better, count),
    ]) {
      expect(lossAndGradient(tf, loss, scores)).toEqual({ loss: 0, gradient: [0, 0, 0] });
    }
    better.dispose();
  });
});

describe('mlp', () => {
  test('learns a linear target in its unit', async () => {
    const fresh = linearRows(300, 2);
    const { x, y } = linearRows(300, 1);
    const predicted = (await mlp({ ...small, loss: 'mse', steps: 400 }).fit(x, y, { rng: rng(1) })).predict(fresh.x);
    const variance = fresh.y.reduce((sum, v) => sum + (v - 3) ** 2, 0);
    const error = fresh.y.reduce((sum, v, i) => sum + (v - predicted[i]) ** 2, 0);
    expect(error).toBeLessThan(0.1 * variance);
  });

  test('pairs rank at least as well as squared errors where the target is bent but its order is not', async () => {
    const bend = (value: number): number => Math.exp(1.5 * value);
    const taus = { mse: 0, hinge: 0, bce: 0 };
    for (const seed of [1, 2, 3]) {
      const { x, y } = linearRows(100, seed, bend);
      const fresh = linearRows(300, 100 + seed, bend);
      for (const loss of ['mse', 'hinge', 'bce'] as const) {
        const model = await mlp({ ...small, loss }).fit(x, y, { rng: rng(seed) });
        taus[loss] += kendallTau(model.predict(fresh.x), fresh.y) / 3;
      }
    }
    expect(taus.hinge).toBeGreaterThanOrEqual(taus.mse);
    expect(taus.bce).toBeGreaterThanOrEqual(taus.mse);
  });

  test('scores of a network that ranks have the mean and standard deviation of the target', async () => {
    const { x, y } = linearRows(100, 4);
    const predicted = (await mlp({ ...small, loss: 'hinge' }).fit(x, y, { rng: rng(1) })).predict(x);
    const mean = (v: Float64Array): number => v.reduce((sum, n) => sum + n, 0) / v.length;
    const sd = (v: Float64Array): number => Math.sqrt(mean(v.map((n) => (n - mean(v)) ** 2)));
    expect(mean(predicted)).toBeCloseTo(mean(y), 9);
    expect(sd(predicted)).toBeCloseTo(sd(y), 9);
  });

  test('rows held out stop training early where nothing is to be learned', async () => {
    const { x } = linearRows(80, 5);
    const source = rng(6);
    const noise = Float64Array.from({ length: 80 }, () => source.normal());
    const steps: number[] = [];
    const onProgress = ({ done }: { readonly done: number }): void => void steps.push(done);
    const options: MlpOptions = { ...small, loss: 'mse', steps: 400, holdOut: 0.25, patience: 3 };
    await mlp(options).fit(x, noise, { rng: rng(1), onProgress });
    expect(steps.length).toBeLessThan(35); // of 40 checks
    expect(steps.at(-1)).toBe(400);
  });

  test('leaves no tensor behind, whether it ends or is stopped', async () => {
    const tf = await tensorflow();
    const { x, y } = linearRows(100, 7);
    const before = tf.memory().numTensors;
    for (const loss of ['mse', 'hinge', 'bce'] as const) await mlp({ ...small, loss, holdOut: 0.2 }).fit(x, y, { rng: rng(1) });
    const control = new AbortController();
    const stopped = mlp(small).fit(x, y, { rng: rng(1), signal: control.signal, onProgress: () => control.abort() });
    await expect(stopped).rejects.toThrow(/abort/);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('says so when training runs away', async () => {
    const { x, y } = linearRows(50, 8);
    const wild = mlp({ ...small, loss: 'mse', learningRate: 1e30, weightDecay: 0 }).fit(x, y, { rng: rng(1) });
    await expect(wild).rejects.toThrow(ConvergenceError);
  });

  test('refuses options that are out of range', () => {
    const bad: MlpOptions[] = [
      { hidden: [0] },
      { hidden: [2.5] },
      { steps: 0 },
      { batch: 1.5 },
      { learningRate: 0 },
      { margin: Number.NaN },
      { weightDecay: -1 },
      { holdOut: 1 },
      { loss: 'rank' as never },
    ];
    for (const options of bad) expect(() => mlp(options), JSON.stringify(options)).toThrow(ShapeError);
  });

  test('says what is missing where no one trains', async () => {
    const { x, y } = linearRows(10, 9);
    await expect(mlp().fit(x, y, { rng: rng(1) })).rejects.toThrow(UnsupportedError);
  });

  test('refuses files whose layers do not fit together', async () => {
    const { x, y } = linearRows(10, 9);
    const file = (await mlp({ ...small, hidden: [2], steps: 1 }).fit(x, y, { rng: rng(1) })).toJSON();
    const [first, last] = file.layers as { weights: number[]; biases: number[] }[];
    for (const layers of [[], 'layers', [last], [first], [first, null], [{ ...first, weights: [1] }, last]]) {
      expect(() => loadModel({ ...file, layers }), JSON.stringify(layers)).toThrow(DataError);
    }
  });
});
