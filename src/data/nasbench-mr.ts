import { DataError } from '../core/base/errors.js';
import { Cursor } from '../core/spaces/cursor.js';
import type { SearchSpace } from '../core/spaces/space.js';
import { readTuple, writeTuple } from '../core/spaces/tuple.js';
import { spaceWithoutGraphs } from '../core/spaces/without-graphs.js';
import type { DataColumn } from './benchmark.js';
import type { PickleValue } from './import/pickle-value.js';
import type { BenchmarkLoader } from './loader.js';
import { TableBuilder } from './table-builder.js';

/** Numbers of a code. */
const CODE = 27;

/**
 * HRNet-like networks: two input widths; for each of four stages with 1 to 4 branches the number of modules, the blocks
 * and then the widths of each branch; the last width.
 */
const space: SearchSpace<'nasbench-mr'> = spaceWithoutGraphs({
  id: 'nasbench-mr',
  title: 'NAS-Bench-MR',
  cite: 'Ding et al. 2022, arXiv 2103.13253',
  encoding: {
    id: 'code',
    says: 'tuple of 27 numbers: widths, modules, blocks',
    example: '(16, 16, 1, 1, 16, 1, 2, 1, 32, 64, 1, 1, 1, 1, 64, 56, 56, 1, 2, 2, 2, 1, 8, 56, 40, 32, 48)',
  },
  read(text) {
    const cursor = new Cursor('nasbench-mr', text);
    return writeTuple(readTuple(cursor, { count: CODE, low: 1, high: 128, says: 'a width or a count' }));
  },
});

const CLASSES = ['top1', 'top5'] as const;
const PIXELS = ['mIoU', 'mAcc', 'aAcc'] as const;
/** The settings under which the networks were trained, by NCP's names: what is measured; the first is the usual target. */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  'cls-50-1000': CLASSES,
  'cls-50-100': CLASSES,
  'cls-10-1000': CLASSES,
  'cls-10c': CLASSES,
  seg: PIXELS,
  'seg-4x': PIXELS,
  video: CLASSES,
  'video-p': CLASSES,
};

const SAYS: Readonly<Record<string, string>> = {
  top1: 'top-1 accuracy',
  top5: 'top-5 accuracy',
  mIoU: 'mean intersection over union of the classes',
  mAcc: 'pixel accuracy, mean of the classes',
  aAcc: 'pixel accuracy',
};

/** NAS-Bench-MR: 2,507 multi-resolution networks on classification, segmentation and video, in the files' order. */
export const nasbenchMr: BenchmarkLoader<'nasbench-mr'> = {
  id: 'nasbench-mr',
  title: 'NAS-Bench-MR',
  cite: 'Ding et al. 2022, arXiv 2103.13253',
  licence: 'BSD-2-Clause',
  space,
  datasets: Object.keys(SETTINGS),
  version: 1,
  files: (dataset) => [file(dataset)],
  async read(sources, dataset) {
    const source = sources.source(file(dataset));
    const nets = await sources.pickle(file(dataset));
    if (!Array.isArray(nets)) throw unfit(source, 'a list of networks', typeof nets);
    const archs = nets.map((net) => {
      const code = field(net, 'embedding');
      if (!Array.isArray(code)) throw unfit(source, 'the code of each network', typeof code);
      return writeTuple(code.map(Number));
    });
    const table = new TableBuilder(space, archs, source);
    const add = (column: Omit<DataColumn, 'dataset' | 'split' | 'source'>): void => {
      const values = Float64Array.from(nets, (net) => {
        const value = field(net, column.name);
        if (typeof value !== 'number') throw unfit(source, `a number as ${column.name}`, String(value));
        return value;
      });
      table.add({ ...column, dataset, split: '', source }, { archs, values });
    };
    for (const name of SETTINGS[dataset]) {
      add({ name, says: `${SAYS[name]} on ${dataset}`, family: 'accuracy', unit: '%', role: 'target', direction: 'higher' });
    }
    const cost = { family: 'zcp', role: 'proxy', direction: 'none' } as const;
    add({ ...cost, name: 'flops', says: 'operations of one forward pass, as published', unit: 'G' });
    add({ ...cost, name: 'params', says: 'number of parameters', unit: 'M' });
    return table.build(SETTINGS[dataset][0]);
  },
};

function file(dataset: string): string {
  return `NCP/${dataset}/trainval.pkl`;
}

function field(net: PickleValue, name: string): PickleValue | undefined {
  return net instanceof Map ? net.get(name) : undefined;
}

function unfit(path: string, expected: string, got: string): DataError {
  return new DataError({ path, expected, got, fix: 'The importer and this file do not fit: please report it.' });
}
