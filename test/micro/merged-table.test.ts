import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataError } from '../../src/core/base/errors.js';
import { microFamilyNamed, microSplit } from '../../src/core/spaces/micro/index.js';
import { type MicroFamilyEntry, readMicroCsv, readMicroFamily, readMicroManifest } from '../../src/data/microbench-table.js';
import { estimateLabels } from '../../src/micro/estimate.js';
import type { LabelLine } from '../../src/micro/label-line.js';
import { type LabelPlan, planArchs, planUnits } from '../../src/micro/label-plan.js';
import { mergeLabels } from '../../src/micro/merge-labels.js';
import { seedAgreement } from '../../src/micro/seed-agreement.js';
import { readShards } from '../../src/micro/shard-files.js';
import { trainForReal } from '../../src/micro/train-for-real.js';
import { inventedLines } from './small-table.js';

let folder: string;
let table: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nascope-merged-'));
  table = join(folder, 'table');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function merged(plan: LabelPlan, lines: readonly LabelLine[] = inventedLines(plan)): Promise<MicroFamilyEntry> {
  writeFileSync(join(folder, `${plan.family}-0-of-1.jsonl`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await mergeLabels(plan, { in: folder, out: table });
  return readMicroFamily(plan.family, table);
}

const TWO: LabelPlan = { family: 'E2P', count: 9, tasks: ['cls', 'den'], seeds: [2, 10], testSeeds: [] };

describe('a merged table', () => {
  test('has its rows by architecture, task and metric, seeds as numbers, each with its own value', async () => {
    const lines = inventedLines(TWO);
    const labels = await readMicroCsv((await merged(TWO, lines)).labels, table);
    const [archs, tasks, metrics, seeds, values] = ['arch_id', 'task', 'metric', 'seed', 'value'].map((name) =>
      labels.text(name),
    );
    const groups = archs.map((arch, i) => [arch, tasks[i], metrics[i]].join('\n'));
    expect(groups).toEqual([...groups].sort());
    expect(seeds).toEqual(seeds.map((_, i) => (i % 2 === 0 ? '2' : '10')));
    for (const [i, value] of values.entries()) {
      const own = lines.find(({ arch, task, seed }) => arch === archs[i] && task === tasks[i] && String(seed) === seeds[i]);
      const wanted = own?.values[metrics[i] as 'cls.acc'];
      expect(value).toBe(wanted === null ? '' : String(wanted));
    }
  });

  test('tells apart what is written and what is in use, and counts its splits', async () => {
    const plan: LabelPlan = { family: 'E201', count: 150, tasks: ['den'], seeds: [1], testSeeds: [2] };
    const entry = await merged(plan);
    const archs = await readMicroCsv(entry.archs, table);
    for (const cost of ['params', 'macs']) {
      const [raw, live] = [archs.numbers(`${cost}_raw`), archs.numbers(`${cost}_live`)];
      expect(raw.every((value, i) => value >= live[i])).toBe(true);
      expect(raw.some((value, i) => value > live[i])).toBe(true);
    }
    const family = microFamilyNamed('E201');
    const splits = planArchs(plan).map((arch) => microSplit('E201', family.canonicalId(family.parse(arch))));
    expect(archs.text('split')).toEqual(splits);
    const counts = (part: string): number => splits.filter((split) => split === part).length;
    expect(entry.splits).toEqual({ train_pool: counts('train_pool'), val: counts('val'), test: counts('test') });
    // The further seed is that of the test split alone.
    const further = planUnits(plan).filter(({ seed }) => seed === 2);
    expect(further.map(({ arch }) => arch)).toEqual(planArchs(plan).filter((_, i) => splits[i] === 'test'));
  });

  test('keeps other families, and proxies as long as the architectures are the same', async () => {
    const e101: LabelPlan = { family: 'E101', count: 2, tasks: ['den'], seeds: [1], testSeeds: [] };
    const first = await merged(e101);
    const entry = await merged(TWO);
    const path = join(table, 'manifest.json');
    const manifest = await readMicroManifest(table);
    expect(Object.keys(manifest.families)).toEqual(['E101', 'E2P']);
    expect(manifest.families.E101).toEqual(first);
    const families = { ...manifest.families, E2P: { ...entry, proxies: entry.labels } };
    writeFileSync(path, JSON.stringify({ ...manifest, families }));
    expect((await merged(TWO)).proxies).toEqual(entry.labels);
    expect((await merged({ ...TWO, count: 8 })).proxies).toBeUndefined();
  });

  test('of which a byte was changed is refused', async () => {
    const { labels } = await merged(TWO);
    const path = join(table, labels.path);
    const bytes = readFileSync(path);
    // The system in the gzip header: no checksum of gzip's own covers it.
    bytes[9] ^= 1;
    writeFileSync(path, bytes);
    await expect(readMicroCsv(labels, table)).rejects.toThrow(DataError);
    await expect(readMicroCsv(labels, table)).rejects.toThrow(/labels\.csv\.gz: expected sha256/);
  });

  test('leaves proxies that are kept beside the shards alone', async () => {
    writeFileSync(join(folder, 'E2P-0-of-1.proxies.jsonl'), '{"arch":"c1|c1/add"}\n');
    await merged(TWO);
    expect(await readShards(folder, 'E2P')).toEqual(inventedLines(TWO));
  });
});

describe('agreement of seeds', () => {
  test('is that of the test split, worked by hand', async () => {
    const plan = { family: 'E2P', tasks: ['den'], seeds: [1, 2], testSeeds: [] } as const;
    const family = microFamilyNamed('E2P');
    const inTest = (arch: string): boolean => microSplit('E2P', family.canonicalId(family.parse(arch))) === 'test';
    const archs = planArchs({ family: 'E2P', count: 60 });
    const four = archs.filter(inTest).slice(0, 4);
    const count = archs.indexOf(four[3]) + 1;
    const bySeed: Readonly<Record<number, readonly number[]>> = { 1: [1, 2, 3, 3], 2: [1, 3, 2, 4] };
    const lines = inventedLines({ ...plan, count }).map((line) => ({
      ...line,
      status: 'ok' as const,
      values: { 'den.psnr': bySeed[line.seed][four.indexOf(line.arch)] ?? 9 },
    }));
    const [found] = await seedAgreement(await merged({ ...plan, count }, lines), table);
    expect([found.metric, found.networks, found.bar]).toEqual(['den.psnr', 4, 0.93]);
    // Ranks 1, 2, 3.5, 3.5 and 1, 3, 2, 4.
    expect(found.mean).toBeCloseTo(3 / Math.sqrt(22.5), 12);
    expect(found.pairs).toEqual([found.mean]);
    expect(found.seedSd).toBeCloseTo(Math.sqrt(1.5 / 4), 12);
    // Of six pairs one lies closer, and it alone is swapped; one that ties for a seed is not.
    expect(found.close).toEqual({ ofAll: 1 / 6, ofSwapped: 1 });

    const fewer = { ...plan, count: archs.indexOf(four[2]) };
    await expect(seedAgreement(await merged(fewer), table)).rejects.toThrow(/got 2 of 2\. Label more/);
    const single = { ...plan, count, seeds: [1] };
    await expect(seedAgreement(await merged(single), table)).rejects.toThrow(/two seeds or more .* got 1 of 4/);
  });
});

describe('training for real', () => {
  test('finds the label of a network written otherwise; of another seed or of other settings it finds none', async () => {
    const family = microFamilyNamed('E201');
    const written = (arch: string): string => family.canonicalId(family.parse(arch));
    const archs = planArchs({ family: 'E201', count: 40 });
    const place = archs.findIndex((arch) => written(arch) !== arch);
    const plan: LabelPlan = { family: 'E201', count: place + 1, tasks: ['den', 'cls'], seeds: [1], testSeeds: [] };
    const valued = ({ values, task }: LabelLine): LabelLine['values'] =>
      Object.fromEntries(Object.keys(values).map((metric) => [metric, task === 'den' ? 7 : 8]));
    await merged(
      plan,
      inventedLines(plan).map((line) => ({ ...line, status: 'ok', values: valued(line) })),
    );
    const asked = { folder: table, task: 'den' } as const;
    const one = await trainForReal(written(archs[place]), asked);
    expect([one.inTable, one.metrics.map(({ table: held }) => held)]).toEqual(['ok', [7]]);
    const other = await trainForReal(archs[place], { ...asked, seed: 2 });
    expect([other.inTable, other.metrics.map(({ table: held }) => held)]).toEqual(['no', [null]]);
    const path = join(table, 'manifest.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(JSON.parse(text).families.E201.settings.den, 'f'.repeat(16)));
    expect((await trainForReal(archs[place], asked)).inTable).toBe('no');
  });
});

test('an estimate grows with what there is to do: networks, and epochs of each', () => {
  const plan: LabelPlan = { family: 'EMB', count: 10, tasks: ['cls'], seeds: [1], testSeeds: [] };
  const one = estimateLabels(plan, 2);
  expect([one.archs, one.units]).toEqual([10, 10]);
  expect(one.wallSeconds).toBe(one.cpuSeconds / 2);
  expect(estimateLabels({ ...plan, seeds: [1, 2] }, 2).cpuSeconds).toBeCloseTo(2 * one.cpuSeconds, 12);
  // Cells of E101 multiply more than those of E201, and are trained as long.
  const [e101, e201] = (['E101', 'E201'] as const).map((family) => estimateLabels({ ...plan, family, count: 60 }, 2).cpuSeconds);
  expect(e101).toBeGreaterThan(1.1 * e201);
  // Forty epochs and thirty.
  expect(estimateLabels({ ...plan, tasks: ['den'] }, 2).cpuSeconds).toBeCloseTo(0.75 * one.cpuSeconds, 12);
});
