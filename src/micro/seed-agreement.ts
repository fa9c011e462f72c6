import { join } from 'node:path';
import { DataError } from '../core/base/errors.js';
import { quantile } from '../core/metrics/quantile.js';
import { spearman } from '../core/metrics/spearman.js';
import { MICRO_METRICS } from '../data/microbench.js';
import { MICROBENCH_FOLDER, type MicroFamilyEntry, readMicroCsv } from '../data/microbench-table.js';

/** What was aimed at: the mean of Spearman's correlations between two seeds, on the test split. */
export const SEED_BARS: Readonly<Record<string, number>> = { 'cls.acc': 0.9, 'den.psnr': 0.93, 'seg.iou': 0.9 };

/** How E201's `cls.acc` was to be spread, in %: a tenth below `tenth`, the quartiles `apart`, the best within `best`. */
export const SPREAD_AIM = { tenth: 60, apart: 5, best: [85, 95] } as const;

/** Which quantiles of a metric are told. */
export const TOLD_QUANTILES: readonly number[] = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1];

/** How far the trainings of a family agree on a metric, and how it is spread. */
export interface SeedAgreement {
  readonly metric: string;
  /** Networks of the test split with a value of every seed. */
  readonly networks: number;
  /** Spearman's correlation over them for each pair of seeds: 1-2, 1-3, 2-3. */
  readonly pairs: readonly number[];
  readonly mean: number;
  /** What `mean` was to reach; null where nothing was aimed at. */
  readonly bar: number | null;
  /** Standard deviation of one training, in the metric's unit, pooled over these networks. */
  readonly seedSd: number;
  /** Pairs of these networks whose means over seeds lie closer than that: among all pairs, and among those that two seeds swap. */
  readonly close: { readonly ofAll: number; readonly ofSwapped: number };
  /** Of the means of the seeds that every network has, over all networks; as `TOLD_QUANTILES` says. */
  readonly quantiles: readonly number[];
}

/** Networks of the test split that a correlation takes at least. */
const LEAST_NETWORKS = 3;

/**
 * All metrics of a family of a table.
 * @throws DataError when a file is missing or damaged, or the table holds one seed only or
 * less than three networks of the test split.
 */
export async function seedAgreement(entry: MicroFamilyEntry, folder: string = MICROBENCH_FOLDER): Promise<SeedAgreement[]> {
  const seedCount = entry.seeds.length + entry.testSeeds.length;
  if (seedCount < 2 || entry.splits.test < LEAST_NETWORKS) {
    throw new DataError({
      path: join(folder, entry.labels.path),
      expected: `two seeds or more of at least ${LEAST_NETWORKS} networks of the test split`,
      got: `${seedCount} of ${entry.splits.test}`,
      fix: 'Label more of them (npx nascope microbench generate, with --seeds or --count) and merge them.',
    });
  }
  const archs = await readMicroCsv(entry.archs, folder);
  const labels = await readMicroCsv(entry.labels, folder);
  const rowOf = new Map(archs.text('arch_id').map((id, row) => [id, row]));
  const inTest = archs.text('split').map((split) => split === 'test');
  const [ids, metrics, seeds] = ['arch_id', 'metric', 'seed'].map((name) => labels.text(name));
  const values = labels.numbers('value');
  const found = new Map<string, Map<number, Float64Array>>();
  ids.forEach((id, i) => {
    const ofMetric = found.get(metrics[i]) ?? new Map<number, Float64Array>();
    const ofSeed = ofMetric.get(Number(seeds[i])) ?? new Float64Array(archs.rowCount).fill(Number.NaN);
    ofSeed[rowOf.get(id) as number] = values[i];
    found.set(metrics[i], ofMetric.set(Number(seeds[i]), ofSeed));
  });
  const present = Object.keys(MICRO_METRICS).filter((metric) => found.has(metric));
  return present.map((metric) => {
    const bySeed = found.get(metric) as Map<number, Float64Array>;
    const columns = (wanted: readonly number[]): Float64Array[] => wanted.map((seed) => bySeed.get(seed) as Float64Array);
    const ofTest = columns([...entry.seeds, ...entry.testSeeds]);
    const rows = [...rowOf.values()].filter((row) => inTest[row] && ofTest.every((column) => Number.isFinite(column[row])));
    const trainings = ofTest.map((column) => Float64Array.from(rows, (row) => column[row]));
    const pairs = pairsOf(trainings).map(([a, b]) => spearman(a, b));
    const means = meansOf(columns(entry.seeds)).filter(Number.isFinite).sort();
    return {
      metric,
      networks: rows.length,
      pairs,
      mean: pairs.reduce((sum, value) => sum + value, 0) / pairs.length,
      bar: SEED_BARS[metric] ?? null,
      ...closeness(trainings),
      quantiles: TOLD_QUANTILES.map((share) => quantile(means, share)),
    };
  });
}

/** What swaps networks: noise about as large as their distance. */
function closeness(seeds: readonly Float64Array[]): Pick<SeedAgreement, 'seedSd' | 'close'> {
  const means = meansOf(seeds);
  let squares = 0;
  for (const values of seeds) for (let i = 0; i < values.length; i++) squares += (values[i] - means[i]) ** 2;
  const seedSd = Math.sqrt(squares / (means.length * (seeds.length - 1)));
  const counts = { all: 0, close: 0, swapped: 0, swappedClose: 0 };
  for (const [a, b] of pairsOf(seeds)) {
    for (let i = 0; i < means.length; i++) {
      for (let j = 0; j < i; j++) {
        const close = Math.abs(means[i] - means[j]) < seedSd ? 1 : 0;
        counts.all++;
        counts.close += close;
        if ((a[i] - a[j]) * (b[i] - b[j]) >= 0) continue;
        counts.swapped++;
        counts.swappedClose += close;
      }
    }
  }
  return { seedSd, close: { ofAll: counts.close / counts.all, ofSwapped: counts.swappedClose / counts.swapped } };
}

function meansOf(columns: readonly Float64Array[]): Float64Array {
  return columns[0].map((_, row) => columns.reduce((sum, values) => sum + values[row], 0) / columns.length);
}

function pairsOf<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b): [T, T] => [a, b]));
}
