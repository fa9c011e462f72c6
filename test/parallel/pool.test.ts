import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { randomForest as builtForest } from '../../dist/core/models/forest.js';
import { parallelGrower } from '../../dist/parallel/forest.js';
import { workerPool } from '../../dist/parallel/pool.js';
import { rng } from '../../src/core/base/rng.js';
import { randomForest } from '../../src/core/models/forest.js';
import { parallelGrower as growerFromSource } from '../../src/parallel/forest.js';
import { workerPool as poolFromSource } from '../../src/parallel/pool.js';
import { noisyRows } from '../core/models/rows.js';

// Workers are compiled files, so the pool is the built one; `npm test` builds first.
const pools = [1, 2, 3].map((size) => workerPool({ size }));
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
});

describe('a forest grown by workers', () => {
  const { x, y } = noisyRows(700, 1);

  for (const pool of pools) {
    test(`is the single thread's, bit for bit, with ${pool.size} of them`, async () => {
      const here = await randomForest({ trees: 25 }).fit(x, y, { rng: rng(1) });
      const there = await builtForest({ trees: 25, grower: parallelGrower(pool, { worthMs: 0 }) }).fit(x, y, { rng: rng(1) });
      expect(JSON.stringify(there)).toBe(JSON.stringify(here));
    });
  }

  test('two at a time do not get in each other’s way', async () => {
    const grower = parallelGrower(pools[1], { worthMs: 0 });
    const fits = [1, 2, 3].map((seed) => builtForest({ trees: 12, grower }).fit(x, y, { rng: rng(seed) }));
    const alone = await Promise.all([1, 2, 3].map((seed) => randomForest({ trees: 12 }).fit(x, y, { rng: rng(seed) })));
    expect(JSON.stringify(await Promise.all(fits))).toBe(JSON.stringify(alone));
  });

  test('reports its way to the end', async () => {
    const seen: number[] = [];
    const grower = parallelGrower(pools[1], { worthMs: 0 });
    await builtForest({ trees: 20, grower }).fit(x, y, { rng: rng(1), onProgress: ({ done }) => seen.push(done) });
    expect(seen.at(-1)).toBe(20);
    expect(seen.length).toBeGreaterThan(2);
  });

  test('stops when told to, and the pool goes on working', async () => {
    const grower = parallelGrower(pools[1], { worthMs: 0 });
    const control = new AbortController();
    const reason = new Error('enough');
    const onProgress = (): void => control.abort(reason);
    const fit = builtForest({ trees: 200, grower }).fit(x, y, { rng: rng(1), signal: control.signal, onProgress });
    await expect(fit).rejects.toBe(reason);
    expect((await builtForest({ trees: 4, grower }).fit(x, y, { rng: rng(1) })).trees).toHaveLength(4);
  });

  test('is grown in this thread where there are no compiled workers', async () => {
    const grower = growerFromSource(poolFromSource({ size: 2 }), { worthMs: 0 });
    const model = await randomForest({ trees: 3, grower }).fit(x, y, { rng: rng(1) });
    expect(JSON.stringify(model)).toBe(JSON.stringify(await randomForest({ trees: 3 }).fit(x, y, { rng: rng(1) })));
  });
});

describe('a worker pool', () => {
  test('hands a task’s error to who asked, and lives on', async () => {
    const [pool] = pools;
    await expect(pool.run('grow-trees', { key: 'bad', job: null as never, from: 0, to: 1 })).rejects.toThrow(TypeError);
    await expect(pool.run('grow-trees', { key: 'bad', job: null as never, from: 0, to: 1 })).rejects.toThrow(TypeError);
  });

  test('rejects what still runs or waits when it is closed', async () => {
    const pool = workerPool({ size: 1 });
    const { x, y } = noisyRows(3000, 2);
    const fit = builtForest({ trees: 50, grower: parallelGrower(pool, { worthMs: 0 }) }).fit(x, y, { rng: rng(1) });
    const refused = expect(fit).rejects.toThrow('worker');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await pool.close();
    await refused;
  });

  test('does not keep a process alive when it is idle', () => {
    const module = (path: string): string => JSON.stringify(new URL(`../../dist/${path}`, import.meta.url).href);
    const program = `
      import { rng } from ${module('core/base/rng.js')};
      import { featureTable } from ${module('core/base/table.js')};
      import { randomForest } from ${module('core/models/forest.js')};
      import { parallelGrower } from ${module('parallel/forest.js')};
      import { sharedPool } from ${module('parallel/pool.js')};
      const columns = [{ name: 'a', says: 'a', family: 'f', unit: '' }];
      const x = featureTable(3, columns, [Float64Array.of(1, 2, 3)]);
      const grower = parallelGrower(sharedPool(), { worthMs: 0 });
      const model = await randomForest({ trees: 4, grower }).fit(x, Float64Array.of(1, 2, 3), { rng: rng(1) });
      process.stdout.write('trees ' + model.trees.length);`;
    const folder = fileURLToPath(new URL('../../', import.meta.url));
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: folder, timeout: 300_000 });
    expect(said.toString()).toBe('trees 4');
  });
});
