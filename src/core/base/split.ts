import { ShapeError } from './errors.js';
import { Mt19937 } from './mt19937.js';
import { checkRng, type Rng } from './rng.js';

/** Row numbers to learn from and to test on; no row is in both. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * A random split of `size` rows: `train` of them to learn from, `test` of the others (all of them unless said).
 * @throws ShapeError when there are not enough rows.
 */
export function split(size: number, options: { readonly train: number; readonly test?: number; readonly rng: Rng }): Split {
  checkTrain('split', size, options.train);
  checkRng('split', options.rng);
  const test = options.test ?? size - options.train;
  if (!(Number.isInteger(test) && test >= 1 && options.train + test <= size)) {
    throw new ShapeError({
      argument: 'split: test',
      expected: `1..${size - options.train} rows besides ${options.train} for training`,
      got: `${test}`,
    });
  }
  const order = options.rng.choose(size, options.train + test);
  return { train: order.slice(0, options.train), test: order.slice(options.train) };
}

/**
 * The split that zc_combine's published numbers stand on: scikit-learn's `train_test_split(random_state=seed,
 * train_size=train)`, test = every other row, in that function's order.
 * @see graf.md section 5; equal to `goldens/graf/train_splits.json.gz`.
 */
export function zcCombineSplit(size: number, train: number, seed: number): Split {
  checkTrain('zcCombineSplit', size, train);
  const order = new Mt19937(seed).permutation(size);
  return { train: order.slice(size - train), test: order.slice(0, size - train) };
}

function checkTrain(where: string, size: number, train: number): void {
  if (!(Number.isInteger(train) && train >= 1 && train < size)) {
    throw new ShapeError({ argument: `${where}: train`, expected: `1..${size - 1} of ${size} rows`, got: `${train}` });
  }
}
