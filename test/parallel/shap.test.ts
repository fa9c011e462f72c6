import { afterAll, describe, expect, test } from 'vitest';
import { workerPool } from '../../dist/parallel/pool.js';
import { treeShapOnPool } from '../../dist/parallel/shap.js';
import { rng } from '../../src/core/base/rng.js';
import { treeShap } from '../../src/core/explain/treeshap.js';
import { randomForest } from '../../src/core/models/forest.js';
import { workerPool as poolFromSource } from '../../src/parallel/pool.js';
import { treeShapOnPool as onPoolFromSource } from '../../src/parallel/shap.js';
import { noisyRows } from '../core/models/rows.js';

// Workers are compiled files, so the pool is the built one; `npm test` builds first.
const pools = [1, 2, 3].map((size) => workerPool({ size }));
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
});

describe('SHAP values by workers', async () => {
  const { x, y } = noisyRows(300, 1);
  const model = await randomForest({ trees: 50 }).fit(x, y, { rng: rng(1) });
  const here = treeShap(model, x);

  for (const pool of pools) {
    test(`are the single thread's, bit for bit, with ${pool.size} of them`, async () => {
      const there = await treeShapOnPool(pool, model, x, { worthMs: 0 });
      expect(there.values).toEqual(here.values);
      expect(there.base).toBe(here.base);
      expect(there.importance().mean).toEqual(here.importance().mean);
    });
  }

  test('report their way to the end', async () => {
    const seen: number[] = [];
    await treeShapOnPool(pools[1], model, x, { worthMs: 0, onProgress: ({ done }) => seen.push(done) });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)).toBe(300);
  });

  test('stop at once when told to, and the pool goes on working', async () => {
    const control = new AbortController();
    const reason = new Error('enough');
    const work = treeShapOnPool(pools[0], model, x, { worthMs: 0, signal: control.signal });
    setTimeout(() => control.abort(reason), 0);
    await expect(work).rejects.toBe(reason);
    const aborted = treeShapOnPool(pools[0], model, x, { worthMs: 0, signal: control.signal });
    await expect(aborted).rejects.toBe(reason);
    expect((await treeShapOnPool(pools[0], model, x, { worthMs: 0 })).values).toEqual(here.values);
  });

  test('refuse models without trees', async () => {
    await expect(treeShapOnPool(pools[0], { id: 'ridge' }, x)).rejects.toThrow('without trees');
  });

  test('are worked out in this thread where there are no compiled workers', async () => {
    const there = await onPoolFromSource(poolFromSource({ size: 2 }), model, x, { worthMs: 0 });
    expect(there.values).toEqual(here.values);
  });
});
