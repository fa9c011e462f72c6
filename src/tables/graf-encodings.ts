import { forestMedian, standInMedian } from './forest-median.js';
import { type CellSource, defineTable, type PaperTable, type PublishedValue, unavailable } from './paper-table.js';

/** The encodings by their heads in the paper. */
const ENCODINGS: Readonly<Record<string, string>> = { OH: 'onehot', PE: 'path', WL: 'wl', A2V: 'arch2vec', GRAF: 'graf' };

const ROWS = [
  'NB201 cifar10 32',
  'NB201 cifar10 128',
  'NB201 cifar10 1024',
  'TNB-micro class_scene 32',
  'TNB-micro class_scene 128',
  'TNB-micro class_scene 1024',
  'NB101 cifar10 128',
  'NB301 cifar10 128',
];

/** Of these only one-hot and GRAF are in the figures. */
const PUBLISHED: Readonly<Record<string, readonly (PublishedValue | null)[]>> = {
  'NB201 cifar10 1024': [[0.7361, 0.731, 0.7441], null, null, null, [0.8282, 0.8243, 0.8309]],
  'TNB-micro class_scene 32': [[0.2748, 0.2517, 0.3202], null, null, null, [0.578, 0.5587, 0.6059]],
  'TNB-micro class_scene 128': [[0.5124, 0.4863, 0.5387], null, null, null, [0.6756, 0.6672, 0.6832]],
  'TNB-micro class_scene 1024': [[0.7226, 0.7171, 0.7275], null, null, null, [0.7467, 0.7426, 0.7525]],
};

const STAND_INS: Readonly<Record<string, 'nasbench101' | 'nasbench301'>> = { NB101: 'nasbench101', NB301: 'nasbench301' };

/** How good encodings of a cell are by themselves, one-hot to GRAF. */
export const grafEncodings: PaperTable = defineTable({
  id: 'graf-encodings',
  says: 'encodings compared: Kendall tau of a forest on one-hot, paths, Weisfeiler-Lehman subtrees, arch2vec or GRAF, median of 50 splits',
  cites: [
    'graf',
    'nasbench101',
    'nasbench201',
    'nasbench301',
    'transnas',
    'suite-zero',
    'arch2vec',
    'weisfeiler-lehman',
    'nas-bowl',
  ],
  where:
    "authors' blog post (gabikadlecova.github.io), vector figures cifar10-NBx01_1024.svg and tnb101_micro-small-1-crop.svg (±.0005): one-hot and GRAF; no source shows the others",
  rowsAre: 'space, labels',
  rows: ROWS,
  columnsAre: 'encoding',
  columns: Object.keys(ENCODINGS),
  published: PUBLISHED,
  cell(row, column): CellSource {
    const [space, dataset, size] = row.split(' ');
    if (column === 'A2V' && space !== 'NB201') return unavailable('arch2vec embeddings were published for NB201 only');
    const of = { dataset, target: 'val_acc', set: ENCODINGS[column], train: Number(size) } as const;
    // The reference fits its subtrees on the training nets; those that only test nets have are constant there, and no tree sees them.
    if (space === 'NB201') return forestMedian({ ...of, benchmark: 'nasbench201' });
    if (space === 'TNB-micro') return forestMedian({ ...of, benchmark: 'transnas-micro' });
    const note = 'the 500 labelled nets that are published';
    return standInMedian({ ...of, benchmark: STAND_INS[space], population: 'labelled' }, note);
  },
});
