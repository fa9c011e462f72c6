import { ShapeError } from '../../core/base/errors.js';
import { quantile } from '../../core/metrics/quantile.js';
import { plotlyText } from '../plotly-text.js';
import { colours, translucent } from '../theme.js';
import { compact } from './drawn-rows.js';

/** One number of a series, measured at a place; several at the same place make a band. */
export interface SeriesPoint {
  readonly series: string;
  readonly at: number;
  readonly value: number;
}

/** What the line and its band are: mean ± standard deviation, or median and quartiles. */
export type Band = 'sd' | 'quartiles';

/** A series at one place, over its repeats. */
export interface BandPoint {
  readonly at: number;
  readonly middle: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Each series' line and band, places ascending, series in the order of first appearance. @throws ShapeError on a number that is not finite or no row. */
export function bands(points: readonly SeriesPoint[], band: Band, where: string): ReadonlyMap<string, BandPoint[]> {
  if (points.length === 0) throw new ShapeError({ argument: `${where}: rows`, expected: 'at least one', got: 'none' });
  const gathered = new Map<string, Map<number, number[]>>();
  points.forEach(({ series, at, value }, row) => {
    if (!(Number.isFinite(at) && Number.isFinite(value))) {
      throw new ShapeError({ argument: `${where}: row ${row}`, expected: 'finite numbers', got: `${at} and ${value}` });
    }
    const places = gathered.get(series) ?? new Map<number, number[]>();
    gathered.set(series, places);
    const values = places.get(at) ?? [];
    places.set(at, values);
    values.push(value);
  });
  return new Map(
    [...gathered].map(([series, places]) => [
      series,
      [...places].sort(([a], [b]) => a - b).map(([at, values]) => bandPoint(at, values, band)),
    ]),
  );
}

function bandPoint(at: number, values: readonly number[], band: Band): BandPoint {
  const count = values.length;
  if (band === 'quartiles') {
    const sorted = [...values].sort((a, b) => a - b);
    return { at, count, middle: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
  }
  const middle = values.reduce((sum, value) => sum + value, 0) / count;
  const square = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  const sd = count > 1 ? Math.sqrt(square / (count - 1)) : 0;
  return { at, count, middle, low: middle - sd, high: middle + sd };
}

/** Lines over their bands; the legend names the lines. */
export function bandTraces(
  lines: ReadonlyMap<string, readonly BandPoint[]>,
  hover: string,
): { readonly [field: string]: unknown }[] {
  const colourOf = colours([...lines.keys()]);
  return [...lines].flatMap(([series, points]) => {
    const colour = colourOf.get(series) as string;
    const at = points.map((point) => point.at);
    const line = {
      type: 'scatter',
      mode: points.length > 40 ? 'lines' : 'lines+markers',
      name: plotlyText(series),
      legendgroup: series,
      x: compact(at),
      y: compact(points.map((point) => point.middle)),
      customdata: points.map((point) => [Number(point.low.toPrecision(4)), Number(point.high.toPrecision(4)), point.count]),
      line: { color: colour, width: 2 },
      marker: { color: colour, size: 6 },
      hovertemplate: `${plotlyText(series)}<br>${hover}<extra></extra>`,
    };
    if (points.every((point) => point.count === 1)) return [line];
    const band = {
      type: 'scatter',
      mode: 'lines',
      legendgroup: series,
      x: compact([...at, ...[...at].reverse()]),
      y: compact([...points.map((point) => point.low), ...points.map((point) => point.high).reverse()]),
      fill: 'toself',
      fillcolor: translucent(colour, 0.18),
      line: { width: 0 },
      hoverinfo: 'skip',
      showlegend: false,
    };
    return [band, line];
  });
}
