import { features } from '../core/features/index.js';
import { protocols } from '../data/protocol.js';
import { type Experiment, ONCE } from './experiment.js';
import { type CellSource, computed, defineTable, type PaperTable, unavailable } from './paper-table.js';

const ALL = 'GRAF features of the 9,445 nets of NB201';
const ONE = 'GRAF features a net, in ms';
const PROXIES = 'all thirteen proxies a net, ';
const TA_GATES = 'TA-GATES comparison, ';

const PUBLISHED: Readonly<Record<string, number>> = {
  [ALL]: 27.3,
  [ONE]: 2.89,
  [`${PROXIES}CIFAR-10`]: 12.4995,
  [`${PROXIES}ImageNet16-120`]: 11.9725,
  [`${TA_GATES}ZCP+GRAF RF`]: 293.6,
  [`${TA_GATES}ZCP+GRAF XGB`]: 51.7,
  [`${TA_GATES}ZCP+GRAF XGB+`]: 2559.5,
  [`${TA_GATES}TA-GATES 1 %`]: 31_699,
  [`${TA_GATES}TA-GATES 5 %`]: 32_524,
  [`${TA_GATES}TA-GATES 10 %`]: 34_049,
  [`${TA_GATES}TA-GATES 20 %`]: 37_259,
};

export const grafTimes: PaperTable = defineTable({
  id: 'graf-times',
  says: 'what features and predictors cost, in seconds unless said: numbers of the machine that they were measured on',
  cites: ['graf', 'nasbench201'],
  where: 'notebooks plot_search.ipynb and tagates_results.ipynb of gabikadlecova/zc_combine, their printed output',
  rowsAre: 'work',
  rows: Object.keys(PUBLISHED),
  columnsAre: 'unit',
  columns: ['s'],
  published: Object.fromEntries(Object.entries(PUBLISHED).map(([row, seconds]) => [row, [seconds]])),
  oneQuantity: false,
  cell(row): CellSource {
    if (row.startsWith(PROXIES)) return unavailable('proxies are read from published files here, not computed on these networks');
    if (row.startsWith(TA_GATES))
      return unavailable("a whole experiment's time on the authors' machine; `npx nascope bench` times fits and predictions");
    const because = 'another machine: within means at most twice as slow';
    const tolerance = { abs: PUBLISHED[row], because };
    const cell = computed(featureTime, row === ALL ? 'all' : 'one', { summary: 'only', tolerance });
    return { ...cell, look: 'stand-in', note: 'this package on this machine, from architectures to columns' };
  },
});

const featureTime: Experiment = {
  id: 'time of GRAF features nasbench201 icml24',
  benchmark: 'nasbench201',
  dataset: 'cifar10',
  seeds: ONCE,
  async run(_seed, workbench) {
    const { archs, space } = protocols.zc_combine.rows(await workbench.load('nasbench201', 'cifar10'), 'val_acc', []);
    const start = performance.now();
    features(
      archs.map((arch) => space.toGraph(arch)),
      undefined,
      { version: 'icml24' },
    );
    const all = (performance.now() - start) / 1000;
    return { all, one: (1000 * all) / archs.length };
  },
};
