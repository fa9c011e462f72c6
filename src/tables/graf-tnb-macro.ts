import { TRANSNAS_TASKS } from '../data/transnas.js';
import { forestMedian, NOT_PUBLISHED, needsProxies } from './forest-median.js';
import { GRAF_SETS } from './graf-sets.js';
import { defineTable, type PaperTable, unavailable } from './paper-table.js';

const SIZES = [32, 128, 1024];

export const grafTnbMacro: PaperTable = defineTable({
  id: 'graf-tnb-macro',
  says: "Kendall tau of a forest on the seven tasks of TransNAS-Bench-101 macro, all 3,256 nets in NASLib's order: median of 50 splits",
  cites: ['graf', 'transnas', 'suite-zero'],
  where: NOT_PUBLISHED,
  rowsAre: 'task and labels',
  rows: TRANSNAS_TASKS.flatMap((task) => SIZES.map((size) => `${task} ${size}`)),
  columnsAre: 'features',
  columns: Object.keys(GRAF_SETS),
  published: {},
  cell(row, column) {
    if (needsProxies(column)) return unavailable('no file has the thirteen proxies of the macro space');
    const [dataset, size] = row.split(' ');
    const of = { benchmark: 'transnas-macro', dataset, target: 'val_acc', population: 'labelled' } as const;
    return forestMedian({ ...of, set: column, train: Number(size) });
  },
});
