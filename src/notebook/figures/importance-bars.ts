import type { Explained, Importance } from '../../core/explain/importance.js';
import { type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { colours } from '../theme.js';
import { compact } from './drawn-rows.js';
import { featureLabels, greatest, hoverLines, rowPxOf } from './feature-labels.js';

export interface ImportanceBarsOptions {
  /** How many columns, the most important ones (15 unless said). */
  readonly top?: number;
  /** Above the figure; what the importance measures is on its axis anyway. */
  readonly title?: string;
  /** The target's unit, where the importance does not know it. */
  readonly unit?: string;
}

/**
 * The columns that drive a model most, as horizontal bars, the greatest on top, coloured by feature family. A feature is
 * named in plain words; the reference's own name, and the whole of a long one, shows on hover.
 * @throws ShapeError when `top` is not a positive whole number.
 */
export function importanceBars(from: Importance | Explained, options: ImportanceBarsOptions = {}): Figure {
  const importance = 'importance' in from ? from.importance() : from;
  const shown = greatest(importance.mean, options.top ?? 15, 'importanceBars');
  const colourOf = colours(shown.map((c) => importance.columns[c].family));
  const traces = [...colourOf].map(([family, colour]) => {
    const bars = shown.filter((c) => importance.columns[c].family === family);
    const columns = bars.map((c) => importance.columns[c]);
    return {
      type: 'bar',
      orientation: 'h',
      name: plotlyText(family.replaceAll('_', ' ')),
      y: bars.map((c) => String(shown.indexOf(c))),
      x: compact(bars.map((c) => importance.mean[c])),
      ...(importance.sd === undefined
        ? {}
        : {
            error_x: {
              type: 'data',
              array: compact(bars.map((c) => importance.sd?.[c] ?? 0)),
              thickness: 1,
              width: 3,
              color: '#8b949e',
            },
          }),
      marker: { color: colour },
      customdata: columns.map((column) => [hoverLines(column), plotlyText(column.unit || 'number')]),
      hovertemplate: '%{customdata[0]}, in %{customdata[1]}<br>%{x:.4g}<extra></extra>',
    };
  });
  const labels = featureLabels(shown.map((c) => importance.columns[c]));
  const measured = options.unit ?? importance.unit;
  const unit = measured === '' ? '' : ` (${measured})`;
  return figure(
    traces,
    {
      title: options.title === undefined ? undefined : { text: plotlyText(options.title) },
      height: 150 + rowPxOf(labels) * shown.length,
      bargap: 0.3,
      barmode: 'overlay',
      margin: { t: options.title === undefined ? 60 : 90, l: 20 },
      xaxis: { title: { text: plotlyText(importance.method + unit) }, rangemode: 'tozero' },
      yaxis: {
        type: 'category',
        categoryorder: 'array',
        categoryarray: shown.map((_, i) => String(i)),
        autorange: 'reversed',
        tickvals: shown.map((_, i) => String(i)),
        ticktext: labels,
        showgrid: false,
      },
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
      showlegend: colourOf.size > 1,
    },
    `${importance.method}${unit}: ${shown
      .slice(0, 3)
      .map((c) => `${importance.columns[c].says} ${importance.mean[c].toPrecision(3)}`)
      .join('; ')}${shown.length > 3 ? `; and ${shown.length - 3} more` : ''}.`,
  );
}
