import { escapeMarkup, jsonForScript } from '../notebook/escape.js';
import { PLOTLY_MIME } from '../notebook/figure-bundle.js';
import { PANELS_MIME } from '../notebook/panels.js';
import { markdownHtml } from './markdown-html.js';
import type { MimeData, Output } from './notebook-file.js';
import { frameStyle } from './page-style.js';

/** The forms that are shown, the first that an output has. */
const RENDERERS: readonly (readonly [string, (content: unknown, data: MimeData) => string])[] = [
  [PLOTLY_MIME, plotHtml],
  ['text/html', (content) => frameHtml(String(content))],
  ['image/svg+xml', (content, data) => imageHtml('image/svg+xml', Buffer.from(String(content)).toString('base64'), data)],
  ['image/png', (content, data) => imageHtml('image/png', String(content), data)],
  ['image/jpeg', (content, data) => imageHtml('image/jpeg', String(content), data)],
  ['image/gif', (content, data) => imageHtml('image/gif', String(content), data)],
  ['text/markdown', (content) => `<div class="prose">${markdownHtml(String(content), {}, () => false).html}</div>`],
  ['text/latex', (content) => textHtml(String(content), 'text')],
  ['application/json', (content) => textHtml(JSON.stringify(content, null, 2) ?? '', 'text')],
  ['text/plain', (content) => textHtml(String(content), 'text')],
];

/**
 * One output as HTML for an exported page. Foreign HTML goes into a frame in which nothing runs; pictures into image
 * elements; figures become data for the page's own script; everything else is text.
 */
export function outputHtml(output: Output): string {
  switch (output.output_type) {
    case 'stream':
      return textHtml(output.text, output.name);
    case 'error':
      return textHtml(output.traceback.length > 0 ? output.traceback.join('\n') : `${output.ename}: ${output.evalue}`, 'stderr');
    default: {
      const panels = panelsOf(output.data);
      return panels === null
        ? dataHtml(output.data)
        : `<div class="panels">${panels.map((data) => `<div>${dataHtml(data)}</div>`).join('')}</div>`;
    }
  }
}

export function isPlot(output: Output): boolean {
  if (output.output_type !== 'display_data' && output.output_type !== 'execute_result') return false;
  return [output.data, ...(panelsOf(output.data) ?? [])].some((data) => data[PLOTLY_MIME] !== undefined);
}

function dataHtml(data: MimeData): string {
  const found = RENDERERS.find(([mime]) => data[mime] !== undefined);
  if (found === undefined) return textHtml(`[${Object.keys(data).join(', ') || 'an empty output'}]`, 'text');
  return found[1](data[found[0]], data);
}

/** What stands side by side; null for any other output. */
function panelsOf(data: MimeData): MimeData[] | null {
  const panels = data[PANELS_MIME];
  if (!Array.isArray(panels)) return null;
  return panels.filter((panel): panel is MimeData => typeof panel === 'object' && panel !== null);
}

function plotHtml(content: unknown, data: MimeData): string {
  const spec = (typeof content === 'object' && content !== null ? content : {}) as {
    data?: unknown;
    layout?: { height?: unknown };
  };
  const height = Number(spec.layout?.height);
  const tall = Number.isFinite(height) ? Math.min(Math.max(height, 100), 4000) : 450;
  const about = escapeMarkup(String(data['text/plain'] ?? 'figure').replace(/^\[figure\] /, ''));
  const json = jsonForScript({ data: spec.data, layout: spec.layout });
  return (
    `<figure class="plot"><div class="plotly" role="img" aria-label="${about}" style="height:${tall}px"></div>` +
    `<script type="application/json">${json}</script></figure>`
  );
}

/** No `allow-scripts`: nothing in the frame runs. `allow-same-origin` lets the page measure its height. */
function frameHtml(html: string): string {
  const page = `<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><style>${frameStyle}</style></head><body>${html}</body></html>`;
  return `<iframe class="foreign" sandbox="allow-same-origin" title="output" srcdoc="${escapeMarkup(page)}"></iframe>`;
}

function imageHtml(mime: string, base64: string, data: MimeData): string {
  const about = escapeMarkup(String(data['text/plain'] ?? 'picture'));
  return `<img class="picture" alt="${about}" title="${about}" src="data:${mime};base64,${base64.replace(/[^A-Za-z0-9+/=]/g, '')}">`;
}

function textHtml(text: string, kind: string): string {
  return `<pre class="${kind}">${escapeMarkup(asLastDrawn(text))}</pre>`;
}

/** As a terminal would stand at the end: colours gone, and of a line drawn again and again the last state. */
function asLastDrawn(text: string): string {
  return text
    .replaceAll(ANSI, '')
    .split('\n')
    .map((line) => line.replace(/\r+$/, '').replace(/^.*\r/, ''))
    .join('\n')
    .trimEnd();
}

const ANSI: RegExp = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g');
