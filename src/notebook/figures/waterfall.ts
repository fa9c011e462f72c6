import type { FeatureTable } from '../../core/base/table.js';
import type { ShapValues } from '../../core/explain/treeshap.js';
import { type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { type Tabular, tableOf } from '../tabular.js';
import { effect, neutral } from '../theme.js';
import { checkExplained } from './beeswarm.js';
import { compact } from './drawn-rows.js';
import { featureLabels, hoverLines, rowPxOf } from './feature-labels.js';
import { signed, waterfallSteps } from './waterfall-steps.js';

export interface WaterfallOptions {
  /** How many features have a bar of their own, the greatest ones (10 unless said); one more bar holds the rest. */
  readonly top?: number;
  /** The target's unit. */
  readonly unit?: string;
  /** The rows that were explained, to tell each feature's value. */
  readonly x?: FeatureTable | Tabular;
}

/**
 * How one prediction came about: from the average prediction at the bottom, each feature's SHAP value moves it to the right
 * or to the left, until it stands at the row's prediction on top.
 * @throws ShapeError when there is no such row.
 */
export function waterfall(shap: ShapValues, row: number, options: WaterfallOptions = {}): Figure {
  const { base, prediction, steps, restCount } = waterfallSteps(shap, row, options.top ?? 10);
  const table = options.x === undefined ? undefined : tableOf(options.x);
  if (table !== undefined) checkExplained('waterfall', shap, table);
  const own = steps.flatMap((step) => (step.column === null ? [] : [step.column]));
  const words = featureLabels(own.map((c) => shap.columns[c]));
  const valueText = (c: number): string => (table === undefined ? '' : ` = ${Number(table.values[c][row].toPrecision(4))}`);
  const labels = steps.map((step, i) =>
    step.column === null ? `${restCount} other features` : words[i] + valueText(step.column),
  );
  const ends = [base, ...steps.map((step) => step.to)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const span = high - low || 1;
  // The numbers beside the bars need room where a bar ends near the edge.
  const leftEnds = steps.filter((step) => step.share < 0).map((step) => step.to);
  const room = {
    left: span * (leftEnds.some((end) => end < low + 0.2 * span) ? 0.32 : 0.08),
    right: span * (steps.some((step) => step.share >= 0 && step.to > high - 0.2 * span) ? 0.2 : 0.08),
  };
  const unit = options.unit === undefined ? '' : ` ${options.unit}`;
  const write = (value: number): string => `${Number(value.toPrecision(4))}${unit}`;
  const line = (x: number): object => ({
    type: 'line',
    xref: 'x',
    yref: 'paper',
    x0: x,
    x1: x,
    y0: 0,
    y1: 1,
    line: { color: neutral.line, width: 1, dash: 'dot' },
    layer: 'below',
  });
  // At the edges of the figure a label leans inwards, so that it is never cut off.
  const mark = (x: number, y: number, text: string): object => ({
    x,
    xref: 'x',
    y,
    yref: 'paper',
    xanchor: x > low + (high - low) * 0.66 ? 'right' : x < low + (high - low) * 0.33 ? 'left' : 'center',
    yanchor: 'bottom',
    text: plotlyText(text),
    showarrow: false,
  });
  return figure(
    [
      {
        type: 'bar',
        orientation: 'h',
        y: steps.map((_, i) => String(i)),
        x: compact(steps.map((step) => step.share)),
        base: compact(steps.map((step) => step.from)),
        marker: { color: steps.map((step) => (step.share >= 0 ? effect.raises : effect.lowers)) },
        text: steps.map((step) => signed(step.share)),
        textposition: 'outside',
        cliponaxis: false,
        customdata: steps.map((step, i) => [
          step.column === null ? labels[i] : hoverLines(shap.columns[step.column]) + plotlyText(valueText(step.column)),
          write(step.from),
          write(step.to),
        ]),
        hovertemplate: '%{customdata[0]}<br>%{text}: from %{customdata[1]} to %{customdata[2]}<extra></extra>',
        showlegend: false,
      },
    ],
    {
      height: 160 + rowPxOf(labels) * steps.length,
      bargap: 0.25,
      margin: { t: 74, l: 20 },
      xaxis: {
        title: { text: plotlyText(`prediction${options.unit === undefined ? '' : ` (${options.unit})`}`) },
        range: [low - room.left, high + room.right],
        zeroline: false,
      },
      yaxis: {
        type: 'category',
        autorange: 'reversed',
        tickvals: labels.map((_, i) => String(i)),
        ticktext: labels,
        showgrid: false,
      },
      shapes: [line(base), line(prediction)],
      annotations: [
        mark(base, 1.0, `average ${write(base)}`),
        { ...mark(prediction, 1.0, `prediction ${write(prediction)}`), yshift: 18 },
      ],
    },
    `From the average prediction ${write(base)} to ${write(prediction)}; the greatest moves: ${steps
      .filter((step) => step.column !== null)
      .slice(0, 3)
      .map((step) => `${shap.columns[step.column as number].says} ${signed(step.share)}`)
      .join('; ')}.`,
  );
}
