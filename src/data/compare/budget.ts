import { ShapeError } from '../../core/base/errors.js';
import type { CompareRow } from './results-file.js';

/** What labels and features cost, beside the fits and predictions that are measured. */
export interface BudgetCosts {
  /** Seconds to train one network to its label. */
  readonly labelSeconds: number;
  /** Seconds to compute one network's features, by feature set of the comparison; 0 where none is given. */
  readonly featureSeconds?: Readonly<Record<string, number>>;
}

/** A recipe at one size, as a buyer sees it: what it costs before the first answer, what each answer costs, what it is worth. */
export interface BudgetPoint {
  readonly recipe: string;
  readonly train: number;
  /** Labels, their features, and the fit, in seconds: "initialisation time". */
  readonly initSeconds: number;
  /** Features and prediction of one network: "query time". */
  readonly querySeconds: number;
  /** Mean over the seeds. */
  readonly tau: number;
}

/** The best recipe that both budgets allow. */
export interface BudgetCell {
  readonly initBudget: number;
  readonly queryBudget: number;
  /** null where no recipe is cheap enough. */
  readonly best: BudgetPoint | null;
}

/**
 * Costs and worth of each recipe and size. @throws ShapeError when a cost is negative or not finite.
 * @see White et al. 2021, How Powerful are Performance Predictors in NAS?, arXiv 2104.01177 (landscape.md 3.4).
 */
export function budgetPoints(rows: readonly CompareRow[], costs: BudgetCosts): BudgetPoint[] {
  const { labelSeconds, featureSeconds = {} } = costs;
  for (const [name, seconds] of Object.entries({ labelSeconds, ...featureSeconds })) {
    if (seconds >= 0 && Number.isFinite(seconds)) continue;
    throw new ShapeError({ argument: `budgetPoints: ${name}`, expected: 'seconds from 0', got: `${seconds}` });
  }
  const groups = new Map<string, CompareRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.recipe, row.train]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((group) => {
    const [{ recipe, train, features }] = group;
    const mean = (of: (row: CompareRow) => number): number => group.reduce((sum, row) => sum + of(row), 0) / group.length;
    const each = featureSeconds[features] ?? 0;
    return {
      recipe,
      train,
      initSeconds: train * (labelSeconds + each) + mean((row) => row.fit_s),
      querySeconds: each + mean((row) => row.predict_s / row.test),
      tau: mean((row) => row.tau),
    };
  });
}

/** The grid of budgets: at each pair of limits (seconds) the recipe with the highest mean tau that fits both. */
export function budgetGrid(
  points: readonly BudgetPoint[],
  limits: { readonly init: readonly number[]; readonly query: readonly number[] },
): BudgetCell[] {
  return limits.init.flatMap((initBudget) =>
    limits.query.map((queryBudget) => {
      const within = points.filter(({ initSeconds, querySeconds }) => initSeconds <= initBudget && querySeconds <= queryBudget);
      const best = within.reduce<BudgetPoint | null>((top, point) => (top === null || point.tau > top.tau ? point : top), null);
      return { initBudget, queryBudget, best };
    }),
  );
}
