import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DataError, ShapeError, UnsupportedError } from '../../src/core/base/errors.js';
import { nasbench201 } from '../../src/core/spaces/nasbench201.js';
import { picture } from '../../src/notebook/cell-picture.js';
import { findChromium, withBrowserPage } from '../../src/notebook/chromium.js';
import { tauBySize } from '../../src/notebook/figures/tau-by-size.js';
import { save } from '../../src/notebook/save.js';
import { describeChromium } from '../chromium.js';
import { temporaryFolder } from '../kernel/small-notebooks.js';
import { elements } from './xml.js';

const folder = temporaryFolder();
const graph = nasbench201.toGraph(nasbench201.parse('(4, 0, 3, 1, 4, 3)'));
const evil = '</text><script>alert(1)</script>&';
const figure = tauBySize([
  { series: evil, train: 32, tau: 0.5 },
  { series: evil, train: 64, tau: 0.6 },
]);
/** Of this process: other tests have browsers of their own meanwhile. */
const browserProfiles = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`nascope-browser-${process.pid}-`));

afterEach(() => void vi.unstubAllEnvs());

describe('without a browser', () => {
  test('the picture of a cell is saved as SVG of a column’s width, whole and alone in its folder', async () => {
    vi.stubEnv('CHROMIUM', join(folder, 'none'));
    const path = join(folder, 'cell', 'cell.svg');
    const saved = await save(graph, path);
    const [root] = elements(readFileSync(path, 'utf8'));
    expect(root.attributes).toMatchObject({ width: '84mm', height: `${saved.heightMm}mm` });
    expect(saved).toMatchObject({ widthMm: 84, bytes: readFileSync(path).length });
    expect(readdirSync(join(folder, 'cell'))).toEqual(['cell.svg']);
    await save(picture(graph), path, { width: 'page' });
    expect(elements(readFileSync(path, 'utf8'))[0].attributes.width).toBe('174mm');
  });

  test('a figure is refused with what is to be done', async () => {
    vi.stubEnv('CHROMIUM', join(folder, 'none'));
    expect(findChromium()).toBeNull();
    await expect(save(figure, join(folder, 'figure.pdf'))).rejects.toThrow(UnsupportedError);
    await expect(save(figure, join(folder, 'figure.pdf'))).rejects.toThrow(/Install Chromium .* CHROMIUM/);
  });

  test('other endings, widths that are none and texts that are no SVG are refused', async () => {
    await expect(save(figure, join(folder, 'figure.jpg'))).rejects.toThrow(/\.svg, \.pdf, \.png/);
    await expect(save(graph, join(folder, 'a.svg'), { width: 0 })).rejects.toThrow(ShapeError);
    await expect(save('<p>', join(folder, 'a.svg'))).rejects.toThrow(ShapeError);
  });
});

describeChromium('with a browser', () => {
  test('a figure becomes well-formed SVG in dark ink on white, its names text, its sentence the title', async () => {
    const path = join(folder, 'figure.svg');
    await save(figure, path);
    const text = readFileSync(path, 'utf8');
    const all = elements(text);
    expect(all[0].attributes.width).toBe('84mm');
    expect(all.map((element) => element.name)).not.toContain('script');
    expect(all.find((element) => element.name === 'title')?.text).toBe(figure.says);
    expect(all.some((element) => element.text.includes(evil))).toBe(true);
    expect(text).toContain('rgb(26, 26, 26)');
    expect(text).not.toMatch(/768390|rgb\(118, 131, 144\)/);
  });

  test('a PDF is one page of the figure’s size with letters in it, and a PNG has 300 dots per inch', async () => {
    const pdf = join(folder, 'figure.pdf');
    const { heightMm } = await save(figure, pdf, { width: 100 });
    const bytes = readFileSync(pdf, 'latin1');
    expect(bytes.slice(0, 5)).toBe('%PDF-');
    expect(bytes.match(/\/Type \/Page\b/g)).toHaveLength(1);
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(bytes) as RegExpExecArray;
    // In points, which the browser rounds to whole ones.
    expect(Math.abs(Number(width) - (100 / 25.4) * 72)).toBeLessThan(1);
    expect(Math.abs(Number(height) - (heightMm / 25.4) * 72)).toBeLessThan(1);
    expect(bytes).toMatch(/\/Font/);

    const png = join(folder, 'cell.png');
    await save(graph, png, { width: 'column' });
    const image = readFileSync(png);
    expect(image.subarray(1, 4).toString()).toBe('PNG');
    expect(image.readUInt32BE(16)).toBe(Math.round((84 / 25.4) * 300));
  });

  test('a page that throws is reported; browser and profile are gone afterwards, and nothing was fetched', async () => {
    expect(await withBrowserPage('a test', async () => browserProfiles().length)).toBe(1);
    await expect(withBrowserPage('a test', (page) => page.evaluate('nothing.there'))).rejects.toThrow('nothing is not defined');
    const fetched = "fetch('https://example.org').then(() => 'fetched', () => 'blocked')";
    expect(await withBrowserPage('a test', (page) => page.evaluate(fetched))).toBe('blocked');
    expect(browserProfiles()).toEqual([]);
  });

  test('a browser that does not start is a DataError', async () => {
    vi.stubEnv('CHROMIUM', process.execPath);
    await expect(save(figure, join(folder, 'b.svg'))).rejects.toThrow(DataError);
  });
});
