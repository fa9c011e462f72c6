import { rng } from '../../core/base/rng.js';
import { type MetricId, metrics } from '../../core/metrics/index.js';
import { type Significance, significance } from '../../core/metrics/significance.js';
import { type Spread, spread } from '../../core/metrics/spread.js';
import type { CompareRow } from './results-file.js';

/** One recipe at one training size over its seeds. */
export interface CompareSummary extends Spread {
  readonly recipe: string;
  readonly model: string;
  readonly features: string;
  readonly train: number;
  /** Medians over the seeds, beside whatever metric the other fields are about. */
  readonly tau_top10: number;
  readonly regret1: number;
}

/** The tests at one training size. */
export interface SizeSignificance extends Significance {
  readonly train: number;
}

/** The numbers that one metric's rows come down to, recipes in their order within each size, sizes ascending. */
export function summariseRows(rows: readonly CompareRow[], metric: MetricId): CompareSummary[] {
  return cells(rows).map(({ train, of }) => {
    const [{ recipe, model, features }] = of;
    const source = rng(42).fork(metric).fork(recipe).fork(train);
    const numbers = (id: MetricId): Spread =>
      spread(
        of.map((row) => row[id]),
        { rng: source.fork(id) },
      );
    return {
      recipe,
      model,
      features,
      train,
      ...numbers(metric),
      tau_top10: numbers('tau_top10').median,
      regret1: numbers('regret1').median,
    };
  });
}

/** Which recipes can be told apart, at each training size; sizes at which no seed has all numbers are left out. */
export function testRows(rows: readonly CompareRow[], metric: MetricId): SizeSignificance[] {
  const { better } = metrics[metric];
  const sizes = [...new Set(rows.map((row) => row.train))].sort((a, b) => a - b);
  return sizes.flatMap((train) => {
    const here = rows.filter((row) => row.train === train);
    const seeds = [...new Set(here.map((row) => row.seed))];
    const competitors = [...new Set(here.map((row) => row.recipe))].map((name) => {
      const own = new Map(here.filter((row) => row.recipe === name).map((row) => [row.seed, row[metric]]));
      return { name, values: seeds.map((seed) => own.get(seed) ?? Number.NaN) };
    });
    const isTestable = seeds.some((_, block) => competitors.every(({ values }) => !Number.isNaN(values[block])));
    return isTestable ? [{ train, ...significance(competitors, { better }) }] : [];
  });
}

function cells(rows: readonly CompareRow[]): { readonly train: number; readonly of: readonly CompareRow[] }[] {
  const found = new Map<string, { readonly train: number; readonly of: CompareRow[] }>();
  for (const row of rows) {
    const key = JSON.stringify([row.train, row.recipe]);
    const cell = found.get(key) ?? { train: row.train, of: [] };
    found.set(key, cell);
    cell.of.push(row);
  }
  return [...found.values()].sort((a, b) => a.train - b.train);
}
