import { nasbench201 } from '../core/spaces/nasbench201.js';
import { nasbench301 } from '../core/spaces/nasbench301.js';
import type { SearchSpace } from '../core/spaces/space.js';
import { transnasMicro } from '../core/spaces/transnas-micro.js';
import type { BenchmarkLoader } from './loader.js';
import { readNaslibZip } from './naslib-zip.js';
import type { SourceFiles } from './source-files.js';
import { TableBuilder } from './table-builder.js';
import { PROXY_NAMES, type ProxyName, proxyColumn } from './zero-cost-proxies.js';

const ZIP = 'NASLib/9x_all.zip';
const TASKS = ['ninapro', 'svhn', 'scifar100'];

type SpaceIds = 'nasbench201' | 'nasbench301' | 'transnas-micro';

/** NASLib's name of a space inside the zip, and the space. */
const SPACES: readonly (readonly [string, SearchSpace<SpaceIds>])[] = [
  ['nasbench201', nasbench201],
  ['nasbench301', nasbench301],
  ['transbench101_micro', transnasMicro],
];
const DATASETS = SPACES.flatMap(([naslib, space]) => TASKS.map((task) => ({ id: `${space.id}-${task}`, naslib, space, task })));

/**
 * Networks of three spaces on data sets beyond their own (NinaPro, SVHN, spherical CIFAR-100), each with all thirteen
 * proxies: 199 of NAS-Bench-201, 199 of NAS-Bench-301, 192 of TransNAS-Bench-101 micro. A dataset is `SPACE-TASK`.
 */
export const suiteExtra: BenchmarkLoader<SpaceIds> = {
  id: 'suite-extra',
  title: 'NAS-Bench-Suite-Zero, further data sets',
  cite: 'Krishnakumar et al. 2022, arXiv 2210.03230',
  licence: 'Apache-2.0',
  space: SPACES[0][1],
  spaces: Object.fromEntries(DATASETS.map(({ id, space }) => [id, space])),
  datasets: DATASETS.map(({ id }) => id),
  version: 1,
  files: () => [ZIP],
  async read(sources, dataset) {
    const found = DATASETS.find(({ id }) => id === dataset) ?? DATASETS[0];
    const { naslib, space, task } = found;
    const scores = (proxy: ProxyName) => readNaslibZip(only(sources, proxy), ZIP, { space: naslib, task, proxy });
    const source = sources.source(ZIP);
    const first = await scores(PROXY_NAMES[0]);
    const table = new TableBuilder(space, first.archs, source);
    const about = { family: 'accuracy', unit: '%', role: 'target', direction: 'higher', split: 'validation' } as const;
    const accuracy = { name: 'val_acc', says: `validation accuracy on ${task}`, dataset, source, ...about };
    table.add(accuracy, { archs: first.archs, values: first.accuracy });
    for (const proxy of PROXY_NAMES) {
      const { archs, accuracy: again, score } = await scores(proxy);
      table.agree('val_acc', { archs, values: again }, source);
      table.add(proxyColumn(proxy, dataset, source), { archs, values: score });
    }
    return table.build('val_acc');
  },
};

/** The zip has a folder a proxy, with files of one name in each. */
function only(sources: SourceFiles, proxy: ProxyName): SourceFiles {
  return { ...sources, zip: (id, keep) => sources.zip(id, (name) => name.startsWith(`${proxy}/`) && keep(name)) };
}
