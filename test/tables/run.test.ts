import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Experiment } from '../../src/tables/experiment.js';
import { computed, defineTable } from '../../src/tables/paper-table.js';
import { runUnits } from '../../src/tables/run.js';

const out = mkdtempSync(join(tmpdir(), 'nascope-run-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const made: number[] = [];
const experiment: Experiment = {
  id: 'the seed itself',
  benchmark: 'microbench',
  dataset: 'E201',
  seeds: [1, 2],
  async run(seed) {
    made.push(seed);
    return { value: seed, none: Number.NaN };
  },
};
const table = defineTable({
  id: 'seeds',
  says: 'each seed as its own result',
  cites: [],
  where: 'nowhere',
  rowsAre: 'row',
  rows: ['one'],
  columnsAre: 'column',
  columns: ['value'],
  published: {},
  cell: () => computed(experiment, 'value', { summary: 'median', tolerance: { abs: 1, because: 'a test' } }),
});
const run = () => runUnits([table], { seeds: null, rows: '', shard: null, out, jobs: 2 });
const file = join(out, 'results.jsonl');

test('what the results file holds is not computed again, unless it is of another version or other data', async () => {
  const lines = await run();
  expect(lines.map(({ seed, values }) => [seed, values])).toEqual([
    [1, { value: 1, none: null }],
    [2, { value: 2, none: null }],
  ]);
  expect(made).toEqual([1, 2]);
  expect(await run()).toEqual(lines);
  expect(made).toEqual([1, 2]);

  const [header, first, second] = readFileSync(file, 'utf8').split('\n');
  const { code, data } = lines[0];
  writeFileSync(file, [header, first.replace(code, 'older'), second, ''].join('\n'));
  expect((await run()).map((line) => line.code)).toEqual([code, code]);
  expect(made).toEqual([1, 2, 1]);
  writeFileSync(file, [header, first, second.replace(data, 'other'), ''].join('\n'));
  expect((await run()).map((line) => line.data)).toEqual([data, data]);
  expect(made).toEqual([1, 2, 1, 2]);
});
