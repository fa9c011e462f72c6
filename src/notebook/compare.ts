import type { DataFrame } from 'danfojs-node';
import type { MetricId } from '../core/metrics/index.js';
import type { Benchmark } from '../data/benchmark.js';
import { type TargetCeiling, targetCeiling } from '../data/compare/ceiling.js';
import type { CompareHeader, CompareRow } from '../data/compare/results-file.js';
import { type CompareWorkers, runComparison } from '../data/compare/run.js';
import type { CompareOptions } from '../data/compare/settings.js';
import { type CompareSummary, type SizeSignificance, summariseRows, testRows } from '../data/compare/summary.js';
import { type Leak, warnOfLeak } from '../data/leaks.js';
import { type DataGrid, gridHtml, gridText } from './data-grid.js';
import type { Figure } from './figure.js';
import { compareCurves } from './figures/compare-curves.js';
import { frame } from './frame.js';
import type { HtmlView } from './html-view.js';
import { progressBar } from './progress-bar.js';

/** Recipes held against each other. In a notebook it shows its figure, in a terminal its report. */
export interface Comparison {
  readonly kind: 'comparison';
  /** Every metric of every recipe, size and seed. */
  readonly rows: readonly CompareRow[];
  /** The same as a danfo data frame. */
  readonly table: DataFrame;
  /** Kendall's tau of each recipe and size over the seeds, with top-decile tau and regret beside it. */
  readonly summary: readonly CompareSummary[];
  /** Friedman's test and all pairs, at each size, on tau. */
  readonly significance: readonly SizeSignificance[];
  /** Agreement of the target with its own repeated measurements; null where the benchmark has none. */
  readonly ceiling: TargetCeiling | null;
  /** Networks that some split has on both sides; null where there are none. */
  readonly leak: Leak | null;
  /** Median tau over the number of labels with quartile bands, the ceiling, and who can be told apart. */
  readonly figure: Figure;
  /** The same of any metric, with quartiles or 95 % intervals of the median as bands. */
  curves(metric?: MetricId, band?: 'quartiles' | 'interval'): Figure;
  /** The summary as a table to look at, the verdicts and the ceiling under it. */
  readonly report: HtmlView;
  /** Data, code and protocol that the numbers depend on. */
  readonly provenance: CompareHeader;
  /** The verdicts in plain words, a sentence a size. */
  readonly says: string;
}

/**
 * Evaluates recipes (models × feature sets) on the same splits of a benchmark, over training sizes and seeds, and says who
 * is better. A progress bar is shown unless `onProgress` is given; a leak of twins is told once, on stderr.
 * @param options `resume`: a results file; a stopped comparison goes on from it.
 * @param workers who evaluates, and on how many splits at a time; this thread unless said.
 * @throws as `runComparison` does.
 */
export async function compareOn(bench: Benchmark, options: CompareOptions, workers: CompareWorkers = {}): Promise<Comparison> {
  const bar = options.onProgress === undefined ? progressBar('compare') : null;
  try {
    const run = await runComparison(bench, { ...options, onProgress: options.onProgress ?? bar?.update }, workers);
    bar?.end();
    warnOfLeak(run.leak);
    const { rows, settings, header, leak } = run;
    const unit = settings.bench.columns.find((column) => column.name === settings.target)?.unit;
    return comparison(rows, { header, leak, ceiling: targetCeiling(settings.bench, settings.target), unit });
  } finally {
    bar?.end();
  }
}

/** What the numbers of a comparison stand on. */
interface ComparedOn {
  readonly header: CompareHeader;
  readonly leak: Leak | null;
  readonly ceiling: TargetCeiling | null;
  readonly unit: string | undefined;
}

function comparison(rows: readonly CompareRow[], of: ComparedOn): Comparison {
  const [summary, significance] = [summariseRows(rows, 'tau'), testRows(rows, 'tau')];
  const says = significance.map((test) => `${test.train.toLocaleString('en')} labels: ${test.says}`).join('\n');
  const ceiling = of.ceiling === null ? null : { tau: of.ceiling.tau, label: 'noise ceiling' };
  const curves = (metric: MetricId = 'tau', band: 'quartiles' | 'interval' = 'quartiles'): Figure => {
    const isTau = metric === 'tau';
    const [numbers, tests] = isTau ? [summary, significance] : [summariseRows(rows, metric), testRows(rows, metric)];
    return compareCurves(numbers, tests, { metric, band, ceiling, unit: of.unit });
  };
  let made: DataFrame | undefined;
  return {
    kind: 'comparison',
    rows,
    get table() {
      made ??= frame(rows as readonly (CompareRow & Record<string, unknown>)[]);
      return made;
    },
    summary,
    significance,
    ceiling: of.ceiling,
    leak: of.leak,
    get figure() {
      return curves();
    },
    curves,
    get report(): HtmlView {
      const grid = comparisonGrid(summary, { ...of, says });
      return { kind: 'html-view', html: gridHtml(grid), text: gridText(grid) };
    },
    provenance: of.header,
    says,
  };
}

/** The summary as it is shown: tau with its quartiles, what overall tau hides, and what the numbers stand on. */
function comparisonGrid(summary: readonly CompareSummary[], of: ComparedOn & { readonly says: string }): DataGrid {
  const { ceiling, leak, says, header } = of;
  const cells = (cell: (row: CompareSummary) => unknown): unknown[] => summary.map(cell);
  const rounded = (value: number): number => Number(value.toFixed(4));
  const range = (low: number, high: number): string => `${low.toFixed(3)}–${high.toFixed(3)}`;
  const notes = [
    says.replaceAll('\n', ' '),
    ceiling === null
      ? ''
      : `Noise ceiling: tau ${ceiling.tau.toFixed(3)}, ${ceiling.tau_top10.toFixed(3)} in the top tenth (${ceiling.between.join('; ')}).`,
    leak === null ? '' : `In the worst split ${leak.says}`,
    `Protocol ${header.protocol}, target ${header.target}, data ${header.data.slice(0, 12)}.`,
  ];
  return {
    rowCount: summary.length,
    columns: [
      { name: 'recipe', cells: cells((row) => row.recipe) },
      { name: 'labels', cells: cells((row) => row.train) },
      { name: 'median tau', cells: cells((row) => rounded(row.median)) },
      { name: 'quartiles', cells: cells((row) => range(row.q1, row.q3)) },
      { name: '95 % interval', cells: cells((row) => range(row.low, row.high)) },
      { name: 'mean ± sd', cells: cells((row) => `${row.mean.toFixed(3)} ± ${row.sd.toFixed(3)}`) },
      { name: 'tau, top tenth', cells: cells((row) => rounded(row.tau_top10)) },
      { name: 'regret@1', cells: cells((row) => rounded(row.regret1)) },
      { name: 'seeds', cells: cells((row) => row.n) },
    ],
    caption: notes.filter((note) => note !== '').join(' '),
  };
}
