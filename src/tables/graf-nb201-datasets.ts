import { forestMedian, NOT_PUBLISHED, needsProxies } from './forest-median.js';
import { GRAF_SETS } from './graf-sets.js';
import { defineTable, type PaperTable, unavailable } from './paper-table.js';

/** CIFAR-10 with 1,024 labels has a table of its own, beside the published figure. */
const ROWS = [
  'cifar10 32',
  'cifar10 128',
  'cifar100 32',
  'cifar100 128',
  'cifar100 1024',
  'ImageNet16-120 32',
  'ImageNet16-120 128',
  'ImageNet16-120 1024',
];

/** Why cells with proxies are empty on CIFAR-100. */
export const NO_CIFAR100_PROXIES = 'the thirteen proxies of all nets were published for CIFAR-10 and ImageNet16-120 only';

export const grafNb201Datasets: PaperTable = defineTable({
  id: 'graf-nb201-datasets',
  says: 'Kendall tau of a forest on the accuracies of NAS-Bench-201 on its three data sets: median of 50 splits',
  cites: ['graf', 'nasbench201', 'suite-zero'],
  where: NOT_PUBLISHED,
  rowsAre: 'data set and labels',
  rows: ROWS,
  columnsAre: 'features',
  columns: Object.keys(GRAF_SETS),
  published: {},
  cell(row, column) {
    const [dataset, size] = row.split(' ');
    if (dataset === 'cifar100' && needsProxies(column)) return unavailable(NO_CIFAR100_PROXIES);
    return forestMedian({ benchmark: 'nasbench201', dataset, target: 'val_acc', set: column, train: Number(size) });
  },
});
