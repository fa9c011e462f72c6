import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { mergeShards } from '../../src/tables/merge.js';
import { planUnits } from '../../src/tables/plan.js';
import { tablesNamed } from '../../src/tables/registry.js';
import type { ResultLine, RunHeader } from '../../src/tables/results-file.js';

const root = mkdtempSync(join(tmpdir(), 'nascope-merge-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ID = 'graf-tutorial';
const units = planUnits(tablesNamed([ID]), 2);
const header = (index: number): RunHeader => ({
  format: 'nascope-reproduce',
  version: 1,
  tables: [ID],
  rows: '',
  seeds: 2,
  shard: { index, of: 2 },
  code: 'c',
});
const line = (unit: number): ResultLine => ({
  experiment: units[unit].experiment.id,
  seed: units[unit].seed,
  data: 'd',
  code: 'c',
  seconds: 1,
  values: { tau: 0.7 + unit / 10 },
});

/** A folder with the two shards of the two splits. */
function shards(name: string, first: readonly object[], second: readonly object[]): string {
  const folder = join(root, name);
  mkdirSync(folder);
  [first, second].forEach((lines, i) => {
    const text = [header(i + 1), ...lines].map((json) => `${JSON.stringify(json)}\n`).join('');
    writeFileSync(join(folder, `shard-${i + 1}-of-2.jsonl`), text);
  });
  return folder;
}

test('two splits of one experiment make a plan of two units', () => {
  expect(units.map(({ seed }) => seed)).toEqual([42, 43]);
});

test('shards give the lines of the plan in its order', async () => {
  const merged = await mergeShards([shards('whole', [line(0)], [line(1)])]);
  expect(merged.lines).toEqual([line(0), line(1)]);
  expect((await mergeShards([shards('turned', [line(1)], [line(0)])])).lines).toEqual([line(0), line(1)]);
});

test.each([
  ['a missing result', [line(0)], [], /1 missing, the first .*, seed 43/],
  ['results of another version of the code', [line(0)], [{ ...line(1), code: 'b' }], /code b/],
  ['results on other data', [line(0)], [{ ...line(1), data: 'e' }], /expected code c, data d as in the other results/],
])('shards with %s are refused', async (name, first, second, says) => {
  await expect(mergeShards([shards(name, first, second)])).rejects.toThrow(says);
});

test('a folder named twice, or without shards, is refused', async () => {
  const folder = shards('twice', [line(0)], [line(1)]);
  await expect(mergeShards([folder, folder])).rejects.toThrow(/each once, got shards 1, 2, 1, 2/);
  mkdirSync(join(root, 'empty'));
  await expect(mergeShards([join(root, 'empty')])).rejects.toThrow(/expected files shard-I-of-N/);
});
