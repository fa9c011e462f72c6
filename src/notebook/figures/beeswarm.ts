import { ShapeError } from '../../core/base/errors.js';
import type { FeatureTable } from '../../core/base/table.js';
import type { ShapValues } from '../../core/explain/treeshap.js';
import { quantile } from '../../core/metrics/quantile.js';
import { cornerNote, type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { type Tabular, tableOf } from '../tabular.js';
import { lowToHigh, neutral } from '../theme.js';
import { compact, drawnRows, MOST_POINTS } from './drawn-rows.js';
import { featureLabels, greatest, hoverLines } from './feature-labels.js';
import { swarm } from './swarm.js';
import { signed } from './waterfall-steps.js';

export interface BeeswarmOptions {
  /** How many columns, the most important ones (12 unless said). */
  readonly top?: number;
  /** The target's unit. */
  readonly unit?: string;
}

const ROW_PX = 42;

/**
 * SHAP values as points, one row of points a feature, the most important on top: how far each network's value of the feature
 * moved its prediction, coloured by where that value stands among all networks' (its rank). At most 4,000 points are drawn.
 * @param x the rows that were explained, in the same order.
 * @throws ShapeError when the rows or columns are not those of the SHAP values.
 */
export function beeswarm(shap: ShapValues, x: FeatureTable | Tabular, options: BeeswarmOptions = {}): Figure {
  const table = tableOf(x);
  checkExplained('beeswarm', shap, table);
  const importance = shap.importance();
  const shown = greatest(importance.mean, options.top ?? 12, 'beeswarm');
  const { rows, note } = drawnRows(shap.rowCount, 'networks', Math.floor(MOST_POINTS / shown.length));
  const width = shap.columns.length;
  const own = shown.map((c) => Float64Array.from(rows, (r) => shap.values[r * width + c]));
  const { low, high, beyond } = crowdedRange(own);
  const traces = shown.map((c, place) => {
    const shares = own[place].map((share) => Math.min(high, Math.max(low, share)));
    const offsets = swarm(shares);
    const ranks = rankShares(table.values[c]);
    const { unit } = shap.columns[c];
    return {
      type: 'scatter',
      mode: 'markers',
      x: compact(shares),
      y: compact(offsets.map((offset) => place - offset)),
      marker: {
        size: 5,
        opacity: 0.85,
        line: { width: 0 },
        color: compact(Float64Array.from(rows, (r) => ranks[r])),
        coloraxis: 'coloraxis',
        ...symbols(own[place], low, high),
      },
      customdata: Array.from(rows, (r, i) => [Number(table.values[c][r].toPrecision(6)), signed(own[place][i])]),
      hovertemplate: `${hoverLines(shap.columns[c])}<br>is %{customdata[0]}${unit === '' ? '' : ` ${plotlyText(unit)}`}: moves the prediction by %{customdata[1]}<extra></extra>`,
      showlegend: false,
    };
  });
  const notes = [note, beyond === 0 ? '' : `triangles: ${beyond} ${beyond === 1 ? 'point' : 'points'} further out`].filter(
    (text) => text !== '',
  );
  return figure(
    traces,
    {
      height: 150 + ROW_PX * shown.length,
      margin: { t: 56, l: 20, r: 10 },
      xaxis: {
        title: {
          text: plotlyText(`moves the prediction by (SHAP value${options.unit === undefined ? '' : `, ${options.unit}`})`),
        },
        zeroline: true,
        zerolinecolor: neutral.line,
        zerolinewidth: 1,
      },
      yaxis: {
        range: [shown.length - 0.4, -0.6],
        tickvals: shown.map((_, i) => i),
        ticktext: featureLabels(shown.map((c) => shap.columns[c])),
        showgrid: false,
        zeroline: false,
      },
      coloraxis: {
        colorscale: lowToHigh,
        cmin: 0,
        cmax: 1,
        colorbar: {
          title: { text: 'value of the feature', side: 'right', font: { size: 13 } },
          tickvals: [0, 1],
          ticktext: ['low', 'high'],
          thickness: 10,
          len: 0.9,
          outlinewidth: 0,
        },
      },
      annotations: cornerNote(notes.join('; ')),
    },
    `SHAP values of ${shap.rowCount.toLocaleString('en')} networks, by feature; the widest: ${shown
      .slice(0, 3)
      .map((c) => shap.columns[c].says)
      .join('; ')}.`,
  );
}

/**
 * The range in which nearly all points lie. Where a few networks (those that cannot learn at all) would press all others
 * into a line, the drawing ends on that side where the middle 99 % do, and `beyond` points stand at its edge.
 */
function crowdedRange(rows: readonly Float64Array[]): { readonly low: number; readonly high: number; readonly beyond: number } {
  const sorted = Float64Array.from(rows.flatMap((row) => Array.from(row))).sort();
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  const [inner, outer] = [quantile(sorted, 0.005), quantile(sorted, 0.995)];
  const near = 0.5 * (outer - inner);
  const low = inner - first <= near || near === 0 ? first : inner;
  const high = last - outer <= near || near === 0 ? last : outer;
  return { low, high, beyond: sorted.reduce((n, share) => n + (share < low || share > high ? 1 : 0), 0) };
}

/** Points beyond the range as triangles that point outwards. */
function symbols(
  shares: Float64Array,
  low: number,
  high: number,
): { readonly symbol?: readonly string[]; readonly size?: readonly number[] } {
  if (shares.every((share) => share >= low && share <= high)) return {};
  return {
    symbol: Array.from(shares, (share) => (share < low ? 'triangle-left' : share > high ? 'triangle-right' : 'circle')),
    size: Array.from(shares, (share) => (share < low || share > high ? 9 : 5)),
  };
}

/** @throws ShapeError unless the table holds the rows and columns that were explained. */
export function checkExplained(where: string, shap: ShapValues, x: FeatureTable): void {
  if (x.rowCount !== shap.rowCount) {
    const expected = `the ${shap.rowCount} rows that were explained`;
    throw new ShapeError({ argument: `${where}: x`, expected, got: `${x.rowCount}` });
  }
  const other = shap.columns.findIndex((column, c) => x.columns[c]?.name !== column.name);
  if (other >= 0 || x.columns.length !== shap.columns.length) {
    const at = other >= 0 ? other : shap.columns.length;
    const expected = `column ${at} ${shap.columns[at]?.name ?? 'not to be there'}`;
    throw new ShapeError({ argument: `${where}: x`, expected, got: x.columns[at]?.name ?? 'none' });
  }
}

/** Where each value stands among all, from 0 (lowest) to 1 (highest); equal values stand together, in their middle. */
function rankShares(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).sort();
  const shares = new Map<number, number>();
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    shares.set(sorted[start], (start + end - 1) / 2);
    start = Math.max(end, start + 1);
  }
  const first = shares.get(sorted[0]) ?? 0;
  const last = shares.get(sorted[sorted.length - 1]) ?? 0;
  return Float64Array.from(values, (value) => (last > first ? ((shares.get(value) ?? first) - first) / (last - first) : 0.5));
}
