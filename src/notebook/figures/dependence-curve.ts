import type { Column } from '../../core/base/table.js';
import type { AccumulatedEffects } from '../../core/explain/accumulated-effects.js';
import type { PartialDependence } from '../../core/explain/partial-dependence.js';
import type { CurveOf } from '../../core/explain/places.js';
import { quantile } from '../../core/metrics/quantile.js';
import { cornerNote, type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { neutral, palette, translucent } from '../theme.js';
import { compact, drawnRows } from './drawn-rows.js';
import { textLines } from './text-lines.js';

export interface DependenceFigureOptions {
  /** The target's unit. */
  readonly unit?: string;
}

/** The strip under the curve that shows where the rows are takes this share of the height. */
const STRIP = 0.14;
/** Columns with more different values are shown as ticks instead of bars. */
const BARS = 25;
const TICKS = 300;

type Json = { readonly [field: string]: unknown };

/**
 * A curve of a model over one feature: partial dependence with the band that holds the middle 80 % of the rows' own curves,
 * or accumulated local effects around their mean. The strip below shows where the networks are: a curve is worth as much as
 * the networks that carry it.
 */
export function dependenceCurve(curve: PartialDependence | AccumulatedEffects, options: DependenceFigureOptions = {}): Figure {
  const { column, places, rowCount } = curve;
  const unit = options.unit === undefined ? '' : ` (${options.unit})`;
  const isPartial = curve.kind === 'partial-dependence';
  const heights = isPartial ? curve.mean : curve.effect;
  const line = {
    type: 'scatter',
    mode: 'lines+markers',
    x: compact(places),
    y: compact(heights),
    line: { color: palette[0], width: 2 },
    marker: { color: palette[0], size: 7 },
    hovertemplate: isPartial ? 'set to %{x}: on average %{y:.4g}<extra></extra>' : 'at %{x}: %{y:+.4g}<extra></extra>',
    name: isPartial ? 'mean prediction' : 'accumulated effect',
  };
  const [first, last] = [0, places.length - 1];
  const count = `${rowCount.toLocaleString('en')} ${rowCount === 1 ? 'network' : 'networks'}`;
  const ends = `${Number(places[first].toPrecision(4))}: ${heights[first].toPrecision(4)}; to ${Number(places[last].toPrecision(4))}: ${heights[last].toPrecision(4)}`;
  const layout = axisLayout(column, places);
  const seen = crowdedPart(curve);
  return figure(
    [...(isPartial ? band(curve) : []), line, strip(curve)],
    {
      ...layout,
      height: 460,
      xaxis: { ...(layout.xaxis as Json), anchor: 'y2', ...(seen === null ? {} : { range: seen.range }) },
      annotations: cornerNote(seen === null ? '' : `${seen.beyond} ${seen.beyond === 1 ? 'network' : 'networks'} further out`),
      yaxis: {
        title: { text: plotlyText(`${isPartial ? 'prediction' : 'effect on the prediction'}${unit}`) },
        domain: [STRIP + 0.04, 1],
        zeroline: !isPartial,
        zerolinecolor: neutral.line,
      },
      yaxis2: {
        domain: [0, STRIP],
        anchor: 'x',
        rangemode: 'tozero',
        showgrid: false,
        zeroline: false,
        showticklabels: false,
        title: { text: 'networks', font: { size: 11 } },
        linecolor: neutral.line,
      },
    },
    isPartial
      ? `Mean prediction of ${count} when "${column.says}" is set to ${ends}.`
      : `Accumulated effect of "${column.says}" on the prediction, from ${count}; at ${ends.replace('; to', '; at')}.`,
  );
}

/**
 * Where nearly all rows are, with room beside it, when a few (networks that cannot learn at all, failed proxies) would press
 * all others into a line; null when the whole column is to be seen.
 */
function crowdedPart({ values }: CurveOf): { readonly range: readonly [number, number]; readonly beyond: number } | null {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [quantile(sorted, 0.02), quantile(sorted, 0.98)];
  const span = high - low;
  if (span === 0 || sorted[sorted.length - 1] - sorted[0] <= 4 * span) return null;
  const range = [Math.max(sorted[0], low - span / 2), Math.min(sorted[sorted.length - 1], high + span / 2)] as const;
  const margin = 0.03 * (range[1] - range[0]);
  const beyond = sorted.reduce((count, value) => count + (value < range[0] || value > range[1] ? 1 : 0), 0);
  return { range: [range[0] - margin, range[1] + margin], beyond };
}

function band({ places, rows, rowCount }: PartialDependence): Json[] {
  const count = places.length;
  const sorted = Array.from(places, (_, k) => Float64Array.from({ length: rowCount }, (__, r) => rows[r * count + k]).sort());
  const low = sorted.map((own) => quantile(own, 0.1));
  const high = sorted.map((own) => quantile(own, 0.9));
  return [
    {
      type: 'scatter',
      mode: 'lines',
      x: compact([...places, ...Array.from(places).reverse()]),
      y: compact([...low, ...high.reverse()]),
      fill: 'toself',
      fillcolor: translucent(palette[0], 0.2),
      line: { width: 0 },
      hoverinfo: 'skip',
      name: 'middle 80 % of the networks',
    },
  ];
}

/** Where the rows are: bars where values repeat, ticks where they hardly do. */
function strip({ values, places }: PartialDependence | AccumulatedEffects): Json {
  const counts = new Map<number, number>();
  for (let r = 0; r < values.length; r++) counts.set(values[r], (counts.get(values[r]) ?? 0) + 1);
  const shared = { yaxis: 'y2', showlegend: false };
  if (counts.size <= BARS) {
    const at = [...counts.keys()].sort((a, b) => a - b);
    const gap = at
      .slice(1)
      .reduce((least, value, i) => Math.min(least, value - at[i]), at.length > 1 ? Number.POSITIVE_INFINITY : 1);
    return {
      ...shared,
      type: 'bar',
      x: compact(at),
      y: at.map((value) => counts.get(value)),
      width: Number((gap * 0.6).toPrecision(3)),
      marker: { color: translucent(palette[0], 0.5) },
      hovertemplate: '%{y} networks at %{x}<extra></extra>',
    };
  }
  const { rows } = drawnRows(values.length, 'networks', TICKS);
  const inside = Array.from(rows, (r) => values[r]).filter((value) => value >= places[0] && value <= places[places.length - 1]);
  return {
    ...shared,
    type: 'scatter',
    mode: 'markers',
    x: compact(inside),
    y: inside.map(() => 0.5),
    marker: { symbol: 'line-ns-open', size: 16, color: translucent(palette[0], 0.5) },
    hoverinfo: 'skip',
  };
}

/** A feature along the horizontal axis, in words, with its unit. */
export function axisLayout(column: Column, ticks: ArrayLike<number>): Json {
  return {
    height: 420,
    margin: { t: 56 },
    xaxis: {
      title: { text: axisTitle(column, 64) },
      zeroline: false,
      ...(ticks.length > 0 && ticks.length <= 12 ? { tickvals: compact(ticks), showgrid: false } : {}),
    },
    legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
  };
}

/** A feature's words and unit in lines; very long ones go by the reference's name. */
export function axisTitle(column: Column, characters: number): string {
  const inUnit = column.unit === '' ? '' : ` (${column.unit})`;
  const title = column.says.length > 128 ? column.name : column.says;
  return textLines(title + inUnit, characters)
    .map(plotlyText)
    .join('<br>');
}
