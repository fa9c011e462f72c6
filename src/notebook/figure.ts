import { plotlyText } from './plotly-text.js';
import { fontFamily, neutral, palette } from './theme.js';

type Json = { readonly [field: string]: unknown };

/** A plotly figure as plain JSON data. Anything that draws plotly figures draws it. */
export interface Figure {
  readonly kind: 'figure';
  readonly data: readonly Json[];
  readonly layout: Json;
  /** What is to be seen, in one sentence: the text form, and the description for readers who cannot see it. */
  readonly says: string;
}

/** A figure in the house's theme: the layout given is laid over the theme's, axes and fonts field by field. */
export function figure(data: readonly Json[], layout: Json, says: string): Figure {
  return { kind: 'figure', data, layout: overlay(baseLayout, layout), says };
}

/** A small line at the upper right, over the drawing: how much of the data is drawn. None when the text is ''. */
export function cornerNote(text: string): readonly Json[] {
  if (text === '') return [];
  const place = { xref: 'paper', yref: 'paper', x: 1, y: 1, xanchor: 'right', yanchor: 'bottom', yshift: 4 };
  return [{ ...place, showarrow: false, text: plotlyText(text), font: { size: 11 } }];
}

/** A line at the upper left, over the drawing. @param above pixels between the two. */
export function headline(text: string, above: number = 4): Json {
  const place = { xref: 'paper', yref: 'paper', x: 0, y: 1, xanchor: 'left', yanchor: 'bottom', yshift: above };
  return { ...place, showarrow: false, text: plotlyText(text) };
}

const axis: Json = {
  gridcolor: neutral.faint,
  zerolinecolor: neutral.faint,
  linecolor: neutral.line,
  tickcolor: neutral.line,
  automargin: true,
  title: { standoff: 12, font: { size: 14 } },
};

const baseLayout: Json = {
  font: { family: fontFamily, size: 13, color: neutral.text },
  paper_bgcolor: 'rgba(0,0,0,0)',
  plot_bgcolor: 'rgba(0,0,0,0)',
  colorway: palette,
  margin: { l: 60, r: 20, t: 50, b: 50 },
  modebar: { bgcolor: 'rgba(0,0,0,0)', color: neutral.line, activecolor: palette[0] },
  hoverlabel: { font: { family: fontFamily, size: 13 } },
  xaxis: axis,
  yaxis: axis,
};

function overlay(under: Json, over: Json): Json {
  const out: Record<string, unknown> = { ...under };
  for (const [field, value] of Object.entries(over)) {
    const below = under[field];
    out[field] = isPlain(value) && isPlain(below) ? overlay(below, value) : value;
  }
  return out;
}

function isPlain(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
