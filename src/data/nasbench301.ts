import { nasbench301 as space } from '../core/spaces/nasbench301.js';
import type { BenchmarkLoader } from './loader.js';
import { readSuiteZero, type SuiteZeroFiles, suiteZeroFiles } from './suite-zero.js';

const FILES: SuiteZeroFiles = {
  space: 'nasbench301',
  labelled: 'NASLib/zc_nasbench301.json',
  pool: { zen: 'NASLib/nb301_zen.zip', nwot: 'NASLib/nb301_nwot.zip' },
};
const SAYS = "validation accuracy (most likely NAS-Bench-301's prediction of it, not a training run)";

/**
 * A small part of NAS-Bench-301: 500 DARTS networks with a CIFAR-10 validation accuracy and eleven proxies, then a pool of
 * 11,221 others that have Zen-score and NASWOT only. The accuracies are most likely those that NAS-Bench-301's surrogate
 * predicts, not those of trained networks: the file does not say.
 */
export const nasbench301: BenchmarkLoader<'nasbench301'> = {
  id: 'nasbench301',
  title: 'NAS-Bench-301 (reduced)',
  cite: 'Zela et al. 2022, arXiv 2008.09777; proxies: Krishnakumar et al. 2022, arXiv 2210.03230',
  licence: 'Apache-2.0',
  space,
  datasets: ['cifar10'],
  version: 1,
  files: () => suiteZeroFiles(FILES),
  read: (sources, dataset) => readSuiteZero(space, FILES, sources, { dataset, says: SAYS }),
};
