import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gainText } from '../../src/cli/microbench-bars.js';
import { spearman } from '../../src/core/metrics/spearman.js';
import { microFamilyNamed, microSplit } from '../../src/core/spaces/micro/index.js';
import type { SearchSpace } from '../../src/core/spaces/space.js';
import { PROXIES } from '../../src/data/engine-proxies.js';
import { load } from '../../src/data/load.js';
import { microbench, microTable } from '../../src/data/microbench.js';
import { MICROBENCH_FOLDER, readMicroCsv, readMicroManifest } from '../../src/data/microbench-table.js';
import { type GrafGain, grafGain } from '../../src/micro/graf-gain.js';
import { seedAgreement } from '../../src/micro/seed-agreement.js';

const manifest = await readMicroManifest();
const families = Object.entries(manifest.families);

test('the loader offers the families that the package has', () => {
  expect([...microbench.datasets].sort()).toEqual(families.map(([id]) => id).sort());
  expect(families.map(([id]) => id)).toEqual(['E101', 'E201', 'E2P', 'EMB']);
});

test('there are as many networks as promised', () => {
  for (const [id, { count }] of families) expect(count, id).toBeGreaterThanOrEqual(id === 'E201' ? 1_200 : 600);
});

test('a task names the default target, where there are tasks', async () => {
  for (const [task, metric] of Object.entries({ cls: 'cls.acc', den: 'den.psnr', seg: 'seg.iou' })) {
    expect((await load('microbench', { task })).defaultTarget).toBe(metric);
  }
  expect((await load('microbench')).defaultTarget).toBe('cls.acc');
  await expect(load('microbench', { task: 'classify' })).rejects.toThrow(
    'task of microbench: expected one of cls, den, seg, got "classify"',
  );
  await expect(load('transnas-micro', { task: 'jigsaw' })).rejects.toThrow(/option task for transnas-micro.*jigsaw.*as dataset/);
});

test('every proxy says what it measures', async () => {
  const { columns } = await load('microbench', { dataset: 'E2P' });
  for (const [name, [says, unit]] of Object.entries(PROXIES)) {
    const column = columns.find((each) => each.name === name);
    expect([column?.says, column?.unit]).toEqual([`${says} (mean over first weights)`, unit]);
  }
});

test('the whole table is smaller than 5 MB', () => {
  const bytes = readdirSync(MICROBENCH_FOLDER).reduce((sum, name) => sum + statSync(join(MICROBENCH_FOLDER, name)).size, 0);
  expect(bytes).toBeLessThan(5e6);
});

test.each(families)('%s: every architecture has its place by its canonical id, and costs that make sense', async (id, entry) => {
  const family = microFamilyNamed(id);
  const table = await readMicroCsv(entry.archs);
  expect(table.rowCount).toBe(entry.count);
  const [archs, canonical, splits] = ['arch_id', 'canonical_id', 'split'].map((name) => table.text(name));
  expect(new Set(canonical).size).toBe(entry.count);
  archs.forEach((arch, i) => {
    expect(family.canonicalId(family.parse(arch))).toBe(canonical[i]);
    expect(microSplit(id, canonical[i])).toBe(splits[i]);
  });
  const [raw, live] = ['params_raw', 'params_live'].map((name) => table.numbers(name));
  expect(live.every((value, i) => value > 0 && value <= raw[i])).toBe(true);
});

test.each(
  families,
)('%s: labels are finite where training went well and absent where not, with the seeds stated', async (id, entry) => {
  const bench = await load('microbench', { dataset: id });
  const test3 = bench.protocol('test');
  for (const metric of ['cls.acc', 'den.psnr', 'seg.iou']) {
    const [one, two, three] = [1, 2, 3].map((seed) => bench.column(`${metric}.seed${seed}`));
    const diverged = bench.column(`${metric.split('.')[0]}.diverged`);
    expect(one.every((value, i) => Number.isFinite(value) || diverged[i] > 0)).toBe(true);
    expect(two.every((value, i) => Number.isFinite(value) || diverged[i] > 0)).toBe(true);
    expect(three.filter(Number.isFinite).length).toBeLessThanOrEqual(test3.size);
    const row = bench.column(`${metric}.seed3`).findIndex(Number.isFinite);
    expect(bench.column(metric)[row]).toBeCloseTo((one[row] + two[row] + three[row]) / 3, 10);
  }
  expect(entry.splits.test).toBe(test3.size);
});

// Which aims are missed, and why, is on the page of the table (test/cli/microbench-bars.test.ts).
test.each(families)('%s: what is told of its seeds is what its columns say', async (id, entry) => {
  const part = (await load('microbench', { dataset: id })).protocol('test');
  for (const { metric, pairs, networks } of await seedAgreement(entry)) {
    const columns = [1, 2, 3].map((seed) => part.column(`${metric}.seed${seed}`));
    const rows = part.archs.map((_, row) => row).filter((row) => columns.every((column) => Number.isFinite(column[row])));
    const seeds = columns.map((column) => rows.map((row) => column[row]));
    expect(networks).toBe(rows.length);
    // A network of which one training diverged takes no part; with more than a few such the numbers would say little.
    expect(networks).toBeGreaterThan(0.9 * part.size);
    expect(pairs).toEqual([spearman(seeds[0], seeds[1]), spearman(seeds[0], seeds[2]), spearman(seeds[1], seeds[2])]);
  }
});

test('E201: accuracies are spread, and the best are good but not perfect', async () => {
  const bench = await load('microbench', { dataset: 'E201' });
  const sorted = Float64Array.from(bench.target('cls.acc')).sort();
  const quantile = (p: number): number => sorted[Math.floor(p * (sorted.length - 1))];
  expect(quantile(0.1)).toBeLessThan(60);
  expect(quantile(0.75) - quantile(0.25)).toBeGreaterThan(5);
  expect(quantile(1)).toBeGreaterThan(85);
  expect(quantile(1)).toBeLessThan(95);
});

test('E201: a forest on GRAF of the live cells ranks better than one on the number of parameters, by a tenth of tau', async () => {
  const space = microFamilyNamed('E201').space as unknown as SearchSpace;
  const gain = (await grafGain(await microTable('E201', space, manifest.families.E201))) as GrafGain;
  expect(gain.graf - gain.paramsRaw).toBeGreaterThan(0.1);
  const page = readFileSync(join(MICROBENCH_FOLDER, 'README.md'), 'utf8').replace(/\s+/g, ' ');
  expect(page).toContain(gainText(gain));
});
