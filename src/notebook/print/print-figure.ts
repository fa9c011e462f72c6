import type { Figure } from '../figure.js';
import { textLines } from '../figures/text-lines.js';
import { fontFamily, neutral, print } from '../theme.js';

type Json = { readonly [field: string]: unknown };

/** A figure as it is drawn for paper, in layout pixels; how large these become is a matter of scale. */
export interface PrintedFigure {
  readonly data: unknown;
  readonly layout: Json;
  readonly width: number;
  readonly height: number;
}

/** The font size of the screen theme, which becomes `print.fontPt` on paper. */
const SCREEN_FONT_PX = 13;
const NARROW_PX = 600;
const NARROW_LABEL = 32;
const NARROW_LINES = 3;
const NARROW_FONT_PX = 11;
/** What figures leave free at their top for plotly's buttons. */
const BUTTONS_PX = 26;
const CHARACTER_PX = 6.8;
const LINE_PX = 13;

const INKS: ReadonlyMap<string, string> = new Map([
  [neutral.text, print.text],
  [neutral.line, print.line],
  [neutral.faint, print.faint],
  [fontFamily, print.fontFamily],
]);

/**
 * A figure in the print theme: dark ink on white, type of 7 pt (6 pt for long labels in a narrow figure). In a narrow figure long labels are broken into short lines,
 * and rows grow to hold them.
 */
export function printedFigure(figure: Figure, widthMm: number): PrintedFigure {
  const width = Math.round((widthMm / 25.4) * (72 / print.fontPt) * SCREEN_FONT_PX);
  const layout = inked(figure.layout) as Json;
  const { yaxis, extra } = width < NARROW_PX ? narrowLabels(layout) : { yaxis: layout.yaxis, extra: 0 };
  const margin = typeof layout.margin === 'object' ? (layout.margin as Json) : {};
  const buttons = Math.min(BUTTONS_PX, Number(margin.t ?? 0));
  const height = (typeof layout.height === 'number' ? layout.height : 450) + extra - buttons;
  return {
    data: inked(figure.data),
    layout: {
      ...layout,
      yaxis,
      xaxis: brokenTitle(layout.xaxis, Math.floor((width * 0.6) / CHARACTER_PX)),
      width,
      height,
      margin: {
        ...margin,
        t: Number(margin.t ?? 0) - buttons,
        l: Math.min(Number(margin.l ?? 10), 40),
        r: Math.min(Number(margin.r ?? 10), 14),
      },
      paper_bgcolor: print.paper,
      plot_bgcolor: print.paper,
    },
    width,
    height,
  };
}

/** Every colour and font of the screen theme, wherever it stands, in that of the print theme. */
function inked(value: unknown): unknown {
  if (typeof value === 'string') return INKS.get(value) ?? value;
  if (Array.isArray(value)) return value.map(inked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, inked(inner)]));
}

function narrowLabels(layout: Json): { readonly yaxis: unknown; readonly extra: number } {
  const yaxis = layout.yaxis as Json;
  if (!Array.isArray(yaxis?.ticktext)) return { yaxis, extra: 0 };
  const labels = (yaxis.ticktext as string[]).map((label) => narrowLabel(label.replaceAll('<br>', ' ')));
  const lines = Math.max(...labels.map((label) => label.split('<br>').length));
  const rows = Number(layout.height ?? 450) - 140;
  return {
    yaxis: { ...yaxis, ticktext: labels, tickfont: { size: NARROW_FONT_PX } },
    extra: Math.max(0, labels.length * (LINE_PX * lines + 10) - rows),
  };
}

/** On three lines at most; a value at the end (` = 2`) is kept whatever is cut. */
function narrowLabel(label: string): string {
  const lines = textLines(label, NARROW_LABEL);
  if (lines.length <= NARROW_LINES) return lines.join('<br>');
  const value = / = [\d.−-]+$/.exec(label)?.[0] ?? '';
  const last = lines[NARROW_LINES - 1].slice(0, NARROW_LABEL - 2 - value.length).trimEnd();
  return [...lines.slice(0, NARROW_LINES - 1), `${last.replace(/ ?…$/, '')} …${value}`].join('<br>');
}

function brokenTitle(axis: unknown, characters: number): unknown {
  const title = (axis as { readonly title?: { readonly text?: unknown } } | undefined)?.title;
  if (typeof title?.text !== 'string') return axis;
  return { ...(axis as Json), title: { ...title, text: broken(title.text.replaceAll('<br>', ' '), characters) } };
}

function broken(text: string, characters: number): string {
  return textLines(text, characters).join('<br>');
}
