import { describe, expect, test } from 'vitest';
import type { Network } from '../../src/micro/engine/network.js';
import { evaluate } from '../../src/micro/evaluate.js';
import type { TaskData, TaskId, TestScenes } from '../../src/micro/task-data.js';

/** Says what it sees, two scenes at a time. */
function echo(numbers: number): Network {
  const shape = [numbers];
  return { batch: 2, inputShape: shape, outputShape: shape, forward: (x: Float32Array) => x } as unknown as Network;
}

function scenes(task: TaskId, test: TestScenes, noisyTest: TestScenes | null = null): TaskData {
  return { task, test, noisyTest } as unknown as TaskData;
}

/** Two classes, the first with that confidence. */
function sure(confidences: readonly number[], answers: readonly number[]): TestScenes {
  const x = Float32Array.from(confidences.flatMap((p) => [Math.log(p / (1 - p)), 0]));
  return { x, y: Int32Array.from(answers), count: answers.length };
}

describe('the metrics of a task, worked by hand', () => {
  test('cls: accuracy, likelihood, calibration over ten bins, and accuracy under noise, the last scenes of half a batch too', () => {
    const plain = sure([0.75, 0.72, 0.85, 0.95, 0.35], [0, 1, 0, 1, 1]);
    const noisy = sure([0.75, 0.25, 0.75], [1, 1, 1]);
    const [accuracy, nll, ece, accuracyUnderNoise] = evaluate(echo(2), scenes('cls', plain, noisy));
    expect(accuracy).toBeCloseTo(100 * (3 / 5), 9);
    expect(nll).toBeCloseTo(-(Math.log(0.75) + Math.log(0.28) + Math.log(0.85) + Math.log(0.05) + Math.log(0.65)) / 5, 6);
    // Bins of .7 to .8 (one of two right), of .8 to .9, of .9 to 1, and of .6 to .7, where the second class is named.
    const gaps = [Math.abs(0.75 + 0.72 - 1), 1 - 0.85, 0.95, 1 - 0.65];
    expect(ece).toBeCloseTo(gaps.reduce((a, b) => a + b) / 5, 6);
    expect(accuracyUnderNoise).toBeCloseTo(100 / 3, 9);
  });

  test('cls: whoever is sure of everything is off by what is wrong', () => {
    expect(evaluate(echo(2), scenes('cls', sure([1 - 1e-9, 1 - 1e-9], [0, 1])))[2]).toBeCloseTo(0.5, 6);
  });

  test('den: the peak signal-to-noise ratio of outputs clipped to 0..1', () => {
    const test = { x: Float32Array.of(-0.5, 0.5, 2, 0.5, 0, 1), y: Float32Array.of(0, 0.25, 1, 0, 0, 1), count: 2 };
    expect(evaluate(echo(3), scenes('den', test))).toEqual([expect.closeTo(-10 * Math.log10((0.0625 + 0.25) / 6), 6)]);
    expect(evaluate(echo(3), scenes('den', { ...test, x: test.y }))).toEqual([expect.closeTo(100, 9)]);
  });

  test('seg: pixels that are marked and wanted over those that are either, of all scenes together', () => {
    const x = Float32Array.of(2, -1, 0.5, -3, 0, 1);
    const y = Float32Array.of(1, 1, 0, 0, 1, 1);
    expect(evaluate(echo(2), scenes('seg', { x, y, count: 3 }))).toEqual([expect.closeTo((100 * 2) / 5, 9)]);
    const none = { x: Float32Array.of(-1, -2), y: new Float32Array(2), count: 1 };
    expect(evaluate(echo(2), scenes('seg', none))).toEqual([100]);
  });

  test('a number that is none spoils its metrics', () => {
    const x = Float32Array.of(Number.NaN, 1);
    const y = Float32Array.of(1, 1);
    for (const task of ['den', 'seg'] as const)
      expect(evaluate(echo(2), scenes(task, { x, y, count: 1 })), task).toEqual([Number.NaN]);
    expect(evaluate(echo(2), scenes('cls', { x, y: Int32Array.of(0), count: 1 }))[1]).toBeNaN();
  });
});
