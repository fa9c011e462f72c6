import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { NotebookRun } from '../../src/kernel/run-notebook.js';
import { runNotebook } from '../../src/kernel/run-notebook.js';
import { temporaryFolder } from '../kernel/small-notebooks.js';
import { describeShared, published } from '../shared.js';

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
  test('runs on published data, ranks better than guessing, shows three figures and a card, small enough to keep', async () => {
    const run = await runNotebook(notebook('01-first-look.ipynb'), {
      params: { trainSize: '64', explained: '50' },
      env: published,
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

describeShared('03 to 05, in the stock kernel', () => {
  test('03: the suggested changes help far more often than random ones, and pictures show what changed', async () => {
    const params = { trainSize: '64', repeats: '2', explained: '40' };
    const run = await runNotebook(notebook('03-which-features-matter.ipynb'), { params, env: published });
    expect(run.failure).toBeNull();
    const table = outputs(run, 'text/html').find((html) => html.includes('suggestion helps')) ?? '';
    const shares = [...table.matchAll(/([\d.]+) %/g)].map(([, share]) => Number(share));
    expect(shares).toHaveLength(6);
    // The notebook's claim at 128 networks; 64 are enough for its direction.
    expect(shares[0]).toBeGreaterThan(shares[1] + 25);
    expect(shares[3]).toBeGreaterThan(shares[4] + 15);
    const pictures = outputs(run, 'text/html').find((html) => html.includes('class="edited"')) ?? '';
    expect(pictures.match(/class="edited"/g)).toHaveLength(3);
    expect(outputs(run, 'text').join('')).toMatch(/features by themselves: \d+ % of the variance/);
    expect(outputs(run, PLOTLY)).toHaveLength(8);
  });

  test('04: sets published tables beside computed numbers; those without randomness come out to the digit', async () => {
    const params = { seeds: '2', allSeeds: '3', rows: 'class_scene 32' };
    const run = await runNotebook(notebook('04-reproducing-graf.ipynb'), { params, env: published });
    expect(run.failure).toBeNull();
    const [correlations] = outputs(run, 'text/html').filter((html) => html.includes('proxy-accuracy-spearman'));
    expect(correlations).toMatch(/26 of \d+ published cells reproduced/);
    const text = outputs(run, 'text').join('');
    expect(text).toContain('7 preliminary');
    // The published medians differ by .063 (GRAF less ZCP, 32 labels); of two splits the sign is sure.
    expect(Number(/32 labels: GRAF less ZCP (-?[\d.]+)/.exec(text)?.[1])).toBeGreaterThan(0);
    expect(text).toContain('@');
    expect(outputs(run, PLOTLY)).toHaveLength(1);
  });

  test('05: the graph explains most proxies, and what is left of them hardly ranks accuracy', async () => {
    const params = { trainSize: '128', trees: '10', explained: '20' };
    const run = await runNotebook(notebook('05-what-proxies-measure.ipynb'), { params, env: published });
    expect(run.failure).toBeNull();
    const said = /proxies ([\d.]+), their graph part ([\d.]+), the rest ([\d.]+)/.exec(outputs(run, 'text').join(''));
    const [proxies, graph, rest] = (said ?? []).slice(1).map(Number);
    expect(Math.abs(graph - proxies)).toBeLessThan(0.1);
    expect(rest).toBeLessThan(proxies / 3);
    expect(outputs(run, PLOTLY)).toHaveLength(3);
  });
});

describe('08-microbench, in the stock kernel', () => {
  const temporary = temporaryFolder();

  test('runs on the table in the package alone; graphs rank better than parameters, and a live training is its label', async () => {
    const env = { NASCOPE_DATA: temporary, NASCOPE_MIRROR: 'http://127.0.0.1:9' };
    const params = { trainSize: '128', repeats: '3', explained: '20' };
    const run = await runNotebook(notebook('08-microbench.ipynb'), { params, env });
    expect(run.failure).toBeNull();
    const text = outputs(run, 'text').join('');
    const tau = (sees: string): number => Number(new RegExp(`${sees}: tau ([\\d.]+)`).exec(text)?.[1]);
    expect(tau('GRAF in use')).toBeGreaterThan(tau('parameters as written') + 0.05);
    expect(tau('GRAF in use')).toBeGreaterThan(tau('parameters in use') + 0.05);
    expect(text).toContain('every digit is the label of the table');
    expect(outputs(run, PLOTLY)).toHaveLength(5);
  });
});
