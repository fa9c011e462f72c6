import { ShapeError } from '../../core/base/errors.js';
import type { FeatureTable } from '../../core/base/table.js';
import type { ShapValues } from '../../core/explain/treeshap.js';
import { cornerNote, type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { type Tabular, tableOf } from '../tabular.js';
import { lowToHigh, neutral } from '../theme.js';
import { compact, drawnRows, MOST_POINTS } from './drawn-rows.js';
import { featureLabels, greatest, hoverLines } from './feature-labels.js';
import { swarm } from './swarm.js';

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
  const traces = shown.map((c, place) => {
    const shares = Float64Array.from(rows, (r) => shap.values[r * width + c]);
    const offsets = swarm(shares);
    const ranks = rankShares(table.values[c]);
    const { unit } = shap.columns[c];
    return {
      type: 'scatter',
      mode: 'markers',
      x: compact(shares),
      y: compact(offsets.map((offset) => place - offset)),
      marker: { size: 5, opacity: 0.85, color: compact(Float64Array.from(rows, (r) => ranks[r])), coloraxis: 'coloraxis' },
      customdata: compact(Float64Array.from(rows, (r) => table.values[c][r])),
      hovertemplate: `${hoverLines(shap.columns[c])}<br>is %{customdata}${unit === '' ? '' : ` ${plotlyText(unit)}`}: moves the prediction by %{x:+.4g}<extra></extra>`,
      showlegend: false,
    };
  });
  const inUnit = options.unit === undefined ? '' : ` (${options.unit})`;
  return figure(
    traces,
    {
      height: 130 + ROW_PX * shown.length,
      margin: { t: 36, l: 20, r: 10 },
      xaxis: {
        title: { text: plotlyText(`SHAP value: moves the prediction by${inUnit}`) },
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
          title: { text: 'value of the feature', side: 'right' },
          tickvals: [0, 1],
          ticktext: ['low', 'high'],
          thickness: 10,
          len: 0.9,
          outlinewidth: 0,
        },
      },
      annotations: cornerNote(note),
    },
    `SHAP values of ${shap.rowCount.toLocaleString('en')} networks, by feature; the widest: ${shown
      .slice(0, 3)
      .map((c) => shap.columns[c].says)
      .join('; ')}.`,
  );
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
