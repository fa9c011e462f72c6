import { rng } from '../../core/base/rng.js';
import { split } from '../../core/base/split.js';
import type { Protocol } from './contract.js';
import { PAPER_SIZES } from './zc-combine.js';

/** rng: every row that has the target and the columns takes part; the seed moves split and fit. */
export const ours: Protocol = {
  says: 'every row that has target and features, random splits, tested on all other rows',
  target: null,
  firstSeed: 42,
  forestState: null,
  sizes: (rows) => PAPER_SIZES.filter((train) => train <= rows - 2),
  rows: (bench, target, columns) => bench.complete([target, ...columns]),
  split: (size, train, seed) => split(size, { train, rng: rng(seed).fork('split') }),
  fitRng: (seed) => rng(seed).fork('fit'),
};
