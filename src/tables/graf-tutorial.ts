import { seedsFrom42 } from './experiment.js';
import { computed, defineTable, type PaperTable, type Tolerance } from './paper-table.js';
import { splitScores } from './split-scores.js';

const VALUES: Readonly<Record<string, string>> = { 'R²': 'r2', 'squared error': 'mse', Spearman: 'spearman', tau: 'tau' };
const MEAN = 'mean of 50 splits';
const FIRST = 'split 42';

/**
 * How far two forests of different randomness lie apart: three standard deviations of the difference, from 44 forests on the
 * splits 42 to 45, in the order of the columns.
 */
const ABS: Readonly<Record<string, readonly number[]>> = {
  [FIRST]: [0.032, 1.5, 0.014, 0.02],
  [MEAN]: [0.006, 0.27, 0.0014, 0.002],
};

export const grafTutorial: PaperTable = defineTable({
  id: 'graf-tutorial',
  says: 'the tutorial notebook of the GRAF library: forest on ZCP+GRAF, 100 labels, NB201 CIFAR-10',
  cites: ['graf', 'nasbench201', 'suite-zero'],
  where: 'notebook tutorial/graf.ipynb of gabikadlecova/GRAF, its printed output',
  rowsAre: 'splits',
  rows: [FIRST, MEAN],
  columnsAre: 'metric',
  oneQuantity: false,
  columns: Object.keys(VALUES),
  published: {
    [FIRST]: [0.604261, 18.675461, 0.914076, 0.744371],
    [MEAN]: [0.743025, 12.09255, 0.926532, 0.767057],
  },
  cell(row, column) {
    // The library writes unreachable nodes as other numbers than `main`, at the same end of their order: no tree sees it.
    const experiment = splitScores({
      benchmark: 'nasbench201',
      dataset: 'cifar10',
      target: 'val_acc',
      features: 'graf+zcp',
      version: 'main',
      predictor: 'rf',
      train: 100,
      seeds: seedsFrom42(row === FIRST ? 1 : 50),
    });
    const tolerance: Tolerance = {
      abs: ABS[row][Object.keys(VALUES).indexOf(column)],
      because: "the tutorial's forest has no fixed seed; three standard deviations of the difference between two such forests",
    };
    return computed(experiment, VALUES[column], { summary: row === FIRST ? 'only' : 'mean', tolerance });
  },
});
