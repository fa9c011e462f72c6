import { forestMedian, NOT_PUBLISHED, needsProxies } from './forest-median.js';
import { NO_CIFAR100_PROXIES } from './graf-nb201-datasets.js';
import { GRAF_SETS } from './graf-sets.js';
import { defineTable, type PaperTable, unavailable } from './paper-table.js';

const DATASETS = ['cifar10', 'cifar100', 'ImageNet16-120'];
const METRICS = [
  'edgegpu_latency',
  'edgegpu_energy',
  'raspi4_latency',
  'edgetpu_latency',
  'pixel3_latency',
  'eyeriss_latency',
  'eyeriss_energy',
  'eyeriss_arithmetic_intensity',
  'fpga_latency',
  'fpga_energy',
];
const SIZES = [32, 128, 1024];

/** Nets that a device did not run (−1 in the files of edgetpu_latency) leave both training and test rows. */
export const grafHardware: PaperTable = defineTable({
  id: 'graf-hardware',
  says: 'Kendall tau of a forest on ten hardware metrics of NAS-Bench-201 on three data sets, the 9,445 valid nets: median of 50 splits',
  cites: ['graf', 'nasbench201', 'suite-zero', 'hw-nas-bench'],
  where: `${NOT_PUBLISHED}; reruns of the authors' code for the edge GPU stand in zc-combine-rerun`,
  rowsAre: 'data set, metric, labels',
  rows: DATASETS.flatMap((dataset) => METRICS.flatMap((metric) => SIZES.map((size) => `${dataset} ${metric} ${size}`))),
  columnsAre: 'features',
  columns: Object.keys(GRAF_SETS),
  published: {},
  costly: true,
  cell(row, column) {
    const [dataset, target, size] = row.split(' ');
    if (dataset === 'cifar100' && needsProxies(column)) return unavailable(NO_CIFAR100_PROXIES);
    return forestMedian({ benchmark: 'nasbench201', dataset, target, set: column, train: Number(size) });
  },
});
