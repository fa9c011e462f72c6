import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openResults, type RunHeader, readResults } from '../../src/tables/results-file.js';
import { smallLines } from './small-table.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-results-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const header: RunHeader = {
  format: 'nascope-reproduce',
  version: 1,
  tables: ['small'],
  rows: '',
  seeds: null,
  shard: { index: 1, of: 2 },
  code: 'c',
};

async function written(name: string, head: RunHeader = header): Promise<string> {
  const path = join(folder, 'deep', name);
  const file = await openResults(path, head);
  await file.append(smallLines[0]);
  await file.append(smallLines[1]);
  await file.close();
  return path;
}

test('results are there again when the file is opened again', async () => {
  const path = await written('again.jsonl');
  const file = await openResults(path, header);
  expect(file.lines).toEqual(smallLines.slice(0, 2));
  await file.append(smallLines[2]);
  await file.close();
  expect(await readResults(path)).toEqual({ header, lines: smallLines.slice(0, 3) });
});

test('a line that a killed run left unfinished is taken off, and nothing else', async () => {
  const path = await written('torn.jsonl');
  const before = readFileSync(path, 'utf8');
  appendFileSync(path, '{"experiment":"e sa');
  expect((await readResults(path)).lines).toHaveLength(2);
  const file = await openResults(path, header);
  await file.append(smallLines[2]);
  await file.close();
  expect(readFileSync(path, 'utf8')).toBe(`${before}${JSON.stringify(smallLines[2])}\n`);
});

test('a file without even its header is begun anew', async () => {
  const path = join(folder, 'begun.jsonl');
  writeFileSync(path, '{"format":"nasc');
  await (await openResults(path, header)).close();
  expect(await readResults(path)).toEqual({ header, lines: [] });
});

test('a shard of another plan is refused with both plans', async () => {
  const path = await written('plan.jsonl');
  await expect(openResults(path, { ...header, seeds: 5 })).rejects.toThrow(/shard 1\/2 of small, 5 seeds.*got.*all seeds/);
  await expect(openResults(path, { ...header, code: 'd' })).rejects.toThrow(/code d/);
});

test('a run that is no shard goes on with other tables and seeds', async () => {
  const path = await written('whole.jsonl', { ...header, shard: null });
  const file = await openResults(path, { ...header, shard: null, tables: ['other'], seeds: 3 });
  expect(file.lines).toHaveLength(2);
  await file.close();
});

test('damage is named by its line', async () => {
  const path = await written('damaged.jsonl');
  appendFileSync(path, '{"experiment":"e"}\n');
  await expect(readResults(path)).rejects.toThrow(/damaged\.jsonl, line 4: expected a result/);
  writeFileSync(path, 'a,b\n1,2\n');
  await expect(openResults(path, header)).rejects.toThrow(/line 1: expected the header/);
});
