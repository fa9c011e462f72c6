import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { NotebookRun } from '../../src/kernel/run-notebook.js';
import { runNotebook } from '../../src/kernel/run-notebook.js';
import { temporaryFolder } from '../kernel/small-notebooks.js';
import { describeShared, shared } from '../shared.js';

const notebook = (name: string): string => fileURLToPath(new URL(`../../notebooks/${name}`, import.meta.url));
const PLOTLY = 'application/vnd.plotly.v1+json';

/** All outputs of a mime type, stdout under `text`. */
function outputs(run: NotebookRun, mime: string): string[] {
  return run.notebook.cells.flatMap((cell) =>
    cell.cell_type !== 'code'
      ? []
      : cell.outputs.flatMap((output) => {
          if (output.output_type === 'stream') return mime === 'text' && output.name === 'stdout' ? [output.text] : [];
          if (output.output_type === 'error') return [];
          return output.data[mime] === undefined ? [] : [String(output.data[mime])];
        }),
  );
}

describe('02-graf-features, in the stock kernel', () => {
  test.each([
    'icml24',
    'main',
  ])('runs under version %s; every hand-made reading agrees with what is computed', async (version) => {
    const run = await runNotebook(notebook('02-graf-features.ipynb'), { params: { version } });
    expect(run.failure).toBeNull();
    const readings = outputs(run, 'text/html').find((html) => html.includes('by hand')) ?? '';
    expect(readings.match(/>yes</g)).toHaveLength(12);
    expect(readings).not.toContain('>NO<');
    // 4,930 functions: graf.md 1.2, by enumeration.
    expect(outputs(run, 'text').join('')).toMatch(/15625 cells, \d+ different rows, 4930 different functions/);
    expect(outputs(run, 'image/svg+xml')).toHaveLength(1);
  });
});

describeShared('01-first-look, in the stock kernel', () => {
  const data = temporaryFolder();

  test('runs on published data, ranks better than guessing, shows three figures and a card, small enough to keep', async () => {
    const run = await runNotebook(notebook('01-first-look.ipynb'), {
      params: { trainSize: '64', explained: '50' },
      env: { NASCOPE_DATA: data, NASCOPE_MIRROR: shared('upstream') },
    });
    expect(run.failure).toBeNull();
    const tau = Number(/Kendall tau ([\d.]+)/.exec(outputs(run, 'text').join(''))?.[1]);
    // Published medians (graf.md 6): some .6 to .7 at 32 to 128 training networks.
    expect(tau).toBeGreaterThan(0.4);
    expect(tau).toBeLessThan(0.9);
    expect(outputs(run, PLOTLY)).toHaveLength(3);
    expect(outputs(run, 'text/html').filter((html) => html.includes('nascope-card'))).toHaveLength(1);
    expect(outputs(run, 'text/html').filter((html) => /<script|newPlot/.test(html))).toEqual([]);
    expect(JSON.stringify(run.notebook).length).toBeLessThan(2_000_000);
  });
});
