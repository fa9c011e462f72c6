import type { Rng } from '../../core/base/rng.js';
import type { Split } from '../../core/base/split.js';
import type { Benchmark } from '../benchmark.js';

/** How a predictor is put to the test: which rows take part, how they are split, what the seed moves. */
export interface Protocol {
  /** For a list of protocols. */
  readonly says: string;
  /** What is predicted unless said; null: the benchmark's default target. */
  readonly target: string | null;
  /** The first seed of the published runs. */
  readonly firstSeed: number;
  /** `random_state` of scikit-learn's own forest where `rf` stands for that; null where `rf` is ours. */
  readonly forestState: number | null;
  /** The training sizes of the published runs, as many of them as this number of rows allows. */
  sizes(rows: number): readonly number[];
  /** The rows that take part. @param columns the benchmark's columns that are learned from. */
  rows(bench: Benchmark, target: string, columns: readonly string[]): Benchmark;
  split(size: number, train: number, seed: number): Split;
  /** The randomness of the fit. */
  fitRng(seed: number): Rng;
}
