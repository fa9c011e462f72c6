import { createHash } from 'node:crypto';
import { escapeMarkup } from '../notebook/escape.js';
import { plotlyBundle } from '../notebook/plotly-bundle.js';
import { highlight } from './highlight.js';
import { type Heading, markdownHtml } from './markdown-html.js';
import type { Cell, Notebook } from './notebook-file.js';
import { isPlot, outputHtml } from './output-html.js';
import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';

export interface ExportOptions {
  /** The page's title where the notebook has no heading. */
  readonly title: string;
}

/**
 * A notebook as one HTML page that needs nothing else: figures can be hovered and zoomed (plotly is inside once, compressed),
 * light or dark as the reader's system is, with contents and a switch that hides the code. The page makes no network
 * request. The notebook may come from anyone: its texts are escaped, its HTML outputs stand in frames in which nothing runs,
 * and a content security policy allows the page's two own scripts, by hash, and nothing from elsewhere.
 * The same notebook gives the same bytes. Takes about a second, and some 4 MB where there are figures.
 */
export async function exportHtml(notebook: Notebook, options: ExportOptions): Promise<string> {
  const headings: Heading[] = [];
  const reserved = new Set(['code', 'plotly-bundle']);
  const isTaken = (id: string): boolean => reserved.has(id) || headings.some((heading) => heading.id === id);
  const cells = notebook.cells.map((cell) => cellHtml(cell, headings, isTaken));
  const firstTitle = cells.findIndex((cell) => cell.includes('<h1'));
  const body = [
    ...cells.slice(0, firstTitle + 1),
    contents(headings, notebook.cells.some(isCode)),
    ...cells.slice(firstTitle + 1),
  ].join('\n');
  const bundle = notebook.cells.some((cell) => cell.cell_type === 'code' && cell.outputs.some(isPlot)) ? plotlyBundle() : null;
  const scripts = [sha256(pageScript), ...(bundle === null ? [] : [bundle.sha256])].map((hash) => `'sha256-${hash}'`);
  const policy = [
    "default-src 'none'",
    'img-src data: blob:',
    "style-src 'unsafe-inline'",
    `script-src ${scripts.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const title = headings.find((heading) => heading.depth === 1)?.text ?? options.title;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeMarkup(policy.join('; '))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="nascope">
<link rel="icon" href="data:,">
<title>${escapeMarkup(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
${body}
</main>
${bundle === null ? '' : `<script type="application/gzip+base64" id="plotly-bundle">${bundle.gzipBase64}</script>`}
<script>${pageScript}</script>
</body>
</html>
`;
}

/** A code cell with something in it. */
function isCode(cell: Cell): boolean {
  return cell.cell_type === 'code' && (cell.source.trim() !== '' || cell.outputs.length > 0);
}

function cellHtml(cell: Cell, headings: Heading[], isTaken: (id: string) => boolean): string {
  if (cell.cell_type === 'raw') return '';
  if (cell.cell_type === 'markdown') {
    const rendered = markdownHtml(cell.source, cell.attachments ?? {}, isTaken);
    headings.push(...rendered.headings);
    return `<section class="prose">${rendered.html}</section>`;
  }
  if (!isCode(cell)) return '';
  const outputs = cell.outputs.map(outputHtml).join('\n');
  const shown = outputs === '' ? '' : `<div class="output">${outputs}</div>`;
  return `<section class="cell"><pre class="source"><code>${highlight(cell.source)}</code></pre>${shown}</section>`;
}

/** A box with the contents, where there are any, and the switch that hides the code, where there is some. */
function contents(headings: readonly Heading[], hasCode: boolean): string {
  const entries = headings.filter((heading) => heading.depth === 2);
  const items = entries.map((heading) => `<li><a href="#${heading.id}">${escapeMarkup(heading.text)}</a></li>`);
  const codeSwitch = hasCode ? '<label class="switch"><input type="checkbox" id="code" checked> code</label>' : '';
  return items.length < 2 ? codeSwitch : `<nav>${codeSwitch}Contents<ol>${items.join('')}</ol></nav>`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
