import { defineTable, type PaperTable, unavailable } from './paper-table.js';

/** Numbers that are listed so that the count of what was reproduced is an honest one. */
export const grafBrpNas: PaperTable = defineTable({
  id: 'graf-brp-nas',
  says: "BRP-NAS' graph network with further features on NAS-Bench-201: median Kendall tau",
  cites: ['graf', 'nasbench201', 'suite-zero', 'hw-nas-bench'],
  where: "the GRAF paper's figures of BRP-NAS, bitmaps, read by eye (±.01)",
  rowsAre: 'target, labels',
  rows: ['cifar10 accuracy 32', 'cifar10 accuracy 128', 'cifar10 accuracy 1024', 'edgegpu_energy 1024'],
  columnsAre: 'features besides the graph',
  columns: ['none', 'OH', 'GRAF', 'ZCP', 'ZCP+GRAF'],
  published: {
    'cifar10 accuracy 32': [0.485, 0.535, 0.62, 0.63, 0.655],
    'cifar10 accuracy 128': [0.575, 0.63, 0.695, 0.655, 0.71],
    'cifar10 accuracy 1024': [0.8, 0.772, 0.787, 0.798, 0.815],
    'edgegpu_energy 1024': [0.805, 0.868, 0.864, 0.81, 0.863],
  },
  cell: () => unavailable('how the features enter BRP-NAS is published neither as code nor in words'),
});
