import { ShapeError } from '../../core/base/errors.js';
import type { Column } from '../../core/base/table.js';
import type { ShapValues } from '../../core/explain/treeshap.js';
import { greatest } from './feature-labels.js';

/** One move of a prediction: a feature's share, or those of all features that have no line of their own. */
export interface WaterfallStep {
  /** The feature's number; null for the rest. */
  readonly column: number | null;
  readonly share: number;
  /** Where the prediction stands before and after. */
  readonly from: number;
  readonly to: number;
}

export interface WaterfallSteps {
  readonly base: number;
  readonly prediction: number;
  /** The greatest first: it is the last move, and ends at the prediction. How many features the rest holds is `restCount`. */
  readonly steps: readonly WaterfallStep[];
  readonly restCount: number;
  readonly columns: readonly Column[];
}

/**
 * The way from the average prediction to one row's, in the moves of the `top` greatest features and of the rest together.
 * @throws ShapeError when there is no such row or `top` is not a positive whole number.
 */
export function waterfallSteps(shap: ShapValues, row: number, top: number): WaterfallSteps {
  if (!(Number.isInteger(row) && row >= 0 && row < shap.rowCount)) {
    throw new ShapeError({ argument: 'waterfall: row', expected: `a whole number in 0..${shap.rowCount - 1}`, got: `${row}` });
  }
  const width = shap.columns.length;
  const shares = shap.values.subarray(row * width, (row + 1) * width);
  const shown = greatest(shares.map(Math.abs), top, 'waterfall');
  const own = new Set(shown);
  const rest = shares.reduce((sum, share, c) => (own.has(c) ? sum : sum + share), 0);
  const restCount = width - shown.length;
  const moves: { column: number | null; share: number }[] = shown.map((column) => ({ column, share: shares[column] }));
  if (restCount > 0) moves.push({ column: null, share: rest });
  let at = shap.base;
  const steps: WaterfallStep[] = [];
  for (const move of moves.reverse()) {
    const to = at + move.share;
    steps.push({ ...move, from: at, to });
    at = to;
  }
  return { base: shap.base, prediction: at, steps: steps.reverse(), restCount, columns: shap.columns };
}

/** `+0.123`, `−1.5`: three digits and a sign. */
export function signed(value: number): string {
  const digits = Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
  return value < 0 ? digits.replace('-', '−') : `+${digits}`;
}
