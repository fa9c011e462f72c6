import { ShapeError } from '../core/base/errors.js';
import type { Column } from '../core/base/table.js';
import type { Explained, Importance } from '../core/explain/importance.js';
import { type Figure, figure } from './figure.js';
import { plotlyText } from './plotly-text.js';
import { colours } from './theme.js';

export interface ImportanceBarsOptions {
  /** How many columns, the most important ones (15 unless said). */
  readonly top?: number;
  /** Above the figure; what the importance measures is on its axis anyway. */
  readonly title?: string;
}

const ROW_PX = 26;
const TWO_LINE_ROW_PX = 38;
const LINE_CHARACTERS = 52;

/**
 * The columns that drive a model most, as horizontal bars, the greatest on top, coloured by feature family. A feature is
 * named in plain words; the reference's own name, and the whole of a long one, shows on hover.
 * @throws ShapeError when `top` is not a positive whole number.
 */
export function importanceBars(from: Importance | Explained, options: ImportanceBarsOptions = {}): Figure {
  const importance = 'importance' in from ? from.importance() : from;
  const top = options.top ?? 15;
  if (!(Number.isInteger(top) && top >= 1)) {
    throw new ShapeError({ argument: 'importanceBars: top', expected: 'a whole number above 0', got: `${top}` });
  }
  const order = importance.columns.map((_, c) => c).sort((a, b) => importance.mean[b] - importance.mean[a] || a - b);
  const shown = order.slice(0, top);
  const colourOf = colours(shown.map((c) => importance.columns[c].family));
  const traces = [...colourOf].map(([family, colour]) => {
    const bars = shown.filter((c) => importance.columns[c].family === family);
    const columns = bars.map((c) => importance.columns[c]);
    return {
      type: 'bar',
      orientation: 'h',
      name: plotlyText(family.replaceAll('_', ' ')),
      y: bars.map((c) => String(shown.indexOf(c))),
      x: bars.map((c) => importance.mean[c]),
      ...(importance.sd === undefined
        ? {}
        : {
            error_x: { type: 'data', array: bars.map((c) => importance.sd?.[c] ?? 0), thickness: 1, width: 3, color: '#8b949e' },
          }),
      marker: { color: colour },
      customdata: columns.map((column) => [
        plotlyText(column.says),
        plotlyText(column.name),
        plotlyText(column.unit || 'number'),
      ]),
      hovertemplate: '%{customdata[0]}<br>%{x:.4g}<br><i>%{customdata[1]}, in %{customdata[2]}</i><extra></extra>',
    };
  });
  const labels = labelsOf(shown.map((c) => importance.columns[c]));
  const rowPx = labels.some((label) => label.includes('<br>')) ? TWO_LINE_ROW_PX : ROW_PX;
  const unit = importance.unit === '' ? '' : ` (${importance.unit})`;
  return figure(
    traces,
    {
      title: options.title === undefined ? undefined : { text: plotlyText(options.title) },
      height: 150 + rowPx * shown.length,
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
      showlegend: true,
    },
    `${importance.method}${unit}: ${shown
      .slice(0, 3)
      .map((c) => `${importance.columns[c].says} ${importance.mean[c].toPrecision(3)}`)
      .join('; ')}${shown.length > 3 ? `; and ${shown.length - 3} more` : ''}.`,
  );
}

/** In words on at most two lines; columns whose words would look the same when cut go by the reference's name. */
function labelsOf(columns: readonly Column[]): string[] {
  const inWords = columns.map((column) => twoLines(column.says));
  return columns.map((column, i) => {
    const isAlone = inWords.every((label, j) => j === i || label.join() !== inWords[i].join());
    return (isAlone ? inWords[i] : twoLines(column.name)).map(plotlyText).join('<br>');
  });
}

function twoLines(text: string): string[] {
  if (text.length <= LINE_CHARACTERS) return [text];
  const space = text.lastIndexOf(' ', LINE_CHARACTERS);
  const at = space > LINE_CHARACTERS / 2 ? space : LINE_CHARACTERS;
  const rest = text.slice(at).trimStart();
  return [text.slice(0, at), rest.length <= LINE_CHARACTERS ? rest : `${rest.slice(0, LINE_CHARACTERS - 1)}…`];
}
