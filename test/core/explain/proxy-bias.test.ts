import { expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { split } from '../../../src/core/base/split.js';
import { featureTable, take } from '../../../src/core/base/table.js';
import { proxyBiases } from '../../../src/core/explain/proxy-bias.js';
import { features } from '../../../src/core/features/index.js';
import { r2 } from '../../../src/core/metrics/r2.js';
import { extraTrees } from '../../../src/core/models/extra-trees.js';
import { randomForest } from '../../../src/core/models/forest.js';
import { ridge } from '../../../src/core/models/ridge.js';
import { nasbench201 } from '../../../src/core/spaces/nasbench201.js';

const archs = Array.from({ length: 200 }, (_, i) => nasbench201.sample(rng(i)));
const x = features(
  archs.map((arch) => nasbench201.toGraph(arch)),
  ['op_count'],
);
const noise = rng(1);
const column = (name: string) => ({ name, says: name, family: 'zcp', unit: '' });
const proxies = featureTable(
  200,
  [column('counts'), column('noise')],
  [
    Float64Array.from(archs, (arch) => 10 * (arch.match(/2/g) ?? []).length + (arch.match(/0/g) ?? []).length),
    Float64Array.from(archs, () => noise.normal()),
  ],
);
const options = { split: split(200, { train: 120, rng: rng(2) }), rng: rng(3) };

test.each([
  ['a forest', randomForest({ trees: 20 })],
  ['extra trees', extraTrees({ trees: 20 })],
  ['a linear model', ridge()],
])('a proxy that counts operations is read off the graph by %s, noise is not', async (_, predictor) => {
  const [counts, nothing] = await proxyBiases(proxies, x, { ...options, predictor });
  expect(counts.r2).toBeGreaterThan(0.9);
  expect(counts.tau).toBeGreaterThan(0.8);
  expect(nothing.r2).toBeLessThan(0.2);
  expect(Math.abs(nothing.tau)).toBeLessThan(0.3);
  const { mean, columns } = counts.importance;
  expect(columns[mean.indexOf(Math.max(...mean))].name).toBe('op_count_2');
  expect([counts.train, counts.test]).toEqual([120, 80]);
  expect(r2(counts.predicted, take(proxies.values[0] as Float64Array, options.split.test))).toBe(counts.r2);
});

test('tables of other lengths are refused, an abort is heard, progress names the proxies', async () => {
  const predictor = randomForest({ trees: 2 });
  await expect(proxyBiases(take(proxies, [0, 1]), x, { ...options, predictor })).rejects.toThrow(ShapeError);
  const reason = new Error('enough');
  await expect(proxyBiases(proxies, x, { ...options, predictor, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const seen: unknown[] = [];
  await proxyBiases(proxies, x, { ...options, predictor, onProgress: ({ label }) => seen.push(label) });
  expect(seen).toEqual(['counts', 'noise']);
});
