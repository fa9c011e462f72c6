import { describe, expect, test, vi } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { permutationImportance } from '../../../src/core/explain/permutation.js';
import { randomForest } from '../../../src/core/models/forest.js';
import { tableOf } from '../models/rows.js';

/** y = 10 a + b; c is noise. */
async function fitted(): Promise<Parameters<typeof permutationImportance>> {
  const source = rng(1);
  const [a, b, c] = Array.from({ length: 3 }, () => Float64Array.from({ length: 300 }, () => source.normal()));
  const x = tableOf([a, b, c]);
  const y = Float64Array.from(a, (v, r) => 10 * v + b[r]);
  const model = await randomForest({ trees: 30 }).fit(x, y, { rng: rng(2) });
  return [model, x, y, { rng: rng(3), repeats: 8 }];
}

describe('permutationImportance', () => {
  test('ranks columns by what the target needs', async () => {
    const { mean, sd, method } = permutationImportance(...(await fitted()));
    // Shuffling `a` turns its part of the error into that of two independent draws: sqrt(2) × 10, against almost none.
    expect(mean[0]).toBeGreaterThan(11);
    expect(mean[0]).toBeLessThan(15);
    expect(mean[1]).toBeGreaterThan(5 * Math.abs(mean[2]));
    expect(sd?.every((s) => s > 0)).toBe(true);
    expect(method).toBe('rise of root mean squared error when shuffled');
  });

  test('is positive for helpful columns whichever way the metric is good', async () => {
    const [model, x, y, options] = await fitted();
    for (const metric of ['tau', 'r2', 'mae', 'regret1'] as const) {
      expect(permutationImportance(model, x, y, { ...options, metric }).mean[0]).toBeGreaterThan(0.1);
    }
  });

  test('is exactly nothing for a column that the model does not read', async () => {
    const [, x, y, options] = await fitted();
    const first = {
      id: 'first',
      predict: (t: typeof x) => t.values[0] as Float64Array,
      toJSON: () => ({ format: '', version: 1 }),
    };
    const { mean, sd } = permutationImportance(first, x, y, options);
    expect(Array.from(mean).slice(1)).toEqual([0, 0]);
    expect(sd?.[1]).toBe(0);
  });

  test('a column’s number does not depend on which other columns there are', async () => {
    const [, x, y, options] = await fitted();
    const last = (t: typeof x): Float64Array => t.values[t.values.length - 1] as Float64Array;
    const model = { id: 'last', predict: last, toJSON: () => ({ format: '', version: 1 }) };
    const whole = permutationImportance(model, x, y, options);
    const alone = permutationImportance(model, { ...x, columns: x.columns.slice(2), values: x.values.slice(2) }, y, options);
    expect(alone.mean[0]).toBe(whole.mean[2]);
  });

  test('refuses to repeat nothing, and stops when told to', async () => {
    const [model, x, y, options] = await fitted();
    expect(() => permutationImportance(model, x, y, { ...options, repeats: 0 })).toThrow(ShapeError);
    const reason = new Error('enough');
    // Before the start: the model is not even asked.
    const predict = vi.fn(model.predict);
    const signal = AbortSignal.abort(reason);
    expect(() => permutationImportance({ ...model, predict }, x, y, { ...options, signal })).toThrow(reason);
    expect(predict).not.toHaveBeenCalled();
    // Between columns, from within onProgress.
    const control = new AbortController();
    const done: number[] = [];
    const onProgress = (progress: { readonly done: number }): void => {
      done.push(progress.done);
      control.abort(reason);
    };
    expect(() => permutationImportance(model, x, y, { ...options, signal: control.signal, onProgress })).toThrow(reason);
    expect(done).toEqual([1]);
  });
});
