import { ShapeError } from '../base/errors.js';

/** Targets of benchmarks have gaps; the way around them is said where one shows. */
const NUMBER = 'a number, no NaN (bench.complete([names of columns]) leaves out the rows without one)';

/** Refuses two lists that cannot be compared row by row. @throws ShapeError on unequal lengths, fewer than two rows, or NaN. */
export function checkPair(where: string, predicted: ArrayLike<number>, truth: ArrayLike<number>): void {
  if (predicted.length !== truth.length) {
    throw new ShapeError({ argument: `${where}: truth`, expected: `${predicted.length} numbers`, got: `${truth.length}` });
  }
  if (predicted.length < 2) {
    throw new ShapeError({ argument: `${where}: predicted`, expected: 'at least 2 numbers', got: `${predicted.length}` });
  }
  for (let i = 0; i < predicted.length; i++) {
    if (Number.isNaN(predicted[i])) refuse(where, 'predicted', i, NUMBER, predicted[i]);
    if (Number.isNaN(truth[i])) refuse(where, 'truth', i, NUMBER, truth[i]);
  }
}

/** `checkPair` for metrics that compute with the values themselves. @throws ShapeError also on infinite numbers. */
export function checkFinitePair(where: string, predicted: ArrayLike<number>, truth: ArrayLike<number>): void {
  checkPair(where, predicted, truth);
  for (let i = 0; i < predicted.length; i++) {
    if (!Number.isFinite(predicted[i])) refuse(where, 'predicted', i, 'a finite number', predicted[i]);
    if (!Number.isFinite(truth[i])) refuse(where, 'truth', i, 'a finite number', truth[i]);
  }
}

function refuse(where: string, side: string, row: number, expected: string, got: number): never {
  throw new ShapeError({ argument: `${where}: ${side}[${row}]`, expected, got: `${got}` });
}
