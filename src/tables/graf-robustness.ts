import { forestMedian, NOT_PUBLISHED } from './forest-median.js';
import { GRAF_SETS } from './graf-sets.js';
import { defineTable, type PaperTable, unavailable } from './paper-table.js';

const ATTACKS = ['aa_apgd-ce', 'aa_square', 'fgsm', 'pgd'];
/** Changes in 1/255, as the paper's script chooses them. */
const STRENGTHS = ['0.1', '0.5', '1.0'];
const SIZES = [32, 128, 1024];
const TWO_TARGETS = 'accuracy and attack at once';

export const grafRobustness: PaperTable = defineTable({
  id: 'graf-robustness',
  says: 'Kendall tau of a forest on the accuracy under attack of NAS-Bench-201 on CIFAR-10: median of 50 splits',
  cites: ['graf', 'nasbench201', 'suite-zero', 'robustness'],
  where: `${NOT_PUBLISHED}; a rerun of the authors' code for fgsm stands in zc-combine-rerun`,
  rowsAre: 'attack, labels',
  rows: [
    ...ATTACKS.flatMap((attack) =>
      STRENGTHS.flatMap((strength) => SIZES.map((size) => `${attack}@Linf_eps-${strength} ${size}`)),
    ),
    TWO_TARGETS,
  ],
  columnsAre: 'features',
  columns: Object.keys(GRAF_SETS),
  published: {},
  costly: true,
  cell(row, column) {
    if (row === TWO_TARGETS) return unavailable("the paper's forests with two targets are none of this package's predictors");
    const [target, size] = row.split(' ');
    return forestMedian({ benchmark: 'nasbench201', dataset: 'cifar10', target, set: column, train: Number(size) });
  },
});
