import type { Experiment } from '../../src/tables/experiment.js';
import { computed, defineTable, type PaperTable, unavailable } from '../../src/tables/paper-table.js';
import type { ResultLine } from '../../src/tables/results-file.js';

const experiment = (id: string): Experiment => ({
  id,
  benchmark: 'nasbench201',
  dataset: 'cifar10',
  seeds: [42, 43, 44],
  run: async (seed) => ({ tau: seed / 100 }),
});

/** Rows by what becomes of them; text that every format must escape. */
export const smallTable: PaperTable = defineTable({
  id: 'small',
  says: 'what <b>becomes</b> of cells_&_rows, 100 %',
  cites: ['graf'],
  where: 'nowhere "at all"',
  rowsAre: 'row',
  rows: ['same', 'other', 'stand-in', 'not shown', 'not here'],
  columnsAre: 'statistic',
  columns: ['median', 'a,b "c"'],
  published: { same: [[0.43, 0.42, 0.44], 0.4], other: [0.5, null], 'stand-in': [0.43, null], 'not here': [0.7, -0.2] },
  cell(row, column) {
    if (row === 'not here') return unavailable('no labels of it');
    const summary = column === 'median' ? 'median' : 'mean';
    const cell = computed(experiment(`e ${row}`), 'tau', { summary, tolerance: { abs: 0.005, because: 'read from a figure' } });
    return row === 'stand-in' ? { ...cell, look: 'stand-in', note: 'half of the nets' } : cell;
  },
});

/** Tau of seeds 42, 43, 44 in each experiment. */
export const smallLines: readonly ResultLine[] = smallTable.rows.slice(0, 4).flatMap((row) =>
  [0.41, 0.433, 0.52].map((tau, i) => ({
    experiment: `e ${row}`,
    seed: 42 + i,
    data: 'd',
    code: 'c',
    seconds: 1.5,
    values: { tau, undefined_here: null },
  })),
);
