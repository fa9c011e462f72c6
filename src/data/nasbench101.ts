import { nasbench101 as space } from '../core/spaces/nasbench101.js';
import type { BenchmarkLoader } from './loader.js';
import { readSuiteZero, type SuiteZeroFiles, suiteZeroFiles } from './suite-zero.js';

const FILES: SuiteZeroFiles = {
  space: 'nasbench101',
  labelled: 'NASLib/zc_nasbench101.json',
  pool: { zen: 'NASLib/nb101_zen.zip' },
};
const SAYS = 'validation accuracy after 108 epochs';

/**
 * A small part of NAS-Bench-101: 500 cells with their CIFAR-10 validation accuracy and eleven proxies, then a pool of 10,250
 * other cells that have a Zen-score only. All 423,624 cells are its dataset `full`, which `data import nasbench101 FILE` makes.
 */
export const nasbench101: BenchmarkLoader<'nasbench101'> = {
  id: 'nasbench101',
  title: 'NAS-Bench-101 (reduced)',
  cite: 'Ying et al. 2019, arXiv 1902.09635; proxies: Krishnakumar et al. 2022, arXiv 2210.03230',
  licence: 'Apache-2.0',
  space,
  datasets: ['cifar10'],
  imported: ['full'],
  version: 1,
  files: () => suiteZeroFiles(FILES),
  read: (sources, dataset) => readSuiteZero(space, FILES, sources, { dataset, says: SAYS }),
};
