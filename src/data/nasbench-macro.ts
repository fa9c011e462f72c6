import { DataError } from '../core/base/errors.js';
import { nasbenchMacro as space } from '../core/spaces/nasbench-macro.js';
import type { DataColumn } from './benchmark.js';
import type { BenchmarkLoader } from './loader.js';
import { TableBuilder } from './table-builder.js';

const FILE = 'NAS-Bench-Macro/nas-bench-macro_cifar10.json';
const RUNS = 3;

interface Net {
  readonly test_acc: readonly number[];
  readonly mean_acc: number;
  readonly params: number;
  readonly flops: number;
}

/** NAS-Bench-Macro: all 6,561 networks of eight blocks, each trained three times on CIFAR-10; rows in counting order. */
export const nasbenchMacro: BenchmarkLoader<'nasbench-macro'> = {
  id: 'nasbench-macro',
  title: 'NAS-Bench-Macro',
  cite: 'Su et al. 2021, arXiv 2103.11922',
  licence: 'Apache-2.0',
  space,
  datasets: ['cifar10'],
  version: 1,
  files: () => [FILE],
  async read(sources, dataset) {
    const source = sources.source(FILE);
    const nets = (await sources.json(FILE)) as Readonly<Record<string, Net>>;
    const archs = Object.keys(nets).sort();
    const wrong = archs.find((arch) => nets[arch].test_acc?.length !== RUNS || !(nets[arch].params > 0));
    if (wrong !== undefined) {
      const got = JSON.stringify(nets[wrong]).slice(0, 80);
      throw new DataError({ path: source, expected: `${RUNS} accuracies of ${wrong}`, got, fix: 'Fetch the file anew.' });
    }
    const table = new TableBuilder(space, archs, source);
    const add = (column: Omit<DataColumn, 'dataset' | 'source'>, of: (net: Net) => number): void =>
      table.add({ ...column, dataset, source }, { archs, values: Float64Array.from(archs, (arch) => of(nets[arch])) });
    const accuracy = { family: 'accuracy', unit: '%', role: 'target', direction: 'higher', split: 'test' } as const;
    add({ ...accuracy, name: 'test_acc', says: 'test accuracy, mean of three trainings' }, (net) => net.mean_acc);
    for (let i = 0; i < RUNS; i++) {
      const run = { ...accuracy, name: `test_acc_run${i + 1}`, says: `test accuracy of training ${i + 1}` };
      add(i === 0 ? run : { ...run, repeats: 'test_acc_run1' }, (net) => net.test_acc[i]);
    }
    const cost = { family: 'zcp', unit: 'M', role: 'proxy', direction: 'none', split: '' } as const;
    add({ ...cost, name: 'flops', says: 'floating-point operations of one forward pass' }, (net) => net.flops / 1e6);
    add({ ...cost, name: 'params', says: 'number of parameters' }, (net) => net.params / 1e6);
    return table.build('test_acc');
  },
};
