import { ShapeError } from '../../core/base/errors.js';
import { kendallTau } from '../../core/metrics/kendall.js';
import { type Figure, figure, headline } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { neutral, rising } from '../theme.js';
import { density } from './density.js';
import { compact, drawnRows } from './drawn-rows.js';

export interface PredictedVsTrueOptions {
  /** What is predicted: `val_acc`. */
  readonly target?: string;
  readonly unit?: string;
  /** A name for each point, shown on hover. */
  readonly names?: readonly string[];
}

/**
 * Predictions over true values as points, coloured by how crowded it is around them, with the line of perfect prediction
 * and Kendall's tau. Tau and density are of all points; of more than 4,000 a random choice is drawn, the same every time.
 * @throws ShapeError when the lengths differ or there are fewer than two points.
 */
export function predictedVsTrue(
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
  options: PredictedVsTrueOptions = {},
): Figure {
  const n = truth.length;
  const { names } = options;
  if (predicted.length !== n || n < 2 || (names !== undefined && names.length !== n)) {
    throw new ShapeError({
      argument: 'predictedVsTrue',
      expected: 'two or more pairs, and a name for each or none',
      got: `${predicted.length} and ${n} numbers${names === undefined ? '' : `, ${names.length} names`}`,
    });
  }
  const tau = kendallTau(predicted, truth);
  const { rows, note } = drawnRows(n, 'networks');
  const crowd = density(truth, predicted);
  // The crowded ones on top, where they would otherwise hide under single points.
  const order = rows.slice().sort((a, b) => crowd[a] - crowd[b] || a - b);
  const [low, high] = range(truth);
  const target = plotlyText(options.target ?? 'value') + (options.unit ? ` (${plotlyText(options.unit)})` : '');
  const points = {
    type: 'scatter',
    mode: 'markers',
    x: compact(Float64Array.from(order, (r) => truth[r])),
    y: compact(Float64Array.from(order, (r) => predicted[r])),
    marker: {
      size: n > 1000 ? 4 : 6,
      opacity: n > 1000 ? 0.75 : 0.85,
      color: compact(Float64Array.from(order, (r) => crowd[r])),
      colorscale: rising,
      cmin: 0,
      cmax: 1,
      colorbar: {
        title: { text: 'networks nearby', side: 'right', font: { size: 13 } },
        tickvals: [0, 1],
        ticktext: ['few', 'many'],
        thickness: 10,
        len: 0.9,
        outlinewidth: 0,
      },
    },
    ...(names === undefined ? {} : { text: Array.from(order, (r) => plotlyText(names[r])) }),
    hovertemplate: `${names === undefined ? '' : '%{text}<br>'}true %{x:.4g}<br>predicted %{y:.4g}<extra></extra>`,
    showlegend: false,
  };
  const diagonal = {
    type: 'scatter',
    mode: 'lines',
    x: compact([low, high]),
    y: compact([low, high]),
    line: { color: neutral.line, width: 1, dash: 'dash' },
    hoverinfo: 'skip',
    showlegend: false,
  };
  const tauText = Number.isNaN(tau) ? 'undefined' : tau.toFixed(3);
  const drawn = note === '' ? '' : `, of which ${rows.length.toLocaleString('en')} are drawn`;
  const count = `n = ${n.toLocaleString('en')}${drawn}`;
  return figure(
    [points, diagonal],
    {
      height: 480,
      xaxis: { title: { text: `true ${target}` }, zeroline: false },
      yaxis: { title: { text: `predicted ${target}` }, zeroline: false },
      margin: { t: 56, r: 10 },
      annotations: [headline(`Kendall tau ${tauText}, ${count}`)],
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
