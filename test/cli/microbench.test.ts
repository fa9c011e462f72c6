import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { inventedLines, SMALL_PLAN, smallTable } from '../micro/small-table.js';
import { nascope } from './run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-microbench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const table = join(folder, 'table');
await smallTable(table);
const shards = join(folder, 'shards', 'E2P-0-of-1.jsonl');
cpSync(table, join(folder, 'shards'), { recursive: true });
writeFileSync(
  shards,
  inventedLines()
    .map((line) => `${JSON.stringify(line)}\n`)
    .join(''),
);

const small = ['--family', 'E2P', '--count', String(SMALL_PLAN.count), '--tasks'];

test.each([
  ['generate', [], 2, /required option '--family <id>'/],
  ['generate', ['--family', 'e201'], 2, /one of E201.*did you mean E201/],
  ['generate', ['--family', 'E201', '--count', '5000', '--out', join(folder, 'new')], 2, /at most the 4,929 different/],
  ['generate', ['--family', 'E201', '--shard', '3/2'], 2, /I from 0 to N - 1.*3\/2/],
  ['generate', ['--family', 'E201', '--tasks', 'cls,sag'], 2, /did you mean seg/],
  ['generate', ['--family', 'E201', '--out', shards], 1, /a folder of shards/],
  [
    'merge',
    ['--family', 'E201', '--in', join(folder, 'none'), '--out', join(folder, 'new')],
    1,
    /labels of E201, got none.*--in/,
  ],
  ['verify', ['--table', join(folder, 'none')], 1, /a table of MicroBench, got none.*--table/],
  ['verify', ['--table', table, '--family', 'E101'], 1, /the family E101, got E2P/],
  ['bars', ['--table', join(folder, 'none')], 1, /a table of MicroBench, got none/],
  ['bars', ['--table', table], 1, /E2P\.labels.*at least 3 networks of the test split, got 3 of \d/],
])('microbench %s refuses %j with %i and words that help', async (command, args, code, says) => {
  const ran = await nascope(['microbench', command, ...args]);
  expect([ran.code, ran.stdout]).toEqual([code, '']);
  expect(ran.stderr).toMatch(says);
  expect(ran.stderr).not.toMatch(/^\s+at /m);
});

test('microbench merge writes the same table whatever the order in which tasks were named', async () => {
  const out = join(folder, 'again');
  const ran = await nascope(['microbench', 'merge', ...small, 'den,cls', '--in', join(folder, 'shards'), '--out', out]);
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  expect(readdirSync(out).sort()).toEqual(readdirSync(table).sort());
  for (const name of readdirSync(out)) expect(readFileSync(join(out, name))).toEqual(readFileSync(join(table, name)));
});

describe('microbench verify', () => {
  test('tells labels that are not what training gives, fails, and says when other settings made them', async () => {
    const other = join(folder, 'other');
    cpSync(table, other, { recursive: true });
    const manifest = join(other, 'manifest.json');
    const text = readFileSync(manifest, 'utf8');
    const { cls } = JSON.parse(text).families.E2P.settings;
    writeFileSync(manifest, text.replace(cls, 'f'.repeat(16)));
    const args = ['microbench', 'verify', '--sample', '2', '--workers', '0', '--seed', '1', '--table'];
    const ran = await nascope([...args, other]);
    expect(ran.code).toBe(1);
    const lines = ran.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^E2P .* seed \d: table (cls|den)\.\w+ .*, trained again (cls|den)\./);
    expect(lines[2]).toBe('0 of 2 labels are bit-equal when trained again');
    expect(ran.stderr).toContain('2 labels differ from the table');
    // One is of cls, whose settings the manifest says were others; the other is of den.
    expect(lines.filter((line) => / cls seed /.test(line))).toHaveLength(1);
    expect(lines[3]).toMatch(/^1 of them were made with other settings or another engine/);
  });
});
