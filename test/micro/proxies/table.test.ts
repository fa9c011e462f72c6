import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync, strFromU8, strToU8 } from 'fflate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ZERO_COST_PROXIES } from '../../../src/data/engine-proxies.js';
import { sha256 } from '../../../src/data/file-hash.js';
import { type MicroFile, readMicroCsv, readMicroManifest } from '../../../src/data/microbench-table.js';
import { type ProxyTable, proxyTable } from '../../../src/micro/proxies/table.js';

const ARCHS = ['c3,mp3|c1,c3/add', 'ap3|c1/concat', 'c1|c3,c3/add'];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nascope-proxy-table-'));
  const bytes = gzipSync(strToU8(['arch_id', ...ARCHS.map((arch) => `"${arch}"`)].join('\n')));
  writeFileSync(join(folder, 'E2P.archs.csv.gz'), bytes);
  const archs: MicroFile = { path: 'E2P.archs.csv.gz', sha256: sha256(bytes), bytes: bytes.length, rows: ARCHS.length };
  const manifest = { format: 'nascope-microbench', version: 1, families: { E2P: { count: ARCHS.length, archs } } };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(options: Partial<Parameters<typeof proxyTable>[0]> = {}): Promise<ProxyTable> {
  return proxyTable({
    family: 'E2P',
    seeds: [1, 2],
    batch: 8,
    table: folder,
    lines: join(folder, 'lines'),
    workers: 0,
    ...options,
  });
}

test('a table of proxies has a row for each architecture, proxy and seed, sorted, and joins the manifest', async () => {
  const { file, done, total } = await run();
  expect([done, total]).toEqual([6, 6]);
  const { families } = await readMicroManifest(folder);
  expect(families.E2P.proxies).toEqual(file);
  expect(families.E2P.count).toBe(ARCHS.length);
  const csv = await readMicroCsv(file as MicroFile, folder);
  expect(csv.names).toEqual(['arch_id', 'proxy', 'seed', 'value', 'status']);
  expect(csv.rowCount).toBe(ARCHS.length * 2 * ZERO_COST_PROXIES.length);
  const keys = csv.text('arch_id').map((arch, i) => `${arch}\n${csv.text('proxy')[i]}\n${csv.text('seed')[i]}`);
  expect(keys).toEqual([...keys].sort());
  expect(new Set(csv.text('arch_id'))).toEqual(new Set(ARCHS));
  for (const [i, status] of csv.text('status').entries()) expect(status === 'ok').toBe(csv.text('value')[i] !== '');
  const digits = csv.text('value').map((value) => value.replace(/e.*|[-.]/g, '').replace(/^0+/, '').length);
  expect(Math.max(...digits)).toBe(6);
});

test('shards make the bytes that one run makes, and a run that was stopped goes on after its last whole line', async () => {
  const whole = await run();
  const bytes = readFileSync(join(folder, 'E2P.zcp.csv.gz'));
  expect(strFromU8(gunzipSync(bytes)).split('\n')[0]).toBe('arch_id,proxy,seed,value,status');

  const lines = join(folder, 'shards');
  const controller = new AbortController();
  let seen = 0;
  const stopped = run({
    lines,
    shard: { index: 0, of: 2 },
    signal: controller.signal,
    onProgress: ({ done }) => {
      seen = done;
      if (done === 1) controller.abort(new Error('enough'));
    },
  });
  await expect(stopped).rejects.toThrow('enough');
  expect(seen).toBe(1);
  appendFileSync(join(lines, 'E2P-0-of-2.proxies.jsonl'), '{"arch":"c3');
  const counts: number[] = [];
  const results = [];
  for (const index of [0, 1]) {
    const before = counts.length;
    results.push(await run({ lines, shard: { index, of: 2 }, onProgress: ({ done }) => counts.push(done) }));
    if (index === 0) expect(counts[before]).toBe(seen);
  }
  expect(results[1].file).toEqual(whole.file);
  expect(readFileSync(join(folder, 'E2P.zcp.csv.gz'))).toEqual(bytes);
});

test('lines of other settings, damaged lines and families without labels are refused', async () => {
  await run();
  await expect(run({ batch: 4 })).rejects.toThrow(/present settings/);
  await expect(run({ family: 'EMB' })).rejects.toThrow(/the family EMB, got E2P/);
  appendFileSync(join(folder, 'lines', 'E2P-0-of-1.proxies.jsonl'), '{"arch":3}\n');
  await expect(run()).rejects.toThrow(/line 7.*microbench proxies/);
});
