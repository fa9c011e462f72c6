import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';

/** Plotly's browser bundle as a page carries it. */
export interface PlotlyBundle {
  readonly gzipBase64: string;
  /** sha256 of the bundle's text in base64, for a content security policy. */
  readonly sha256: string;
}

let bundle: PlotlyBundle | null = null;

/** Plotly's text, compressed: some 3.5 MB. Takes about half a second the first time; never runs plotly, which needs a browser. */
export function plotlyBundle(): PlotlyBundle {
  if (bundle === null) {
    const bytes = readFileSync(createRequire(import.meta.url).resolve('plotly.js-dist'));
    // A script element's text has its line breaks normalised by no one, but a file checked out on Windows may carry CRLF.
    const text = bytes.toString('utf8').replaceAll('\r\n', '\n');
    bundle = {
      gzipBase64: gzipSync(text, { level: 9 }).toString('base64'),
      sha256: createHash('sha256').update(text).digest('base64'),
    };
  }
  return bundle;
}

/**
 * JavaScript of a function `loadPlotly(base64)`: inflates the bundle and runs it once, with `define` hidden, since require.js
 * in a notebook page would swallow it. Gives a promise of `Plotly`.
 */
export const loadPlotlySource = `async function loadPlotly(base64) {
  if (window.Plotly) return window.Plotly;
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
  const define = window.define;
  window.define = undefined;
  try {
    const script = document.createElement('script');
    script.textContent = text;
    document.head.append(script);
  } finally {
    window.define = define;
  }
  return window.Plotly;
}`;
