import { ShapeError } from '../../core/base/errors.js';
import type { Intervals } from '../../core/models/uncertainty/intervals.js';
import { type Figure, figure, headline } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { neutral, palette, translucent } from '../theme.js';
import { compact, drawnRows } from './drawn-rows.js';

export interface PredictionIntervalsOptions {
  /** What is predicted: `val_acc`. */
  readonly target?: string;
  readonly unit?: string;
  /** How often the true value was to lie within: 0.9 unless said. */
  readonly level?: number;
  /** 1 where a network is unlike those of the fit: the `ood` of a predictor of architectures. */
  readonly ood?: ArrayLike<number>;
  /** A name for each network, shown on hover. */
  readonly names?: readonly string[];
}

type Json = { readonly [field: string]: unknown };

/**
 * What was promised and what came: networks in the order of their predictions, each interval a bar, each true value a point,
 * with the share of true values that lie within. The share is of all networks; of more than 4,000 a random choice is drawn,
 * the same every time.
 * @throws ShapeError when the lengths differ or there is no network.
 */
export function predictionIntervals(
  predicted: Intervals,
  truth: ArrayLike<number>,
  options: PredictionIntervalsOptions = {},
): Figure {
  const { value, low, high } = predicted;
  const n = truth.length;
  const { ood, names, level = 0.9 } = options;
  if (n === 0 || [value, low, high, ood, names].some((of) => of !== undefined && of.length !== n)) {
    throw new ShapeError({
      argument: 'predictionIntervals',
      expected: 'a prediction with its interval for each true value, a name and a flag for each or none',
      got: `${value.length} predictions, ${n} true values${ood === undefined ? '' : `, ${ood.length} flags`}${names === undefined ? '' : `, ${names.length} names`}`,
    });
  }
  const { rows, note } = drawnRows(n, 'networks');
  const order = Array.from(rows).sort((a, b) => value[a] - value[b] || a - b);
  const isWithin = (row: number): boolean => low[row] <= truth[row] && truth[row] <= high[row];
  let within = 0;
  for (let row = 0; row < n; row++) within += Number(isWithin(row));
  const target = plotlyText(options.target ?? 'value') + (options.unit ? ` (${plotlyText(options.unit)})` : '');
  const says = (row: number): string =>
    `${names === undefined ? '' : `${plotlyText(names[row])}<br>`}predicted ${value[row].toPrecision(4)}, ${low[row].toPrecision(4)} to ${high[row].toPrecision(4)}<br>true ${truth[row].toPrecision(4)}`;
  const bars = {
    type: 'scatter',
    mode: 'lines',
    // One line, broken after each interval.
    x: compact(Float64Array.from({ length: 3 * order.length }, (_, k) => Math.floor(k / 3))),
    y: order.flatMap((row) => [finite(low[row]), finite(high[row]), null]),
    line: { color: translucent(palette[0], 0.35), width: order.length > 400 ? 1 : 2.5 },
    hoverinfo: 'skip',
    name: `interval for ${percent(level)}`,
  };
  const isStrange = (row: number): boolean => ood !== undefined && ood[row] === 1;
  const points = (name: string, marker: Json, isOne: (row: number) => boolean): Json[] => {
    const places = order.flatMap((row, place) => (isOne(row) ? [place] : []));
    if (places.length === 0) return [];
    return [
      {
        type: 'scatter',
        mode: 'markers',
        x: compact(Float64Array.from(places)),
        y: compact(Float64Array.from(places, (place) => truth[order[place]])),
        marker,
        text: places.map((place) => says(order[place])),
        hovertemplate: '%{text}<extra></extra>',
        name,
      },
    ];
  };
  const size = order.length > 400 ? 4 : 6;
  const held = `${percent(within / n)} of ${n.toLocaleString('en')} true values lie within`;
  return figure(
    [
      bars,
      ...points('true value within', { color: palette[2], size }, isWithin),
      ...points('true value outside', { color: palette[1], size }, (row) => !isWithin(row)),
      ...points(
        'network unlike the known ones',
        { color: neutral.text, size: size + 5, symbol: 'circle-open', line: { width: 1 } },
        isStrange,
      ),
    ],
    {
      height: 460,
      xaxis: { title: { text: 'networks by prediction, lowest first' }, zeroline: false, showgrid: false },
      yaxis: { title: { text: target }, zeroline: false },
      margin: { t: 84, r: 10 },
      legend: { orientation: 'h', x: 0, y: 1, yanchor: 'bottom' },
      annotations: [
        headline(`${held}; ${percent(level)} were to${note === '' ? '' : `; ${rows.length.toLocaleString('en')} are drawn`}`, 50),
      ],
    },
    `Intervals of ${n} predictions of ${options.target ?? 'a value'}: ${held}.`,
  );
}

/** An end of an interval that reaches to infinity is not drawn. */
function finite(end: number): number | null {
  return Number.isFinite(end) ? end : null;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
