import { forestMedian, standInMedian } from './forest-median.js';
import { GRAF_SETS } from './graf-sets.js';
import { defineTable, type PaperTable } from './paper-table.js';

/** Of the 500 labelled nets as many as leave a hundred to rank. */
const FEWER_LABELS = 400;

const REDUCED: Readonly<Record<string, { readonly benchmark: 'nasbench101' | 'nasbench301'; readonly nets: string }>> = {
  NB101: { benchmark: 'nasbench101', nets: '9,781' },
  NB301: { benchmark: 'nasbench301', nets: '11,221' },
};

export const grafNb201: PaperTable = defineTable({
  id: 'graf-nb201-c10-1024',
  says: 'Kendall tau of a random forest on CIFAR-10 validation accuracy, 1,024 labels: median of 50 splits',
  cites: ['graf', 'nasbench101', 'nasbench201', 'nasbench301', 'suite-zero'],
  where: "authors' blog post (gabikadlecova.github.io), vector figure cifar10-NBx01_1024.svg, read from coordinates (±.0005)",
  rowsAre: 'search space',
  rows: ['NB101', 'NB201', 'NB301'],
  columnsAre: 'features',
  columns: Object.keys(GRAF_SETS),
  published: {
    NB101: [
      [0.601, 0.5852, 0.6069],
      [0.7058, 0.7, 0.7122],
      [0.7088, 0.7022, 0.7157],
      [0.6318, 0.6243, 0.6374],
      [0.6525, 0.6449, 0.6594],
      [0.7321, 0.7277, 0.7398],
      [0.7321, 0.7275, 0.7402],
    ],
    NB201: [
      [0.7361, 0.731, 0.7441],
      [0.8282, 0.8243, 0.8309],
      [0.8292, 0.8262, 0.8328],
      [0.8111, 0.8088, 0.8135],
      [0.8182, 0.8154, 0.8209],
      [0.8449, 0.8421, 0.8474],
      [0.8449, 0.8423, 0.8472],
    ],
    NB301: [
      [0.4788, 0.4666, 0.4885],
      [0.614, 0.6033, 0.6213],
      [0.6148, 0.6042, 0.623],
      [0.3843, 0.3814, 0.3867],
      [0.4784, 0.4747, 0.4851],
      [0.6416, 0.629, 0.6486],
      [0.6415, 0.629, 0.6487],
    ],
  },
  cell(row, column) {
    const of = { dataset: 'cifar10', target: 'val_acc', set: column } as const;
    if (row === 'NB201') return forestMedian({ ...of, benchmark: 'nasbench201', train: 1024 });
    const { benchmark, nets } = REDUCED[row];
    const note = `${FEWER_LABELS} labels and 100 test nets of the 500 that are published, with 11 of the 13 proxies, instead of 1,024 of ${nets}`;
    return standInMedian({ ...of, benchmark, train: FEWER_LABELS, population: 'labelled' }, note);
  },
});
