import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataError } from '../../src/core/base/errors.js';
import { readCg } from '../../src/core/ir/cg-json-read.js';
import { nasbench101 } from '../../src/core/spaces/nasbench101.js';
import { loadGraphs } from '../../src/data/graph-benchmark.js';
import { crc32c } from '../../src/data/import/crc32c.js';
import { readTfRecords } from '../../src/data/import/tfrecord.js';
import { load } from '../../src/data/load.js';
import { importOwn } from '../../src/data/own-imports.js';
import { describeShared, shared } from '../shared.js';
import { PythonObject, writePickle } from './import/write-pickle.js';
import { type Evaluation, modelMetrics, slowCrc32c, writeTfRecords } from './import/write-tfrecord.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nascope-own-'));
  vi.stubEnv('NASCOPE_DATA', join(folder, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function records(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const record of readTfRecords(path)) found.push(Buffer.from(record).toString());
  return found;
}

describe('TFRecord files', () => {
  it('have the checksum of RFC 3720 and of its own test vectors', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
    const text = new TextEncoder().encode('123456789');
    expect([crc32c(text), slowCrc32c(text)]).toEqual([0xe3069283, 0xe3069283]);
  });

  it('are read record by record, whatever lies across the ends of what is read at a time', async () => {
    const texts = ['', 'a', 'x'.repeat(5_000_000), 'y'.repeat(4_194_280), 'end'];
    const path = file('a.tfrecord', writeTfRecords(texts.map((text) => new TextEncoder().encode(text))));
    expect(await records(path)).toEqual(texts);
    expect(await records(file('empty.tfrecord', ''))).toEqual([]);
  });

  it('are refused by name wherever they are cut short or changed', async () => {
    const bytes = writeTfRecords([new TextEncoder().encode('hello'), new TextEncoder().encode('world')]);
    for (let end = 1; end < bytes.length; end++) {
      if (end === bytes.length / 2) continue;
      await expect(records(file('cut', bytes.subarray(0, end)))).rejects.toThrow(DataError);
    }
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] ^= 0x10;
      await expect(records(file('changed', changed))).rejects.toThrow(DataError);
    }
  });
});

/** A row of the published file. */
function row(matrix: string, ops: string, epochs: number, final: Evaluation, params = 12_345_678): Uint8Array {
  const arch = nasbench101.parse(
    `(${[...matrix].join(', ')}, ${ops
      .split(',')
      .map((op) => OPS.indexOf(op))
      .join(', ')})`,
  );
  const early = { seconds: 1, train: 0.1, validation: 0.1, test: 0.1 };
  const metrics = Buffer.from(modelMetrics([early, early, final], params)).toString('base64');
  return new TextEncoder().encode(JSON.stringify([nasbench101.identity(arch), epochs, matrix, ops, metrics]));
}
const OPS = ['input', 'output', 'maxpool3x3', 'conv1x1-bn-relu', 'conv3x3-bn-relu'];
const CHAIN = ['010001000', 'input,conv3x3-bn-relu,output'] as const;
const DIRECT = ['0100', 'input,output'] as const;

describe('data import nasbench101', () => {
  const run = (validation: number, test: number): Evaluation => ({ seconds: 100, train: 1, validation, test });

  it('gives every cell with its means and runs, in percent, loadable as the dataset "full"', async () => {
    const rows = [
      row(...CHAIN, 108, run(0.9, 0.8)),
      row(...CHAIN, 108, run(0.92, 0.84)),
      row(...CHAIN, 4, run(0.5, 0.4)),
      row(...DIRECT, 108, run(0.7, 0.6), 999),
      row(...CHAIN, 108, run(0.94, 0.82)),
      row(...DIRECT, 4, run(0.3, 0.2), 999),
    ];
    const kept = await importOwn('nasbench101', file('nasbench_full.tfrecord', writeTfRecords(rows)));
    expect(kept).toEqual({ id: 'nasbench101', dataset: 'full', rows: 2 });
    const bench = await load('nasbench101', { dataset: 'full' });
    expect(bench.archs).toEqual(['(0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 4, 1)', '(0, 1, 0, 0, 0, 1)']);
    expect(bench.graphs[1]).toMatchObject({ nodes: ['input', 'output'] });
    const rounded = (name: string): number[] => [...bench.column(name)].map((v) => Number(v.toFixed(9)));
    expect(rounded('val_acc')).toEqual([92, 70]);
    expect(rounded('test_acc')).toEqual([82, 60]);
    expect(rounded('val_acc_4')).toEqual([50, 30]);
    expect(rounded('train_seconds')).toEqual([100, 100]);
    expect(rounded('val_acc_run2')).toEqual([92, Number.NaN]);
    expect(rounded('params')).toEqual([12_345_678, 999]);
    expect(bench.columns[0].source).toMatch(/nasbench_full.tfrecord \(sha256 [0-9a-f]{64}\)/);
  });

  it('takes the place of an earlier import', async () => {
    await importOwn('nasbench101', file('a.tfrecord', writeTfRecords([row(...CHAIN, 108, run(0.9, 0.8))])));
    await importOwn('nasbench101', file('b.tfrecord', writeTfRecords([row(...DIRECT, 108, run(0.5, 0.4))])));
    expect((await load('nasbench101', { dataset: 'full' })).size).toBe(1);
    expect((await load('nasbench101', { dataset: 'full' })).target()[0]).toBe(50);
    expect(readdirSync(join(folder, 'cache', 'tables'))).toHaveLength(1);
  });

  it('says how to import what is not there', async () => {
    await expect(load('nasbench101', { dataset: 'full' })).rejects.toThrow(/data import nasbench101 FILE/);
    await expect(load('nasbench101', { dataset: 'mnist' })).rejects.toThrow(/cifar10, full/);
  });

  const good = JSON.parse(Buffer.from(row(...CHAIN, 108, run(0.9, 0.8))).toString());
  it.each<[string, unknown]>([
    ['that is no JSON', '{'],
    ['with a part missing', good.slice(1)],
    ['with another hash than its cell has', ['0'.repeat(32), ...good.slice(1)]],
    ['with an operation that is none', [good[0], 108, good[2], 'input,conv9x9,output', good[4]]],
    ['with a matrix that is not square', [good[0], 108, '01000100', good[3], good[4]]],
    ['without metrics', [good[0], 108, good[2], good[3], '']],
    ['with metrics that are no message', [good[0], 108, good[2], good[3], '/////w==']],
  ])('refuses a record %s, by its number', async (_, value) => {
    const bytes = new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
    const path = file('bad.tfrecord', writeTfRecords([bytes]));
    await expect(importOwn('nasbench101', path)).rejects.toThrow(DataError);
    await expect(importOwn('nasbench101', path)).rejects.toThrow(/record 0/);
  });

  it('refuses a file that is absent or empty', async () => {
    await expect(importOwn('nasbench101', join(folder, 'nowhere'))).rejects.toThrow(/ENOENT/);
    await expect(importOwn('nasbench101', file('none.tfrecord', ''))).rejects.toThrow(DataError);
  });
});

describeShared('data import gennape and aiop', () => {
  const golden = (name: string): Record<string, unknown> =>
    JSON.parse(readFileSync(shared('goldens', 'cg', name), 'utf8')) as Record<string, unknown>;
  const nets = ['hiaml_best.json', 'nb201_best.json', 'nb101_best.json'].map(golden);
  /** As the authors' program pickles a graph: objects of their classes. */
  const asObjects = (cg: Record<string, unknown>): PythonObject => {
    const module = 'model_src.comp_graph.tf_comp_graph';
    const list = (kind: string, name: string) => (cg[kind] as unknown[]).map((node) => new PythonObject(module, name, node));
    return new PythonObject(module, 'ComputeGraph', {
      ...cg,
      regular_nodes: list('regular_nodes', 'RegularNode'),
      weighted_nodes: list('weighted_nodes', 'WeightedNode'),
    });
  };
  const entry = (cg: Record<string, unknown>, i: number): Record<string, unknown> => ({
    'compute graph': asObjects(cg),
    acc: 0.9 + i / 100,
    flops: 1e6 * (i + 1),
    n_params: 1000 + i,
    'original config': ['any', i],
  });

  it('reads a pickled cache into graphs equal to the authors’, with their labels', async () => {
    const path = file('gpi_nb101_comp_graph_cache.pkl', writePickle(nets.map(entry)));
    expect(await importOwn('gennape', path)).toEqual({ id: 'gennape', dataset: 'nb101', rows: 3 });
    const bench = await loadGraphs('gennape');
    expect(bench.names).toEqual(['HiAMLNet4153', 'NB201-Net1552', 'NB101-Net10043']);
    expect([...bench.target()]).toEqual([0.9, 0.91, 0.92]);
    expect([...bench.column('flops')]).toEqual([1e6, 2e6, 3e6]);
    expect(bench.columns.map((c) => [c.name, c.role])).toEqual([
      ['acc', 'target'],
      ['flops', 'proxy'],
      ['n_params', 'proxy'],
    ]);
    for (let i = 0; i < 3; i++) expect(bench.graph(i)).toEqual(readCg(nets[i]));
  });

  it('reads a labelled JSON file, and keeps datasets apart', async () => {
    const data = Object.fromEntries(nets.map((cg, i) => [`net${i}`, { net_config: [i], max_perf: 93 + i, perfs: [1, 2], cg }]));
    const text = JSON.stringify(data);
    await importOwn('gennape', file('gpi_test_hiaml_cifar10_labelled_cg_data.json', text));
    await importOwn('gennape', file('inception_cifar10_labelled_cg_data.json', text));
    await expect(loadGraphs('gennape')).rejects.toThrow(/hiaml, inception/);
    const bench = await loadGraphs('gennape', 'hiaml');
    expect([...bench.target()]).toEqual([93, 94, 95]);
    expect(bench.graph(0)).toEqual(readCg(nets[0]));
    expect(() => bench.graph(3)).toThrow(/0\.\.2/);
    expect(() => bench.target('accuracy')).toThrow(/max_perf/);
  });

  it('reads AIO-P’s scores of other tasks', async () => {
    const scored = nets.map((cg, i) => ({ ...entry(cg, i), obj_det_AP: 30 + i }));
    const path = file('gpi_ofa_pn_obj_det_coco_ind_comp_graph_cache.pkl', writePickle(scored));
    expect((await importOwn('aiop', path)).dataset).toBe('ofa_pn_obj_det_coco_ind');
    expect([...(await loadGraphs('aiop')).target('obj_det_AP')]).toEqual([30, 31, 32]);
  });

  it('leaves out graphs that are none, with a warning, and refuses a file of nothing else', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const broken = { ...nets[0], edge_pairs: [[0, 9999]] };
    const some = file('gpi_nb201c10_comp_graph_cache.pkl', writePickle([broken, nets[1]].map(entry)));
    expect((await importOwn('gennape', some)).rows).toBe(1);
    expect(String(warned.mock.calls[0][0])).toMatch(/1 of 2 graphs were left out.*edge_pairs/);
    warned.mockRestore();
    const none = file('gpi_nb301_comp_graph_cache.pkl', writePickle([entry(broken, 0)]));
    await expect(importOwn('gennape', none)).rejects.toThrow(DataError);
  });

  it('refuses other files by name', async () => {
    await expect(importOwn('gennape', file('cache.pkl', writePickle([])))).rejects.toThrow(/gpi_FAMILY/);
    await expect(importOwn('gennape', file('gpi_a_comp_graph_cache.pkl', writePickle({})))).rejects.toThrow(DataError);
    await expect(importOwn('gennape', file('gpi_a_comp_graph_cache.pkl', writePickle([1])))).rejects.toThrow(DataError);
    await expect(importOwn('gennape', file('a_cifar10_labelled_cg_data.json', '['))).rejects.toThrow(DataError);
    await expect(importOwn('gennape', file('a_cifar10_labelled_cg_data.json', '{"a": {}}'))).rejects.toThrow(DataError);
  });
});
