import { randomUUID } from 'node:crypto';
import { escapeMarkup, jsonForScript } from './escape.js';
import type { Figure } from './figure.js';
import { loadPlotlySource, plotlyBundle } from './plotly-bundle.js';
import { displaySink, type MimeBundle } from './sink.js';

/** The mime type of plotly figures; VS Code, our exporter, and JupyterLab with plotly's extension draw it by themselves. */
export const PLOTLY_MIME = 'application/vnd.plotly.v1+json';

let pageHasPlotly = false;

/**
 * A figure for a notebook: the plotly JSON, a text form, and HTML that draws it in a plain Jupyter without any extension.
 * The first HTML of a session brings plotly along (some 4 MB in the notebook); the later ones wait for it. Under
 * `nascope notebook run` (`NASCOPE_RUNNER=1`) there is no HTML: the exporter puts plotly into the page once.
 */
export function figureBundle(figure: Figure): MimeBundle {
  const spec = { data: figure.data, layout: figure.layout, config: { responsive: true, displaylogo: false } };
  const plain = { 'text/plain': `[figure] ${figure.says}`, [PLOTLY_MIME]: spec };
  if (process.env.NASCOPE_RUNNER === '1') return plain;
  const loader = pageHasPlotly ? '' : plotlyScript();
  pageHasPlotly = true;
  return { ...plain, 'text/html': loader + figureHtml(figure.says, spec) };
}

/**
 * Brings plotly into the notebook's page again: after a reload, when the cell that first showed a figure has been run again
 * since, the saved figures wait for it.
 */
export function showPlotlyLoader(): void {
  displaySink().display({ 'text/plain': '[plotly]', 'text/html': plotlyScript() });
}

function plotlyScript(): string {
  return `<script>window.nascopePlotly = window.nascopePlotly || (${loadPlotlySource})("${plotlyBundle().gzipBase64}");</script>`;
}

function figureHtml(says: string, spec: object): string {
  const id = `nascope-${randomUUID()}`;
  return `<div id="${id}" role="img" aria-label="${escapeMarkup(says)}"></div><script>(async () => {
  const place = document.getElementById('${id}');
  for (let i = 0; i < 100 && !window.nascopePlotly && !window.Plotly; i++) await new Promise((r) => setTimeout(r, 200));
  const plotly = window.Plotly || (await window.nascopePlotly);
  if (!plotly) place.textContent = 'Plotly is not on this page: run the first cell with a figure again, or lab.showPlotlyLoader().';
  else { const f = ${jsonForScript(spec)}; plotly.newPlot(place, f.data, f.layout, f.config); }
})();</script>`;
}
