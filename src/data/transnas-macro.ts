import { transnasMacro as space } from '../core/spaces/transnas-macro.js';
import type { BenchmarkLoader } from './loader.js';
import { readTransnas, TRANSNAS_TASKS, type TransnasFiles, transnasFiles } from './transnas.js';

const FILES: TransnasFiles = {
  zen: 'NASLib/tnb101_macro_zen.zip',
  space: 'transbench101_macro',
  validNets: null,
};

/** TransNAS-Bench-101's 3,256 skeletons on seven tasks, in NASLib's enumeration order. */
export const transnasMacro: BenchmarkLoader<'transnas-macro'> = {
  id: 'transnas-macro',
  title: 'TransNAS-Bench-101 macro',
  cite: 'Duan et al. 2021, arXiv 2105.11871; proxies: Krishnakumar et al. 2022, arXiv 2210.03230',
  licence: 'Apache-2.0',
  space,
  datasets: TRANSNAS_TASKS,
  version: 1,
  files: (task) => transnasFiles(FILES, task),
  read: (sources, task) => readTransnas(space, FILES, sources, task),
};
