import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { chromium, loadPage } from '../chromium.js';
import { describeShared, shared } from '../shared.js';
import { nascope } from './run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-quickstart-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('without data and without a network it says so and does the job on the benchmark in the package', async () => {
  const env = { NASCOPE_DATA: join(folder, 'empty'), NASCOPE_MIRROR: 'http://127.0.0.1:9' };
  const out = join(folder, 'offline');
  const { code, stdout, stderr } = await nascope(['quickstart', '--out', out], { env });
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^Data: MicroBench E201, [\d,]+ architectures/);
  expect(stdout).toMatch(/Kendall tau 0\.\d+ on \d+ test networks/);
  expect(stderr).toMatch(/NAS-Bench-201 is not here/);
  expect(stderr).toMatch(/NASCOPE_MIRROR/);
  expect(stderr).not.toMatch(/\n {4}at /);
  expect(existsSync(join(out, 'quickstart.html'))).toBe(true);
});

describeShared('with the published files', () => {
  test('it says which data, prints the tau and writes a page that shows its table and figures and asks for nothing', async () => {
    const env = { NASCOPE_DATA: join(folder, 'data'), NASCOPE_MIRROR: shared('upstream') };
    const { code, stdout, stderr } = await nascope(['quickstart', '--out', folder], { env });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Data: NAS-Bench-201, CIFAR-10, 15,625 architectures/);
    expect(stdout).toMatch(/Kendall tau 0\.\d+ on \d+ test networks/);
    const page = pathToFileURL(join(folder, 'quickstart.html')).href;
    expect(existsSync(join(folder, 'quickstart.html'))).toBe(true);
    if (chromium === '') return;
    const drawn = "document.querySelectorAll('.js-plotly-plot .bars .point').length > 0";
    const seen = await loadPage(page, {
      until: drawn,
      evaluate: `({ tables: document.querySelectorAll('table').length + document.querySelectorAll('iframe').length, bars: ${drawn} })`,
    });
    expect(seen.messages).toEqual([]);
    expect(seen.requests).toEqual([page]);
    expect(seen.value).toEqual({ tables: expect.any(Number), bars: true });
    expect((seen.value as { tables: number }).tables).toBeGreaterThan(0);
  });
});
