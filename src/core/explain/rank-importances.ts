import { ShapeError } from '../base/errors.js';
import type { Column } from '../base/table.js';
import type { Importance } from './importance.js';

/** How high columns stand by importance, over several fits. */
export interface RankedImportances {
  readonly kind: 'ranked-importances';
  readonly columns: readonly Column[];
  /** How many importances went in. */
  readonly fits: number;
  /** One a column; 0 is the most important. */
  readonly mean: Float64Array;
  /** Standard deviation over the fits (n − 1); 0 for a single one. */
  readonly sd: Float64Array;
  readonly best: Int32Array;
  readonly worst: Int32Array;
}

/** The place of each column by importance, from 0 for the greatest; equal ones in the table's order. */
export function ranksOf({ mean }: Importance): Int32Array {
  const order = Int32Array.from(mean.keys()).sort((a, b) => mean[b] - mean[a] || a - b);
  const ranks = new Int32Array(mean.length);
  order.forEach((column, rank) => {
    ranks[column] = rank;
  });
  return ranks;
}

/**
 * Mean rank of each column over fits, as GRAF's paper reports importance: ranked from 0 once a fit, by mean |SHAP value|
 * over the test networks, then averaged over the splits.
 * @throws ShapeError when there is none, or they are not of the same columns.
 * @see Kadlecová et al. 2024 (arXiv 2404.16551).
 */
export function rankImportances(importances: readonly Importance[]): RankedImportances {
  if (importances.length === 0) {
    throw new ShapeError({ argument: 'rankImportances: importances', expected: 'at least one', got: 'none' });
  }
  const { columns } = importances[0];
  importances.forEach((importance, i) => {
    const other = columns.findIndex((column, c) => column.name !== importance.columns[c]?.name);
    if (other < 0 && importance.columns.length === columns.length) return;
    const at = Math.max(0, other);
    throw new ShapeError({
      argument: `rankImportances: importances[${i}]`,
      expected: `the columns of the first, ${columns[at].name} at ${at}`,
      got: importance.columns[at]?.name ?? 'none',
    });
  });
  const ranks = importances.map(ranksOf);
  const fits = ranks.length;
  const mean = Float64Array.from(columns, (_, c) => ranks.reduce((sum, own) => sum + own[c], 0) / fits);
  const sd = mean.map((m, c) => Math.sqrt(ranks.reduce((sum, own) => sum + (own[c] - m) ** 2, 0) / Math.max(1, fits - 1)));
  return {
    kind: 'ranked-importances',
    columns,
    fits,
    mean,
    sd,
    best: Int32Array.from(columns, (_, c) => Math.min(...ranks.map((own) => own[c]))),
    worst: Int32Array.from(columns, (_, c) => Math.max(...ranks.map((own) => own[c]))),
  };
}
