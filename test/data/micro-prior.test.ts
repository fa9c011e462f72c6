import { expect, test } from 'vitest';
import { UnsupportedError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { spearman } from '../../src/core/metrics/spearman.js';
import { spaces } from '../../src/core/spaces/index.js';
import { featureSetColumns, featureSets } from '../../src/data/feature-sets.js';
import { load } from '../../src/data/load.js';
import { microPrior } from '../../src/data/micro-prior.js';
import { benchmark } from '../../src/data/own-table.js';

const space = spaces.nasbench201;
const archs = Array.from({ length: 12 }, (_, i) => space.sample(rng(i)));
const cells = archs.map((arch) => space.toGraph(arch));
const columns = microPrior(cells);

test('says of each column where its numbers come from', () => {
  expect(columns.columns.map(({ name }) => name)).toEqual(['micro_acc', 'micro_psnr', 'micro_iou']);
  for (const { says, family } of columns.columns) {
    expect(says).toMatch(/small networks trained on drawn scenes suggest \(MicroBench E201, predicted from GRAF\)/);
    expect(family).toBe('micro');
  }
});

test('looks at each cell by itself: neither its neighbours in the table nor their order matter', () => {
  const turned = microPrior(cells.slice(3, 7).reverse());
  turned.values.forEach((values, c) => {
    expect([...values]).toEqual([...columns.values[c].slice(3, 7)].reverse());
  });
});

test('knows no label of the benchmark: other labels, the same columns', () => {
  const [low, high] = [-5, 90].map((from) =>
    benchmark({ net: archs, acc: archs.map((_, i) => from + i) }, { space: 'nasbench201', arch: 'net', targets: ['acc'] }),
  );
  const of = (bench: typeof low) => featureSets(bench, 'graf+micro').values.slice(-3);
  expect(of(low)).toEqual(of(high));
  expect(of(low)).toEqual(columns.values);
  expect(featureSetColumns(low, 'graf+micro')).toEqual([]);
});

test('has learned its labels: it orders the trained networks nearly as their trainings do', async () => {
  const trained = (await load('microbench', { dataset: 'E201' })).rows(Int32Array.from({ length: 150 }, (_, i) => 8 * i));
  const { values } = microPrior(trained.graphs);
  const agree = ['cls.acc', 'den.psnr', 'seg.iou'].map((metric, m) => spearman(values[m], trained.target(metric)));
  expect(Math.min(...agree)).toBeGreaterThan(0.9);
});

test('is refused where it would mean nothing: on the labels that it learned, and in other spaces', async () => {
  const trained = await load('microbench', { dataset: 'E201' });
  expect(() => featureSets(trained, 'micro')).toThrow(UnsupportedError);
  const other = benchmark({ net: ['64-41414-3_33_333'], acc: [1] }, { space: 'transnas-micro', arch: 'net', targets: ['acc'] });
  expect(() => featureSets(other, 'micro')).toThrow(/cells of nasbench201 only/);
});
