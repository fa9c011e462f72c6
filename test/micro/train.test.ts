import { describe, expect, test } from 'vitest';
import { rng } from '../../src/core/base/rng.js';
import { fillGaussian } from '../../src/micro/exact-math.js';
import type { TaskData, TaskId, TestScenes } from '../../src/micro/task-data.js';
import { trainUnit } from '../../src/micro/train.js';
import { SETTINGS_V1 } from '../../src/micro/train-settings.js';
import { act, cellNetwork, chain, conv } from './engine/small-graphs.js';

const SETTINGS = { ...SETTINGS_V1, epochs: 4, scenesPerEpoch: 100, batch: 10 };
const COUNT = 35;

/** Pictures whose class is the brightest of their corners; their mask is where they are bright; clean, they are half of it. */
function scenes(task: TaskId): TaskData {
  const make = (label: string, count: number): TestScenes => {
    const random = rng(1).fork(label);
    const x = new Float32Array(count * 108);
    fillGaussian(x, random, 0.3);
    const classes = Int32Array.from({ length: count }, () => random.int(4));
    const pixels = new Float32Array(count * 36);
    classes.forEach((corner, i) => {
      for (let p = 0; p < 36; p++) {
        const bright = Math.floor(p / 18) === Math.floor(corner / 2) && Math.floor((p % 6) / 3) === corner % 2;
        if (bright) for (let c = 0; c < 3; c++) x[(i * 36 + p) * 3 + c] += 1;
        if (bright) pixels[i * 36 + p] = task === 'den' ? 0.5 : 1;
      }
    });
    return { x, y: task === 'cls' ? classes : pixels, count };
  };
  const train = make('train', 400);
  const size = task === 'cls' ? 1 : 36;
  return {
    task,
    input: [6, 6, 3],
    output: task === 'cls' ? [4] : [6, 6, 1],
    batch(epoch, step, count) {
      const from = epoch * 100 + step * count;
      return { x: train.x.subarray(from * 108, (from + count) * 108), y: train.y.subarray(from * size, (from + count) * size) };
    },
    test: make('test', COUNT),
    noisyTest: task === 'cls' ? make('noisy', COUNT) : null,
  };
}

const dense = chain([6, 6, 3], conv(8, 3), { type: 'batchnorm' }, act('relu'), conv(1, 3, { bias: true }));

describe('a unit of work', () => {
  test('names easy pictures almost always right, and says how sure it is', async () => {
    const losses: number[] = [];
    const result = await trainUnit({
      ...{ graph: cellNetwork([6, 6, 3], 4), task: 'cls', seed: 1, scenes: scenes('cls'), settings: SETTINGS },
      onEpoch: ({ loss }) => losses.push(loss),
    });
    const value = new Map(result.metrics.map(({ metric, value }) => [metric, value as number]));
    expect(result.status).toBe('ok');
    expect(value.get('cls.acc')).toBeGreaterThan(90);
    expect(value.get('cls.acc_noise')).toBeGreaterThan(90);
    expect(value.get('cls.nll')).toBeLessThan(0.5);
    expect(value.get('cls.ece')).toBeLessThan(0.3);
    expect(result.loss).toEqual(losses);
    expect(losses).toHaveLength(4);
    expect(losses[3]).toBeLessThan(losses[0] / 2);
  });

  test('takes noise away', async () => {
    const settings = { ...SETTINGS, learningRate: 0.01 };
    const result = await trainUnit({ graph: dense, task: 'den', seed: 1, scenes: scenes('den'), settings });
    // A constant guess leaves a mean squared error of 3/16 x 1/4: 13.3 dB.
    expect(result.metrics[0].metric).toBe('den.psnr');
    expect(result.metrics[0].value as number).toBeGreaterThan(14);
    expect(result.metrics[0].value as number).toBeLessThan(60);
  });

  test('marks pixels', async () => {
    const result = await trainUnit({ graph: dense, task: 'seg', seed: 1, scenes: scenes('seg'), settings: SETTINGS });
    expect(result.metrics.map(({ metric }) => metric)).toEqual(['seg.iou']);
    expect(result.metrics[0].value as number).toBeGreaterThan(70);
    expect(result.metrics[0].value as number).toBeLessThanOrEqual(100);
  });

  test('gives the same label whatever was trained before, and another for another seed', async () => {
    const label = (seed: number) =>
      trainUnit({ graph: cellNetwork([6, 6, 3], 4), task: 'cls', seed, scenes: scenes('cls'), settings: SETTINGS });
    const first = await label(1);
    const other = await label(2);
    expect(await label(1)).toEqual(first);
    expect(other.metrics).not.toEqual(first.metrics);
  });

  test('says that it diverged, with no numbers', async () => {
    const settings = { ...SETTINGS, learningRate: 1e12 };
    const result = await trainUnit({ graph: dense, task: 'den', seed: 1, scenes: scenes('den'), settings });
    expect(result.status).toBe('diverged');
    expect(result.metrics).toEqual([{ metric: 'den.psnr', value: null }]);
  });

  test('stops when it is told to, and refuses scenes that do not fit', async () => {
    const controller = new AbortController();
    const run = trainUnit({
      ...{ graph: cellNetwork([6, 6, 3], 4), task: 'cls', seed: 1, scenes: scenes('cls'), settings: SETTINGS },
      onEpoch: () => controller.abort(new Error('enough')),
      signal: controller.signal,
    });
    await expect(run).rejects.toThrow('enough');
    await expect(trainUnit({ graph: dense, task: 'cls', seed: 1, scenes: scenes('cls') })).rejects.toThrow('output 4');
    await expect(trainUnit({ graph: dense, task: 'seg', seed: 1, scenes: scenes('den') })).rejects.toThrow('those of seg');
  });
});
