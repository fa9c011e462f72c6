import { ShapeError } from '../core/base/errors.js';
import { kendallTau } from '../core/metrics/kendall.js';
import { type Figure, figure } from './figure.js';
import { plotlyText } from './plotly-text.js';
import { neutral, palette } from './theme.js';

export interface PredictedVsTrueOptions {
  /** What is predicted: `val_acc`. */
  readonly target?: string;
  readonly unit?: string;
  /** A name for each point, shown on hover. */
  readonly names?: readonly string[];
}

/**
 * Predictions over true values as points, with the line of perfect prediction and Kendall's tau in the corner.
 * Crowded figures draw smaller and fainter points; all of them are drawn.
 * @throws ShapeError when the lengths differ or there are fewer than two points.
 */
export function predictedVsTrue(
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
  options: PredictedVsTrueOptions = {},
): Figure {
  const n = truth.length;
  if (predicted.length !== n || n < 2) {
    throw new ShapeError({
      argument: 'predictedVsTrue',
      expected: 'two or more pairs',
      got: `${predicted.length} and ${n} numbers`,
    });
  }
  const tau = kendallTau(predicted, truth);
  const [low, high] = range(truth);
  const target = plotlyText(options.target ?? 'value') + (options.unit ? ` (${plotlyText(options.unit)})` : '');
  const points = {
    type: 'scatter',
    mode: 'markers',
    x: Array.from(truth, (v) => Number(v.toPrecision(7))),
    y: Array.from(predicted, (v) => Number(v.toPrecision(7))),
    marker: { color: palette[0], size: n > 2000 ? 4 : 6, opacity: Math.max(0.12, Math.min(0.8, 60 / Math.sqrt(n) / 2)) },
    ...(options.names === undefined ? {} : { text: options.names.map(plotlyText) }),
    hovertemplate: `${options.names === undefined ? '' : '%{text}<br>'}true %{x:.4g}<br>predicted %{y:.4g}<extra></extra>`,
    showlegend: false,
  };
  const diagonal = {
    type: 'scatter',
    mode: 'lines',
    x: [low, high],
    y: [low, high],
    line: { color: neutral.line, width: 1, dash: 'dash' },
    hoverinfo: 'skip',
    showlegend: false,
  };
  const tauText = Number.isNaN(tau) ? 'undefined' : tau.toFixed(3);
  return figure(
    [points, diagonal],
    {
      height: 440,
      xaxis: { title: { text: `true ${target}` } },
      yaxis: { title: { text: `predicted ${target}` } },
      margin: { t: 24 },
      annotations: [
        {
          xref: 'paper',
          yref: 'paper',
          x: 0.02,
          y: 0.98,
          xanchor: 'left',
          yanchor: 'top',
          showarrow: false,
          text: `Kendall tau ${tauText}, n = ${n.toLocaleString('en')}`,
        },
      ],
    },
    `Predicted over true ${options.target ?? 'values'} of ${n} architectures; Kendall tau ${tauText}.`,
  );
}

function range(values: ArrayLike<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return [low, high];
}
