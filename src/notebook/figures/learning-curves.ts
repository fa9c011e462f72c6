import { cornerNote, type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { MOST_POINTS } from './drawn-rows.js';
import { type Band, type BandPoint, bands, bandTraces } from './line-bands.js';

/** One measurement while something learns. */
export interface LearningRow {
  /** What learns, and on which data: `training`, `validation`. */
  readonly series: string;
  /** Epoch, step, trees: whatever `step` of the options says. */
  readonly step: number;
  readonly value: number;
}

export interface LearningCurvesOptions {
  /** The horizontal axis: `epoch` unless said. */
  readonly step?: string;
  /** The vertical axis, with its unit: `loss` unless said. */
  readonly value?: string;
  /** For losses that fall over orders of magnitude. */
  readonly logarithmic?: boolean;
  readonly band?: Band;
}

/**
 * How a number changes while something learns, one line a series; several measurements of a series at a step become
 * a band. Of more than 4,000 steps in all, every second, third … is drawn, and the last of each series.
 * @throws ShapeError when there is no row or a number is not finite.
 */
export function learningCurves(rows: readonly LearningRow[], options: LearningCurvesOptions = {}): Figure {
  const step = options.step ?? 'epoch';
  const value = options.value ?? 'loss';
  const points = rows.map((row) => ({ series: row.series, at: row.step, value: row.value }));
  const whole = bands(points, options.band ?? 'sd', 'learningCurves');
  const count = [...whole.values()].reduce((sum, line) => sum + line.length, 0);
  const stride = Math.ceil(count / MOST_POINTS);
  const lines = new Map([...whole].map(([series, line]) => [series, everyNth(line, stride)]));
  return figure(
    bandTraces(lines, `${plotlyText(step)} %{x}: %{y:.4g}`),
    {
      height: 420,
      margin: { t: 50 },
      xaxis: { title: { text: plotlyText(step) }, zeroline: false },
      yaxis: { title: { text: plotlyText(value) }, zeroline: false, ...(options.logarithmic ? { type: 'log' } : {}) },
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
      showlegend: true,
      annotations: cornerNote(stride > 1 ? `one in ${stride} of ${count.toLocaleString('en')} measurements drawn` : ''),
    },
    `${value} by ${step}; at the end: ${[...whole]
      .map(([series, line]) => `${series} ${line[line.length - 1].middle.toPrecision(3)}`)
      .join(', ')}.`,
  );
}

function everyNth(line: readonly BandPoint[], stride: number): BandPoint[] {
  return line.filter((_, i) => i % stride === 0 || i === line.length - 1);
}
