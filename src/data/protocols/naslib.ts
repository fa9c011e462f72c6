import { rng } from '../../core/base/rng.js';
import { split } from '../../core/base/split.js';
import { isValid } from '../../core/spaces/space.js';
import type { Protocol } from './contract.js';

/** Networks that every prediction is tested on. */
const TEST = 200;
/** The sizes for the large benchmarks, and those for NAS-Bench-301's few labels. */
const SIZES: readonly (readonly number[])[] = [
  [5, 8, 14, 24, 42, 71, 121, 205, 347, 589, 1000],
  [5, 8, 12, 20, 31, 50, 79, 126, 199, 316, 500],
];

/**
 * NASLib's prediction runs: labels and 200 test networks drawn anew each trial, without repeats, from the valid networks
 * (those in the reference's cleaned form) that have target and features. Small test sets: taus of single trials spread widely, the
 * published numbers are means of 100.
 * @see graf.md section 5, "NASLib prediction runs".
 */
export const naslib: Protocol = {
  says: "NASLib's: 5 to 1,000 labels, tested on 200 random valid networks",
  target: null,
  firstSeed: 0,
  forestState: null,
  sizes(rows) {
    const [many, few] = SIZES;
    return (rows >= many[many.length - 1] + TEST ? many : few).filter((train) => train + TEST <= rows);
  },
  rows(bench, target, columns) {
    const whole = bench.complete([target, ...columns]);
    return whole.rows(Array.from(whole.archs.keys()).filter((row) => isValid(whole.space, whole.archs[row])));
  },
  split: (size, train, seed) => split(size, { train, test: TEST, rng: rng(seed).fork('split') }),
  fitRng: (seed) => rng(seed).fork('fit'),
};
