import { ShapeError } from '../../core/base/errors.js';
import { type MetricId, metrics } from '../../core/metrics/index.js';
import type { CompareSummary, SizeSignificance } from '../../data/compare/summary.js';
import { type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { type BandPoint, bandTraces } from './line-bands.js';
import { ceilingLine, thinned } from './tau-by-size.js';
import { textLines } from './text-lines.js';

export interface CompareCurvesOptions {
  /** What the summaries are about; `tau` unless said. */
  readonly metric?: MetricId;
  /** Around the median: the quartiles of the seeds (unless said), or the 95 % bootstrap interval of the median. */
  readonly band?: 'quartiles' | 'interval';
  /** The tau of the target with itself, measured twice. */
  readonly ceiling?: { readonly tau: number; readonly label: string } | null;
  /** The target's unit, for regret and errors. */
  readonly unit?: string;
  readonly title?: string;
}

const IN_UNIT: readonly MetricId[] = ['mae', 'rmse', 'regret1'];
const LINE = 18;
const CHARACTERS = 88;

/**
 * The median of a metric over the number of labels, one line a recipe with its band, the noise ceiling, and below it in
 * words which recipes can be told apart.
 * @throws ShapeError when no summary has a number.
 */
export function compareCurves(
  summaries: readonly CompareSummary[],
  tests: readonly SizeSignificance[],
  options: CompareCurvesOptions = {},
): Figure {
  const { metric = 'tau', band = 'quartiles', unit = '' } = options;
  const shown = summaries.filter((summary) => Number.isFinite(summary.median));
  if (shown.length === 0)
    throw new ShapeError({ argument: 'compareCurves: summaries', expected: 'at least one number', got: 'none' });
  const lines = new Map<string, BandPoint[]>();
  for (const { recipe, train, n, median, q1, q3, low, high } of shown) {
    const points = lines.get(recipe) ?? [];
    lines.set(recipe, points);
    const [bottom, top] = band === 'quartiles' ? [q1, q3] : [low, high];
    points.push({ at: train, middle: median, low: bottom, high: top, count: n });
  }
  const sizes = [...new Set(shown.map((summary) => summary.train))].sort((a, b) => a - b);
  const bandSays = band === 'quartiles' ? 'quartiles of the seeds' : '95 % interval of the median';
  const measured = `${metrics[metric].says}${IN_UNIT.includes(metric) && unit !== '' ? ` (${unit})` : ''}`;
  const words = tests.flatMap(({ train, says }) => textLines(`${train.toLocaleString('en')} labels: ${says}`, CHARACTERS));
  const legendLines = Math.ceil(lines.size / 2);
  const ceiling = metric === 'tau' ? (options.ceiling ?? null) : null;
  const drawn = ceiling === null ? {} : ceilingLine(ceiling);
  const { annotations = [], ...shapes } = drawn as { readonly annotations?: readonly unknown[] };
  const top = 30 + 22 * legendLines;
  const bottom = 70 + LINE * words.length;
  return figure(
    bandTraces(
      lines,
      `%{x} labels: ${plotlyText(metrics[metric].says)} %{y:.3f}<br>${bandSays} %{customdata[0]:.3f} to %{customdata[1]:.3f}, %{customdata[2]} seeds`,
    ),
    {
      height: 380 + top + bottom,
      margin: { t: top, b: bottom },
      ...(options.title === undefined ? {} : { title: { text: plotlyText(options.title) } }),
      xaxis: {
        type: 'log',
        title: { text: 'labels learned from' },
        tickvals: thinned(sizes),
        ticktext: thinned(sizes).map((size) => size.toLocaleString('en')),
        minor: { ticks: '' },
      },
      yaxis: { title: { text: `${plotlyText(measured)}: median, ${bandSays}` }, zeroline: false },
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
      showlegend: true,
      ...shapes,
      annotations: [
        ...annotations,
        ...(words.length === 0
          ? []
          : [
              {
                xref: 'paper',
                yref: 'paper',
                x: 0,
                y: 0,
                xanchor: 'left',
                yanchor: 'top',
                yshift: -58,
                align: 'left',
                showarrow: false,
                text: words.map(plotlyText).join('<br>'),
                font: { size: 12 },
              },
            ]),
      ],
    },
    `${metrics[metric].says} by number of labels, medians; ${tests.map(({ train, says }) => `at ${train.toLocaleString('en')}: ${says}`).join(' ')}${
      ceiling === null ? '' : ` ${ceiling.label} ${ceiling.tau.toFixed(3)}.`
    }`,
  );
}
