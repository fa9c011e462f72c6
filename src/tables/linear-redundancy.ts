import { features, linearSelection } from '../core/features/index.js';
import type { BenchmarkId } from '../data/index.js';
import { protocols } from '../data/protocol.js';
import { type Experiment, ONCE } from './experiment.js';
import { computed, defineTable, type PaperTable } from './paper-table.js';

interface Population {
  readonly benchmark: BenchmarkId;
  /** How many nets are looked at, from the first; null: those of the paper. */
  readonly nets: number | null;
  readonly note: string;
}

const POPULATIONS: Readonly<Record<string, Population>> = {
  NB201: { benchmark: 'nasbench201', nets: null, note: '' },
  NB101: { benchmark: 'nasbench101', nets: 10_750, note: "10,750 published cells instead of the paper's 9,781" },
  NB301: { benchmark: 'nasbench301', nets: 3000, note: "3,000 of the published networks instead of the paper's 11,221" },
};

const COLUMNS: Readonly<Record<string, string>> = {
  columns: 'columns',
  'linear in the others': 'redundant',
  kept: 'kept',
};

export const linearRedundancy: PaperTable = defineTable({
  id: 'linear-redundancy',
  says: "GRAF's short configurations: how many columns a linear regression predicts exactly from the others, how many are kept",
  cites: ['graf', 'nasbench101', 'nasbench201', 'nasbench301'],
  where: 'zc_combine/configs of gabikadlecova/zc_combine: the columns of each configuration; no source shows what was kept',
  rowsAre: 'search space',
  rows: Object.keys(POPULATIONS),
  columnsAre: 'columns',
  columns: Object.keys(COLUMNS),
  published: { NB201: [87, null, null], NB101: [31, null, null], NB301: [580, null, null] },
  oneQuantity: false,
  cell(row, column) {
    const population = POPULATIONS[row];
    const because = 'a count: nothing is random';
    const cell = computed(selection(population), COLUMNS[column], { summary: 'only', tolerance: { abs: 0.5, because } });
    // How many columns there are does not depend on the nets.
    return population.note === '' || column === 'columns' ? cell : { ...cell, look: 'stand-in', note: population.note };
  },
});

function selection({ benchmark, nets }: Population): Experiment {
  return {
    id: `linear selection ${benchmark} short icml24${nets === null ? '' : ` first ${nets} nets`}`,
    benchmark,
    dataset: 'cifar10',
    seeds: ONCE,
    async run(_seed, workbench) {
      const whole = await workbench.load(benchmark, 'cifar10');
      const bench =
        nets === null
          ? protocols.zc_combine.rows(whole, 'val_acc', [])
          : whole.rows(Array.from({ length: nets }, (_, row) => row));
      const table = features(bench.graphs, undefined, { version: 'icml24', config: 'short' });
      const { kept, redundant } = linearSelection(table);
      return { columns: table.columns.length, redundant: redundant.length, kept: kept.length };
    },
  };
}
