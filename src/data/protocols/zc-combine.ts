import { rng } from '../../core/base/rng.js';
import { zcCombineSplit } from '../../core/base/split.js';
import type { Protocol } from './contract.js';

/** The published forests' `random_state`. */
export const ZC_COMBINE_FOREST_STATE = 42;

/** The training sizes of the paper's tables. */
export const PAPER_SIZES: readonly number[] = [32, 128, 1024];

/**
 * zc_combine: what the published GRAF numbers were made with. Rows and their order are those of its files, a failed proxy is
 * the number −1e8, splits are scikit-learn's, and `rf` is scikit-learn's own forest with `random_state=42`: the seed
 * moves the split only.
 * @see graf.md section 5.
 */
export const zcCombine: Protocol = {
  says: "the GRAF paper's: its rows and scikit-learn's splits, tested on all other rows",
  target: null,
  firstSeed: 42,
  forestState: ZC_COMBINE_FOREST_STATE,
  sizes: (rows) => PAPER_SIZES.filter((train) => train <= rows - 2),
  rows: (bench, target) => bench.protocol('zc_combine').complete([target]),
  split: zcCombineSplit,
  fitRng: () => rng(ZC_COMBINE_FOREST_STATE).fork('fit'),
};
