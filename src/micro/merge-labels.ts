import { join } from 'node:path';
import { gzipSync, strToU8 } from 'fflate';
import { DataError } from '../core/base/errors.js';
import { cost } from '../core/ir/cost.js';
import { type MicroFamily, microFamilyNamed, microSplit } from '../core/spaces/micro/index.js';
import { writeAtomically } from '../data/atomic-write.js';
import { csvCell } from '../data/csv-cell.js';
import { sha256 } from '../data/file-hash.js';
import { MICROBENCH_FOLDER, type MicroFamilyEntry, type MicroFile, readMicroManifest } from '../data/microbench-table.js';
import { ENGINE_VERSION } from './engine/version.js';
import type { LabelLine } from './label-line.js';
import { type LabelPlan, planArchs, planUnits, unitKey } from './label-plan.js';
import { engineHash, labelSettings, settingsHash } from './label-settings.js';
import { checkSettings, readShards } from './shard-files.js';
import { TASK_METRICS } from './unit.js';

export { MICROBENCH_FOLDER };

export interface MergeOptions {
  /** The folder of the shard files. */
  readonly in: string;
  /** The folder of the table; other families in it stay as they are. */
  readonly out: string;
}

/**
 * Puts the shards of a family together as its table. Numbers are written with all their digits and the files compressed
 * without a date, so that the same labels give the same bytes.
 * @throws DataError when a label of the plan is missing, comes twice and differs, or was made with other settings.
 */
export async function mergeLabels(plan: LabelPlan, options: MergeOptions): Promise<{ readonly files: readonly MicroFile[] }> {
  const { family } = plan;
  const lines = await readShards(options.in, family);
  checkSettings(lines, options.in);
  const archs = planArchs(plan);
  const chosen = chooseLines(plan, lines, options.in);

  const manifest = await readMicroManifest(options.out);
  const before = Object.hasOwn(manifest.families, family) ? manifest.families[family] : undefined;
  const archsFile = csvFile(`${family}.archs.csv.gz`, archRows(family, archs));
  const labelsFile = csvFile(`${family}.labels.csv.gz`, labelRows(chosen));
  const network = microFamilyNamed(family);
  const splits = { train_pool: 0, val: 0, test: 0 };
  for (const arch of archs) splits[microSplit(family, network.canonicalId(network.parse(arch)))]++;
  const entry: MicroFamilyEntry = {
    count: archs.length,
    tasks: plan.tasks,
    seeds: plan.seeds,
    testSeeds: plan.testSeeds,
    diverged: chosen.filter((line) => line.status === 'diverged').length,
    splits,
    settings: Object.fromEntries(plan.tasks.map((task) => [task, settingsHash(labelSettings(family, task))])),
    trainedWith: Object.fromEntries(plan.tasks.map((task) => [task, labelSettings(family, task)])),
    engine: { version: ENGINE_VERSION, sha256: engineHash() },
    secondsPerUnit: Math.round((chosen.reduce((sum, line) => sum + line.seconds, 0) / chosen.length) * 100) / 100,
    archs: archsFile.file,
    labels: labelsFile.file,
    // Proxies depend on the architectures alone; another set of architectures needs them anew.
    ...(before?.proxies !== undefined && before.archs.sha256 === archsFile.file.sha256 ? { proxies: before.proxies } : {}),
  };
  for (const { file, bytes } of [archsFile, labelsFile]) await writeAtomically(join(options.out, file.path), bytes);
  const families = Object.fromEntries(
    Object.entries({ ...manifest.families, [family]: entry }).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  await writeAtomically(join(options.out, 'manifest.json'), `${JSON.stringify({ ...manifest, families }, null, 2)}\n`);
  return { files: [archsFile.file, labelsFile.file] };
}

/** The line of each unit of the plan, in order. */
function chooseLines(plan: LabelPlan, lines: readonly LabelLine[], path: string): LabelLine[] {
  const byKey = new Map<string, LabelLine>();
  for (const line of lines) {
    const key = unitKey(line);
    const other = byKey.get(key);
    if (other !== undefined && JSON.stringify([other.status, other.values]) !== JSON.stringify([line.status, line.values])) {
      throw refusal(path, `one label of ${key}`, 'two that differ', 'Labels must be the same bits everywhere: please report it.');
    }
    byKey.set(key, line);
  }
  if (lines.length === 0) {
    const fix = 'Name the folder of the shards with --in, or make them: npx nascope microbench generate.';
    throw refusal(path, `labels of ${plan.family}`, 'none', fix);
  }
  const units = planUnits(plan);
  const missing = units.filter((unit) => !byKey.has(unitKey(unit)));
  if (missing.length > 0) {
    throw refusal(
      path,
      `${units.length} labels of ${plan.count} ${plan.family} architectures`,
      `${missing.length} missing, the first ${unitKey(missing[0])}`,
      'Finish the shards (npx nascope microbench generate), or merge fewer architectures with --count.',
    );
  }
  return units.map((unit) => byKey.get(unitKey(unit)) as LabelLine);
}

function archRows(id: string, archs: readonly string[]): string[][] {
  const family: MicroFamily = microFamilyNamed(id);
  const header = ['arch_id', 'canonical_id', 'split', 'params_raw', 'params_live', 'macs_raw', 'macs_live'];
  return [
    header,
    ...archs.map((text) => {
      const arch = family.parse(text);
      const live = cost(family.toCompute(arch, 'classes'));
      const raw = cost(family.toComputeAsWritten(arch, 'classes'));
      const canonical = family.canonicalId(arch);
      const costs = [raw.params, live.params, raw.macs, live.macs].map(String);
      return [text, canonical, microSplit(id, canonical), ...costs];
    }),
  ];
}

/** Sorted by architecture, task, metric and seed. */
function labelRows(lines: readonly LabelLine[]): string[][] {
  const rows = lines.flatMap(({ arch, task, seed, status, values }) =>
    TASK_METRICS[task].map((metric) => {
      const value = values[metric] ?? null;
      return [arch, task, metric, String(seed), value === null ? '' : String(value), status];
    }),
  );
  const key = (row: readonly string[]): string => [row[0], row[1], row[2], row[3].padStart(6, '0')].join('\n');
  const keyed = rows.map((row) => ({ row, key: key(row) })).sort((a, b) => (a.key < b.key ? -1 : 1));
  return [['arch_id', 'task', 'metric', 'seed', 'value', 'status'], ...keyed.map(({ row }) => row)];
}

function csvFile(path: string, rows: readonly (readonly string[])[]): { readonly file: MicroFile; readonly bytes: Uint8Array } {
  const text = rows.map((row) => `${row.map(csvCell).join(',')}\n`).join('');
  const bytes = gzipSync(strToU8(text), { level: 9, mtime: 0 });
  return { file: { path, sha256: sha256(bytes), bytes: bytes.length, rows: rows.length - 1 }, bytes };
}

function refusal(path: string, expected: string, got: string, fix: string): DataError {
  return new DataError({ path, expected, got, fix });
}
