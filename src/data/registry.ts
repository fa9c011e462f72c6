import { nasbench201 } from './nasbench201.js';
import { transnasMacro } from './transnas-macro.js';
import { transnasMicro } from './transnas-micro.js';

/** The benchmarks that `load` knows. */
export const benchmarks: {
  readonly nasbench201: typeof nasbench201;
  readonly 'transnas-micro': typeof transnasMicro;
  readonly 'transnas-macro': typeof transnasMacro;
} = {
  nasbench201,
  'transnas-micro': transnasMicro,
  'transnas-macro': transnasMacro,
};

export type BenchmarkId = keyof typeof benchmarks;
