import { expect, it } from 'vitest';
import { spearman } from '../../src/core/metrics/spearman.js';
import type { Benchmark } from '../../src/data/benchmark.js';
import { featureSetColumns, featureSets } from '../../src/data/feature-sets.js';
import { load } from '../../src/data/load.js';
import { describeShared, readShared } from '../shared.js';
import { publishedData } from './cache.js';

const NASLIB = ['upstream', 'automl', 'NASLib', '9052f540457588af87633988cc1036bd2250419e', 'naslib', 'data'];
const ELEVEN = ['epe_nas', 'fisher', 'flops', 'grad_norm', 'grasp', 'jacov', 'l2_norm', 'params', 'plain', 'snip', 'synflow'];

type Published = Record<string, Record<string, Record<string, Record<string, number>>>>;

function labelled(bench: Benchmark): Benchmark {
  return bench.complete(['val_acc']);
}

function correlations(bench: Benchmark, names: readonly string[]): string[] {
  return names.map((name) => spearman(bench.column(name), bench.target()).toFixed(3));
}

function present(values: Float64Array): number {
  return values.filter((v) => !Number.isNaN(v)).length;
}

for (const [id, pool, pooled] of [
  ['nasbench101', 10_250, ['zen']],
  ['nasbench301', 11_221, ['nwot', 'zen']],
] as const) {
  describeShared(`${id}: 500 nets with labels, and a pool`, () => {
    publishedData();

    it('has every published number of the labelled nets, in the file’s order', async () => {
      const file = JSON.parse(readShared(...NASLIB, `zc_${id}.json`)) as Published;
      const nets = Object.entries(file[id].cifar10);
      const bench: Benchmark = labelled(await load(id, { pull: true }));
      expect(bench.archs).toEqual(nets.map(([net]) => bench.space.parse(net)));
      expect([...bench.target()]).toEqual(nets.map(([, scores]) => scores.val_accuracy));
      for (const name of ELEVEN) expect([...bench.column(name)]).toEqual(nets.map(([, scores]) => scores[name]));
    });

    it('has the pool behind them, without label, with its own proxies only', async () => {
      const bench: Benchmark = await load(id, { pull: true });
      expect(bench.size).toBe(500 + pool);
      expect(present(bench.target())).toBe(500);
      const names = bench.table('proxy').columns.map((c) => c.name);
      expect(names).toEqual([...ELEVEN, ...pooled].sort());
      for (const name of names) {
        const own = (pooled as readonly string[]).includes(name);
        expect(present(bench.column(name)), name).toBe(own ? pool : 500);
        expect(Number.isNaN(bench.column(name)[0]), name).toBe(own);
      }
    });

    it('learns from the proxies that labelled nets have: zcp is eleven', async () => {
      const bench: Benchmark = await load(id, { pull: true });
      expect(featureSetColumns(bench, 'zcp')).toEqual(ELEVEN);
      const rows = bench.complete(['val_acc', ...featureSetColumns(bench, 'zcp')]);
      expect(rows.size).toBe(500);
      expect(
        featureSets(rows, 'graf+zcp')
          .columns.slice(-11)
          .map((c) => c.name),
      ).toEqual(ELEVEN);
    });
  });
}

// Oracle for the numbers below: the same files read by Python 3.11 and pandas 1.5.
describeShared('nasbench101 numbers', () => {
  publishedData();

  it('has the known range and correlations', async () => {
    const bench = labelled(await load('nasbench101', { pull: true }));
    const accuracies = [...bench.target()];
    expect([Math.min(...accuracies).toFixed(2), Math.max(...accuracies).toFixed(2)]).toEqual(['73.38', '94.71']);
    const names = ['flops', 'params', 'synflow', 'l2_norm', 'snip', 'jacov'];
    expect(correlations(bench, names)).toEqual(['0.720', '0.716', '0.648', '0.547', '0.454', '-0.499']);
  });

  it('has the pool’s Zen-scores by net', async () => {
    const bench = await load('nasbench101', { pull: true });
    expect(bench.column('zen')[500]).toBe(125.2657241821289);
    expect(bench.column('zen')[bench.size - 1]).toBe(104.43119049072266);
  });
});

describeShared('nasbench301 numbers', () => {
  publishedData();

  it('has the known range and correlations', async () => {
    const bench = labelled(await load('nasbench301', { pull: true }));
    const accuracies = [...bench.target()];
    expect([Math.min(...accuracies).toFixed(2), Math.max(...accuracies).toFixed(2)]).toEqual(['90.73', '94.33']);
    const names = ['flops', 'params', 'l2_norm', 'grasp', 'plain', 'fisher'];
    expect(correlations(bench, names)).toEqual(['0.474', '0.507', '0.504', '0.295', '-0.344', '-0.307']);
  });

  it('has the pool’s scores by net', async () => {
    const bench = await load('nasbench301', { pull: true });
    expect([bench.column('nwot')[500], bench.column('zen')[500]]).toEqual([892.2072393859366, 167.30538940429688]);
    expect(bench.archs[500]).toMatch(/^\(\(\(0, 6\), \(1, 4\), \(0, 0\)/);
  });
});
