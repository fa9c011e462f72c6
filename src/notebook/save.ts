import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { ShapeError, UnsupportedError } from '../core/base/errors.js';
import type { CellGraph } from '../core/ir/cell-graph.js';
import { writeAtomically } from '../data/atomic-write.js';
import { picture } from './cell-picture.js';
import { type BrowserPage, withBrowserPage } from './chromium.js';
import { escapeMarkup, jsonForScript } from './escape.js';
import type { Figure } from './figure.js';
import { printedFigure } from './print/print-figure.js';
import { print } from './theme.js';

export interface SaveOptions {
  /** A column (84 mm, unless said) or a page (174 mm) of a paper, or millimetres. */
  readonly width?: 'column' | 'page' | number;
}

/** A file that was written. */
export interface SavedFile {
  readonly path: string;
  readonly bytes: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

interface Drawing {
  readonly svg: string;
  readonly widthMm: number;
  readonly heightMm: number;
}

const PX_PER_MM = 96 / 25.4;
const FORMATS = ['.svg', '.pdf', '.png'];

/**
 * Writes a figure, or the picture of an architecture, for a paper: in the print theme, on white, in type of 7 pt, as the ending
 * of the file's name says: `.svg` and `.pdf` as lines and letters, `.png` with 300 dots per inch. Figures, PDF and PNG need
 * Chromium or Chrome on this machine (nothing is fetched); the picture of an architecture as SVG does not.
 * The file is whole or not there.
 * @param what a figure, an architecture's graph, or what `picture` gives.
 * @throws UnsupportedError on another ending or without a browser, ShapeError on a width that is none, DataError when the file cannot be written.
 * Takes some 2 s for the browser.
 */
export async function save(what: Figure | CellGraph | string, path: string, options: SaveOptions = {}): Promise<SavedFile> {
  const format = extname(path).toLowerCase();
  if (!FORMATS.includes(format)) {
    throw new UnsupportedError(`saving as "${format || path}"`, `Name the file with one of ${FORMATS.join(', ')}.`);
  }
  const widthMm = typeof options.width === 'number' ? options.width : print.widthMm[options.width ?? 'column'];
  if (!(widthMm >= 10 && widthMm <= 2000)) {
    const expected = "'column', 'page', or 10 to 2000 millimetres";
    throw new ShapeError({ argument: 'save: width', expected, got: String(options.width) });
  }
  const drawn = isFigure(what) ? null : sized(typeof what === 'string' ? what : picture(what), widthMm);
  if (drawn !== null && format === '.svg') return write(path, drawn.svg, drawn);
  return withBrowserPage(`saving as ${format.slice(1).toUpperCase()}`, async (page) => {
    const drawing = drawn ?? (await drawFigure(page, what as Figure, widthMm));
    return write(path, format === '.svg' ? drawing.svg : await rendered(page, drawing, format), drawing);
  });
}

async function write(path: string, content: string | Uint8Array, { widthMm, heightMm }: Drawing): Promise<SavedFile> {
  await writeAtomically(path, content);
  return { path, bytes: Buffer.byteLength(content), widthMm, heightMm };
}

async function drawFigure(page: BrowserPage, figure: Figure, widthMm: number): Promise<Drawing> {
  const { data, layout, width, height } = printedFigure(figure, widthMm);
  await page.evaluate(`${readFileSync(createRequire(import.meta.url).resolve('plotly.js-dist'), 'utf8')};0`);
  const size = { format: 'svg', width, height, imageDataOnly: true };
  const spec = { data, layout, config: { staticPlot: true } };
  const svg = await page.evaluate(`Plotly.toImage(${jsonForScript(spec)}, ${jsonForScript(size)})`);
  const about = `<title>${escapeMarkup(figure.says)}</title>`;
  const text = String(svg).replace(/^<svg [^>]*>/, (root) => `${root.replace('<svg ', '<svg role="img" ')}${about}`);
  return sized(text, widthMm);
}

/** The SVG that wide on paper, its height in proportion. */
function sized(svg: string, widthMm: number): Drawing {
  const root = /^<svg [^>]*>/.exec(svg)?.[0] ?? '';
  const box = /\bviewBox="[\d.-]+[ ,]+[\d.-]+[ ,]+([\d.]+)[ ,]+([\d.]+)"/.exec(root);
  if (box === null) {
    throw new ShapeError({
      argument: 'save: what',
      expected: 'a figure, a graph, or an SVG with a viewBox',
      got: svg.slice(0, 60),
    });
  }
  const heightMm = Math.round(((widthMm * Number(box[2])) / Number(box[1])) * 100) / 100;
  const bare = root.replace(/ (?:width|height|style)="[^"]*"/g, '');
  const size = `width="${widthMm}mm" height="${heightMm}mm"`;
  return { svg: svg.replace(root, () => bare.replace('<svg ', `<svg ${size} `)), widthMm, heightMm };
}

async function rendered(page: BrowserPage, { svg, widthMm, heightMm }: Drawing, format: string): Promise<Uint8Array> {
  const html = `<style>html,body{margin:0;background:${print.paper}}svg{display:block}</style>${svg}`;
  await page.evaluate(`document.documentElement.innerHTML = ${jsonForScript(html)}; document.fonts.ready.then(() => 0)`);
  if (format === '.pdf') return page.pdf(widthMm, heightMm);
  const dots = Math.round((widthMm / 25.4) * print.dotsPerInch);
  const width = widthMm * PX_PER_MM;
  return page.png(width, heightMm * PX_PER_MM, dots / width);
}

function isFigure(what: Figure | CellGraph | string): what is Figure {
  return typeof what === 'object' && what.kind === 'figure';
}
