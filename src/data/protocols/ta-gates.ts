import { DataError, ShapeError } from '../../core/base/errors.js';
import { rng } from '../../core/base/rng.js';
import { zcCombineSplit } from '../../core/base/split.js';
import type { Protocol } from './contract.js';

/** Rows of `ta_gates_train.csv`, and of both files together. */
const POOL = 4675;
const ROWS = 9445;

/**
 * The GRAF paper's comparison with TA-GATES on NAS-Bench-201: test accuracy, labels drawn from a fixed half of the valid
 * networks (1, 5, 10 and 20 % of it), always tested on the other half. The training rows of a seed are the first of a
 * scikit-learn split of the pool; rows stand as in the two files, the pool first.
 * @see graf.md sections 5 and 6.8. Which splits the figure was drawn from is not published: medians over seeds compare.
 */
export const taGates: Protocol = {
  says: "the GRAF paper's comparison with TA-GATES: test accuracy, labels from 4,675 networks, tested on the other 4,770",
  target: 'test_acc',
  firstSeed: 42,
  forestState: 42,
  sizes: () => [46, 233, 467, 935],
  rows(bench, target) {
    const rows = bench.protocol('ta_gates').complete([target]);
    if (rows.size === ROWS) return rows;
    throw new DataError({
      path: `${bench.id} ${bench.dataset}`,
      expected: `${target} on all ${ROWS} networks of the protocol ta_gates`,
      got: `${rows.size}`,
      fix: 'Predict test_acc or val_acc, or choose another protocol.',
    });
  },
  split(size, train, seed) {
    if (size !== ROWS || train > POOL - 1) {
      const argument = 'ta_gates: train';
      throw new ShapeError({ argument, expected: `1..${POOL - 1} of the pool's rows`, got: `${train} of ${size}` });
    }
    return {
      train: zcCombineSplit(POOL, train, seed).train,
      test: Int32Array.from({ length: size - POOL }, (_, i) => POOL + i),
    };
  },
  fitRng: () => rng(42).fork('fit'),
};
