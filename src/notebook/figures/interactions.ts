import type { InteractionStrengths } from '../../core/explain/interactions.js';
import { type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { rising } from '../theme.js';
import { featureLabels, greatest, hoverLines, rowPxOf } from './feature-labels.js';

export interface InteractionMapOptions {
  /** How many columns, those that take part in most (10 unless said). */
  readonly top?: number;
  /** The target's unit. */
  readonly unit?: string;
}

/**
 * Which features work together: the mean size of what each pair gives beyond what both give by themselves (SHAP interaction
 * values), for the features that take part in most. Numbers along the foot stand for the features beside the rows.
 * @throws ShapeError when `top` is not a positive whole number.
 */
export function interactionMap(strengths: InteractionStrengths, options: InteractionMapOptions = {}): Figure {
  const { columns, values, rowCount } = strengths;
  const width = columns.length;
  const pair = (i: number, j: number): number => values[i * width + j];
  const taking = Float64Array.from(columns, (_, i) => columns.reduce((sum, __, j) => sum + (i === j ? 0 : pair(i, j)), 0));
  const shown = greatest(taking, Math.min(options.top ?? 10, width), 'interactionMap');
  const labels = featureLabels(shown.map((c) => columns[c]));
  const unit = options.unit === undefined ? '' : ` (${options.unit})`;
  const places = shown.map((_, k) => k);
  // Below the diagonal only: the matrix is symmetric, and a feature with itself is no interaction.
  const cell = (row: number, k: number): number | null => (k < row ? Number(pair(shown[row], shown[k]).toPrecision(4)) : null);
  const pairs = shown
    .flatMap((a, row) => shown.slice(0, row).map((b) => ({ a, b, size: pair(a, b) })))
    .sort((p, q) => q.size - p.size);
  return figure(
    [
      {
        type: 'heatmap',
        x: places,
        y: places,
        z: places.map((row) => places.map((k) => cell(row, k))),
        customdata: places.map((row) => places.map((k) => [hoverLines(columns[shown[row]]), hoverLines(columns[shown[k]])])),
        colorscale: rising,
        zmin: 0,
        xgap: 1,
        ygap: 1,
        hoverongaps: false,
        hovertemplate:
          '%{customdata[0]}<br>with %{customdata[1]}<br>together move the prediction by %{z:.4g} on average<extra></extra>',
        colorbar: {
          title: { text: plotlyText(`mean size of the interaction${unit}`), side: 'right', font: { size: 13 } },
          thickness: 10,
          len: 0.9,
          outlinewidth: 0,
        },
      },
    ],
    {
      height: 130 + Math.max(30, rowPxOf(labels)) * shown.length,
      margin: { t: 20, l: 20, r: 10 },
      xaxis: {
        tickvals: places.slice(0, -1),
        ticktext: places.slice(0, -1).map((k) => String(k + 1)),
        range: [-0.5, Math.max(0.5, places.length - 1.5)],
        showgrid: false,
        zeroline: false,
        title: { text: 'with the feature of this number' },
      },
      yaxis: {
        tickvals: places,
        ticktext: labels.map((label, k) => `${label}  <b>${k + 1}</b>`),
        range: [places.length - 0.5, -0.5],
        showgrid: false,
        zeroline: false,
      },
    },
    `Mean size of SHAP interactions${unit} over ${rowCount.toLocaleString('en')} networks; the strongest: ${pairs
      .slice(0, 3)
      .map(({ a, b, size }) => `${columns[a].says} with ${columns[b].says} ${size.toPrecision(3)}`)
      .join('; ')}${pairs.length === 0 ? 'none' : ''}.`,
  );
}
