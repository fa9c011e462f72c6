import { kendallTau } from './kendall.js';
import { mae } from './mae.js';
import { ndcgAt } from './ndcg.js';
import { pearson } from './pearson.js';
import { precisionAt } from './precision.js';
import { r2 } from './r2.js';
import { regretAt } from './regret.js';
import { rmse } from './rmse.js';
import { spearman } from './spearman.js';
import { tauTop } from './tau-top.js';

/** Which way a target is good: accuracies `higher`, latencies `lower`; `none` is read as `higher`. */
export type Direction = 'higher' | 'lower' | 'none';

export interface Metric {
  /** For a table's head or an axis. */
  readonly says: string;
  /** Whether a higher or a lower number is the better prediction. */
  readonly better: 'higher' | 'lower';
  /** `n` predictions and `n` true values, both as "higher is better". */
  of(predicted: ArrayLike<number>, truth: ArrayLike<number>): number;
}

export type MetricId =
  | 'tau'
  | 'spearman'
  | 'pearson'
  | 'mae'
  | 'rmse'
  | 'r2'
  | 'ndcg10'
  | 'precision10'
  | 'regret1'
  | 'tau_top10';

/** One more metric: one file beside this one, and one line here. */
export const metrics: { readonly [id in MetricId]: Metric } = {
  tau: { says: 'Kendall tau-b', better: 'higher', of: kendallTau },
  spearman: { says: 'Spearman rank correlation', better: 'higher', of: spearman },
  pearson: { says: 'Pearson correlation', better: 'higher', of: pearson },
  mae: { says: 'mean absolute error', better: 'lower', of: mae },
  rmse: { says: 'root mean squared error', better: 'lower', of: rmse },
  r2: { says: 'explained variance R²', better: 'higher', of: r2 },
  ndcg10: { says: 'NDCG@10', better: 'higher', of: (predicted, truth) => ndcgAt(predicted, truth, 10) },
  precision10: { says: 'precision@10', better: 'higher', of: (predicted, truth) => precisionAt(predicted, truth, 10) },
  regret1: { says: 'regret@1', better: 'lower', of: (predicted, truth) => regretAt(predicted, truth, 1) },
  tau_top10: {
    says: 'Kendall tau-b in the top tenth',
    better: 'higher',
    of: (predicted, truth) => tauTop(predicted, truth, 0.9),
  },
};

/** One number a metric; NaN where a metric is undefined (a constant side). */
export type Score = { readonly [id in MetricId]: number };

/**
 * Every metric of one prediction.
 * @param options `direction: 'lower'` turns both sides round before the metrics that look at the best.
 * @throws ShapeError when the lengths differ, there are fewer than two rows, or a number is not finite.
 */
export function score(
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
  options: { readonly direction?: Direction } = {},
): Score {
  const sign = options.direction === 'lower' ? -1 : 1;
  const p = Float64Array.from(predicted, (value) => sign * value);
  const t = Float64Array.from(truth, (value) => sign * value);
  return Object.fromEntries(Object.entries(metrics).map(([id, metric]) => [id, metric.of(p, t)])) as Score;
}
