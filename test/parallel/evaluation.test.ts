import { afterAll, expect, test } from 'vitest';
import { parallelEvaluator } from '../../dist/parallel/evaluation.js';
import { workerPool } from '../../dist/parallel/pool.js';
import { zcCombineSplit } from '../../src/core/base/split.js';
import { type EvaluationJob, evaluateJob } from '../../src/core/models/evaluate-job.js';
import { trainMlpsWith } from '../../src/core/models/mlp-trainer.js';
import { tfjsMlpTrainer } from '../../src/nn/mlp-trainer.js';
import { parallelEvaluator as evaluatorFromSource } from '../../src/parallel/evaluation.js';
import { workerPool as poolFromSource } from '../../src/parallel/pool.js';
import { noisyRows } from '../core/models/rows.js';

// Workers are compiled files, so the pool is the built one; `npm test` builds first.
const pool = workerPool({ size: 2 });
afterAll(() => pool.close());

const { x, y } = noisyRows(300, 1);
const job = (seed: number, rest: Partial<EvaluationJob> = {}): EvaluationJob => ({
  x,
  y,
  split: zcCombineSplit(300, 60, seed),
  predictor: 'rf',
  sklearnState: 42,
  rngPath: `${seed}/fit`,
  direction: 'higher',
  ...rest,
});
const numbers = ({ fit_s, predict_s, ...score }: Awaited<ReturnType<typeof evaluateJob>> & Record<string, number>) => score;

test('splits evaluated side by side give the numbers of this thread, for forests of both kinds, boosting and perceptrons', async () => {
  trainMlpsWith(tfjsMlpTrainer);
  const ours = { sklearnState: null };
  const others = [job(1, ours), job(2, { ...ours, predictor: 'gbdt' }), job(1, { ...ours, predictor: 'mlp' })];
  const jobs = [job(1), job(2), ...others];
  const evaluate = parallelEvaluator(pool);
  const there = await Promise.all(jobs.map((j) => evaluate(j)));
  for (const [i, j] of jobs.entries()) expect(numbers(there[i] as never)).toEqual(numbers((await evaluateJob(j)) as never));
  expect(new Set(there.map((score) => score.tau)).size).toBe(jobs.length);
});

test('a job that cannot be done fails alone', async () => {
  const evaluate = parallelEvaluator(pool);
  const wrong = evaluate(job(1, { y: y.map(() => Number.NaN) }));
  await expect(wrong).rejects.toThrow(/finite/);
  expect((await evaluate(job(1))).tau).toBeGreaterThan(0);
});

test('where there are no compiled workers this thread evaluates', async () => {
  const here = numbers((await evaluateJob(job(3))) as never);
  expect(numbers((await evaluatorFromSource(poolFromSource())(job(3))) as never)).toEqual(here);
});
