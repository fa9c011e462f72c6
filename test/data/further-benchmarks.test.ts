import { expect, it } from 'vitest';
import { ParseError, UnsupportedError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { spearman } from '../../src/core/metrics/spearman.js';
import { nasbenchMacro } from '../../src/core/spaces/nasbench-macro.js';
import { load } from '../../src/data/load.js';
import { describeShared } from '../shared.js';
import { publishedData } from './cache.js';

function present(values: Float64Array): Float64Array {
  return values.filter((v) => !Number.isNaN(v));
}

describeShared('nasbench-macro', () => {
  publishedData();

  it('holds all 6,561 networks with the known best', async () => {
    const bench = await load('nasbench-macro', { pull: true });
    expect(bench.size).toBe(6_561);
    expect(Math.max(...bench.target()).toFixed(3)).toBe('93.127');
    // The file's own first entry.
    const row = bench.archs.indexOf(bench.space.parse('02012100'));
    expect(bench.target()[row]).toBe(89.19666544596355);
    expect(bench.column('test_acc_run1')[row]).toBe(89.47000122070312);
    expect([bench.column('params')[row], bench.column('flops')[row]]).toEqual([0.890666, 47.327744]);
    expect(bench.graphs[row]).toMatchObject({
      kind: 'sequence',
      blocks: ['identity', 'mb6_k5', 'identity', 'mb3_k3', 'mb6_k5', 'mb3_k3', 'identity', 'identity'],
    });
  });

  it('has a space whose texts are inverse, with 16 neighbours each', () => {
    const random = rng(1);
    for (let i = 0; i < 50; i++) {
      const arch = nasbenchMacro.sample(random);
      expect(nasbenchMacro.parse(nasbenchMacro.format(arch))).toBe(arch);
      expect(new Set(nasbenchMacro.neighbours(arch)).size).toBe(16);
    }
    for (const bad of ['0201210', '020121003', '02012103', '(1, 2)', ''])
      expect(() => nasbenchMacro.parse(bad)).toThrow(ParseError);
  });
});

describeShared('nasbench-mr', () => {
  publishedData();

  it('holds the same 2,507 networks under each of eight settings', async () => {
    const [a, b] = [await load('nasbench-mr', { pull: true }), await load('nasbench-mr', { dataset: 'seg', pull: true })];
    expect([a.size, b.size]).toEqual([2_507, 2_507]);
    expect(b.archs).toEqual(a.archs);
    expect([a.defaultTarget, b.defaultTarget]).toEqual(['top1', 'mIoU']);
    // The files' own first entries.
    expect([a.target()[0], a.column('flops')[0], a.column('params')[0]]).toEqual([84.12, 13.727426866, 28.290994]);
    expect([b.column('mIoU')[0], b.column('mAcc')[0], b.column('aAcc')[0]]).toEqual([76.09, 83.87, 96.1]);
    expect([...b.column('flops')]).toEqual([...a.column('flops')]);
  });

  it('has texts but no graphs, and says so', async () => {
    const bench = await load('nasbench-mr', { pull: true });
    expect(bench.archs[2]).toBe('(16, 16, 1, 1, 16, 1, 2, 1, 32, 64, 1, 1, 1, 1, 64, 56, 56, 1, 2, 2, 2, 1, 8, 56, 40, 32, 48)');
    expect(() => bench.graphs).toThrow(UnsupportedError);
    expect(() => bench.space.parse('(16, 16)')).toThrow(ParseError);
  });
});

describeShared('suite-extra', () => {
  publishedData();

  it('holds networks of three spaces on three data sets, each with thirteen proxies', async () => {
    const sizes: Record<string, number> = {};
    for (const space of ['nasbench201', 'nasbench301', 'transnas-micro'] as const) {
      for (const task of ['ninapro', 'svhn', 'scifar100']) {
        const bench = await load('suite-extra', { dataset: `${space}-${task}`, pull: true });
        expect(bench.space.id).toBe(space);
        expect(bench.table('proxy').columns).toHaveLength(13);
        expect(present(bench.target())).toHaveLength(bench.size);
        sizes[space] = bench.size;
      }
    }
    expect(sizes).toEqual({ nasbench201: 199, nasbench301: 199, 'transnas-micro': 192 });
  });

  it('has the numbers of the file’s first entries', async () => {
    const bench = await load('suite-extra', { dataset: 'nasbench201-scifar100', pull: true });
    expect(bench.archs[0]).toBe('(3, 3, 3, 0, 1, 4)');
    expect([bench.target()[0], bench.column('epe_nas')[0]]).toEqual([29.959998724365235, 178.77442934456272]);
    const micro = await load('suite-extra', { dataset: 'transnas-micro-svhn', pull: true });
    expect([micro.target()[0], micro.column('epe_nas')[0]]).toEqual([95.31730178242164, 506.69578321965463]);
  });
});

describeShared('timm', () => {
  publishedData();

  it('holds 1,556 tests of models, 1,461 of them with costs', async () => {
    const bench = await load('timm', { pull: true });
    expect(bench.size).toBe(1_556);
    expect(bench.archs[0]).toBe('eva02_large_patch14_448.mim_m38m_ft_in22k_in1k@448');
    expect([bench.target()[0], bench.column('top1_real')[0], bench.column('top1_v2')[0]]).toEqual([90.056, 91.144, 82.71]);
    expect(bench.column('params')[bench.archs.findIndex((arch) => arch.startsWith('eva_giant_patch14_336.clip'))]).toBe(1013.01);
    expect(present(bench.column('gmacs'))).toHaveLength(1_461);
    expect(new Set(bench.archs.map((arch) => arch.split('@', 1)[0])).size).toBe(1_266);
    expect(spearman(bench.column('top1'), bench.column('top1_v2'))).toBeGreaterThan(0.95);
  });
});
