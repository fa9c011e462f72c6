import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataError } from '../../src/core/base/errors.js';
import type { Progress } from '../../src/core/base/progress.js';
import { type MicroFamilyId, microFamilies } from '../../src/core/spaces/micro/index.js';
import { readMicroManifest } from '../../src/data/microbench-table.js';
import { generateLabels } from '../../src/micro/generate.js';
import { type LabelLine, parseLabelLines } from '../../src/micro/label-line.js';
import { planUnits, unitKey } from '../../src/micro/label-plan.js';
import { labelSettings, settingsHash } from '../../src/micro/label-settings.js';
import { someLabellers } from '../../src/micro/labellers.js';
import { mergeLabels } from '../../src/micro/merge-labels.js';
import { openShard, readShards } from '../../src/micro/shard-files.js';
import type { TaskId } from '../../src/micro/task-data.js';
import { inventedLines, SMALL_PLAN } from './small-table.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nascope-labels-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, of: readonly LabelLine[]): void {
  writeFileSync(join(folder, name), of.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

describe('a plan', () => {
  test('asks for every seed of every task, and for more of the test split only', () => {
    const units = planUnits(SMALL_PLAN);
    const seeds = (arch: string): string =>
      units
        .filter((unit) => unit.arch === arch && unit.task === 'cls')
        .map((unit) => unit.seed)
        .join();
    const kinds = new Set(units.map((unit) => seeds(unit.arch)));
    expect([...kinds].sort()).toEqual(['1,2', '1,2,3']);
    expect(new Set(units.map(unitKey)).size).toBe(units.length);
  });

  test('is the union of its shards, each architecture in one of them', () => {
    const parts = [0, 1, 2].map((index) => planUnits(SMALL_PLAN, { index, of: 3 }));
    expect(parts.flat().map(unitKey).sort()).toEqual(planUnits(SMALL_PLAN).map(unitKey).sort());
    const archs = parts.map((part) => new Set(part.map((unit) => unit.arch)));
    expect(archs.reduce((sum, part) => sum + part.size, 0)).toBe(SMALL_PLAN.count);
  });

  test('of fewer architectures is the start of a larger one', () => {
    expect(planUnits(SMALL_PLAN).slice(0, planUnits({ ...SMALL_PLAN, count: 5 }).length)).toEqual(
      planUnits({ ...SMALL_PLAN, count: 5 }),
    );
  });
});

describe('shard files', () => {
  test('lose no more than the line that a killed run was writing', async () => {
    const all = inventedLines();
    write('E2P-0-of-1.jsonl', all.slice(0, 3));
    appendFileSync(join(folder, 'E2P-0-of-1.jsonl'), JSON.stringify(all[3]).slice(0, 40));
    expect(await readShards(folder, 'E2P')).toEqual(all.slice(0, 3));
    const shard = await openShard(folder, 'E2P', { index: 0, of: 1 });
    await shard.append(all[3]);
    await shard.close();
    expect(await readShards(folder, 'E2P')).toEqual(all.slice(0, 4));
  });

  test('refuse a damaged line inside, naming it', async () => {
    write('E2P-0-of-1.jsonl', inventedLines());
    appendFileSync(join(folder, 'E2P-0-of-1.jsonl'), 'nonsense\n');
    await expect(readShards(folder, 'E2P')).rejects.toThrow(/E2P-0-of-1\.jsonl, line \d+: expected a label/);
  });
});

describe('a line of a shard', () => {
  const [line] = inventedLines();
  const { seconds, ...timeless } = line;
  test.each<[string, object]>([
    ['of a task that there is not', { ...line, task: 'sort' }],
    ['of a family that there is not', { ...line, family: 'E9' }],
    ['of a seed that is no whole number', { ...line, seed: 1.5 }],
    ['without one of its metrics', { ...line, values: { 'cls.acc': 50 } }],
    ['without values', { ...line, values: null }],
    ['with a value that is no number', { ...line, values: { ...line.values, 'cls.nll': '0.5' } }],
    ['that went well without a value', { ...line, values: { ...line.values, 'cls.nll': null } }],
    ['that diverged with a value', { ...line, status: 'diverged' }],
    ['without the time it took', timeless],
    ['that is null', null as unknown as object],
  ])('%s is refused by its number', (_, spoilt) => {
    const text = `${JSON.stringify(line)}\n${JSON.stringify(spoilt)}\n`;
    expect(() => parseLabelLines('shard', text)).toThrow(/^shard, line 2: expected a label/);
    expect(seconds).toBe(0.5);
  });
});

describe('generating', () => {
  test('has nothing to do where all labels are, and tells that they were there before', async () => {
    write('E2P-0-of-2.jsonl', inventedLines());
    const told: Progress[] = [];
    const made = await generateLabels(SMALL_PLAN, { out: folder, onProgress: (progress) => told.push(progress) });
    const total = planUnits(SMALL_PLAN).length;
    expect(made).toEqual({ done: total, before: total, diverged: 1, cpuSecondsPerUnit: 0 });
    expect(told).toEqual([{ done: total, total, before: total, label: 'E2P, 1 diverged' }]);
  });

  test('takes no more threads than there are units', async () => {
    expect(someLabellers(0, 5)).toHaveLength(1);
    expect(someLabellers(4, 0)).toEqual([]);
    const threads = someLabellers(64, 2);
    await Promise.all(threads.map((thread) => thread.close()));
    expect(threads).toHaveLength(2);
  });
});

describe('merging', () => {
  const out = (): string => join(folder, 'table');
  const merge = (): Promise<unknown> => mergeLabels(SMALL_PLAN, { in: folder, out: out() });

  test('gives the same bytes whatever the shards and their order', async () => {
    const all = inventedLines();
    write('E2P-0-of-1.jsonl', all);
    await merge();
    const names = readdirSync(out()).sort();
    expect(names).toEqual(['E2P.archs.csv.gz', 'E2P.labels.csv.gz', 'manifest.json']);
    const first = names.map((name) => readFileSync(join(out(), name)));
    rmSync(join(folder, 'E2P-0-of-1.jsonl'));
    write('E2P-0-of-2.jsonl', [...all.slice(20)].reverse());
    // A label that two runs have made is one label.
    write('E2P-1-of-2.jsonl', all.slice(0, 25));
    await merge();
    expect(names.map((name) => readFileSync(join(out(), name)))).toEqual(first);
  });

  test('keeps a diverged training as rows without values', async () => {
    write('E2P-0-of-1.jsonl', inventedLines());
    await merge();
    const manifest = JSON.parse(readFileSync(join(out(), 'manifest.json'), 'utf8'));
    expect(manifest.families.E2P.diverged).toBe(1);
  });

  test.each([
    ['a missing label', (all: LabelLine[]) => all.slice(1), /1 missing, the first E2P/],
    [
      'two labels of one unit that differ',
      (all: LabelLine[]) => [...all, { ...all[0], values: { ...all[0].values, 'cls.acc': 1 } }],
      /two that differ/,
    ],
    [
      'other settings',
      (all: LabelLine[]) => all.map((line, i) => (i === 4 ? { ...line, settings: 'f'.repeat(16) } : line)),
      /present settings/,
    ],
  ])('refuses %s and writes nothing', async (_, spoil, message) => {
    write('E2P-0-of-1.jsonl', spoil(inventedLines()));
    await expect(merge()).rejects.toThrow(DataError);
    await expect(merge()).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual(['E2P-0-of-1.jsonl']);
  });
});

describe('settings', () => {
  test('are those that the labels of the package were made with', async () => {
    const { families } = await readMicroManifest();
    for (const [id, { settings, tasks }] of Object.entries(families)) {
      const present = tasks.map((task) => [task, settingsHash(labelSettings(id as MicroFamilyId, task as TaskId))]);
      expect([id, settings]).toEqual([id, Object.fromEntries(present)]);
    }
  });

  test('of the first table have not moved by a bit', () => {
    const hashes = (['cls', 'den', 'seg'] as const).map((task) => settingsHash(labelSettings('E201', task)));
    expect(hashes).toEqual(['85da8ff058b810f7', '992fa1ebd1660910', '6dc4df19479bade4']);
  });

  test('differ between families, so that labels are never mixed', () => {
    const hashes = Object.keys(microFamilies).map((id) => settingsHash(labelSettings(id as MicroFamilyId, 'cls')));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
