import { microbench } from './microbench.js';
import { nasbenchMacro } from './nasbench-macro.js';
import { nasbenchMr } from './nasbench-mr.js';
import { nasbench101 } from './nasbench101.js';
import { nasbench201 } from './nasbench201.js';
import { nasbench301 } from './nasbench301.js';
import { suiteExtra } from './suite-extra.js';
import { timm } from './timm.js';
import { transnasMacro } from './transnas-macro.js';
import { transnasMicro } from './transnas-micro.js';

/** The benchmarks that `load` knows. */
export const benchmarks: {
  readonly nasbench201: typeof nasbench201;
  readonly nasbench101: typeof nasbench101;
  readonly nasbench301: typeof nasbench301;
  readonly 'transnas-micro': typeof transnasMicro;
  readonly 'transnas-macro': typeof transnasMacro;
  readonly 'nasbench-macro': typeof nasbenchMacro;
  readonly 'nasbench-mr': typeof nasbenchMr;
  readonly 'suite-extra': typeof suiteExtra;
  readonly timm: typeof timm;
  readonly microbench: typeof microbench;
} = {
  nasbench201,
  nasbench101,
  nasbench301,
  'transnas-micro': transnasMicro,
  'transnas-macro': transnasMacro,
  'nasbench-macro': nasbenchMacro,
  'nasbench-mr': nasbenchMr,
  'suite-extra': suiteExtra,
  timm,
  microbench,
};

export type BenchmarkId = keyof typeof benchmarks;
