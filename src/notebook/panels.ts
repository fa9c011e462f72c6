import { escapeMarkup } from './escape.js';
import type { MimeBundle } from './sink.js';

/** Several values that are shown beside each other. */
export interface Panels {
  readonly kind: 'panels';
  readonly items: readonly unknown[];
}

/** The mime type of panels: a list of bundles. Our exporter lays them out by itself, each as it would stand alone. */
export const PANELS_MIME = 'application/vnd.nascope.panels+json';

/** Any values that `show` knows, side by side; where the page is too narrow they stand below each other. */
export function sideBySide(...items: readonly unknown[]): Panels {
  return { kind: 'panels', items };
}

/** @param bundles one for each item. */
export function panelsBundle(bundles: readonly MimeBundle[]): MimeBundle {
  const cells = bundles.map((bundle) => `<div style="flex:1 1 300px;min-width:0;overflow-x:auto">${panelHtml(bundle)}</div>`);
  return {
    'text/plain': bundles.map((bundle) => bundle['text/plain']).join('\n\n'),
    'text/html': `<div style="display:flex;flex-wrap:wrap;gap:16px 24px;align-items:flex-start">${cells.join('')}</div>`,
    [PANELS_MIME]: bundles,
  };
}

function panelHtml(bundle: MimeBundle): string {
  const html = bundle['text/html'] ?? bundle['image/svg+xml'];
  if (html !== undefined) return String(html);
  return `<pre style="margin:0;white-space:pre-wrap">${escapeMarkup(bundle['text/plain'])}</pre>`;
}
