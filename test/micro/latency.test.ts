import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DataError, UnsupportedError } from '../../src/core/base/errors.js';
import { microFamilies } from '../../src/core/spaces/micro/index.js';
import { load } from '../../src/data/load.js';
import { microTable } from '../../src/data/microbench.js';
import { readMicroLatency } from '../../src/data/microbench-latency.js';
import { readMicroFamily } from '../../src/data/microbench-table.js';
import { measureLatencies } from '../../src/micro/latency.js';
import { smallTable } from './small-table.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-latency-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const table = join(folder, 'table');
await smallTable(table);

test('latencies stand in a file of their own that says on what they were measured, and not whose machine it was', async () => {
  const labels = readFileSync(join(table, 'manifest.json'), 'utf8');
  const seen: { readonly done: number; readonly total: number }[] = [];
  const made = await measureLatencies({ family: 'E2P', table, onProgress: (progress) => seen.push(progress) });
  expect(made.cpu).toBe(cpus()[0].model.trim());
  const { total } = seen[0];
  expect(total % made.count).toBe(0);
  expect(seen.at(-1)).toMatchObject({ done: total, total });
  expect(readFileSync(join(table, 'manifest.json'), 'utf8')).toBe(labels);
  const { about, table: lines } = await readMicroLatency('E2P', table);
  expect([...about.keys()]).toEqual(['measured', 'cpu', 'cores', 'platform', 'node', 'engine', 'load', 'agreement', 'date']);
  expect(readFileSync(made.path, 'utf8')).not.toContain(hostname());
  const [one, many] = [1, 32].map((batch) => lines.numbers(`latency.cpu_ms.b${batch}`));
  expect(one.every((ms) => ms > 0)).toBe(true);
  // Thirty-two scenes are more work than one, and far less than a second of it.
  expect(many.every((ms, i) => ms > one[i] && ms < 1000)).toBe(true);
});

test('a table has latencies as targets only when they are given, with the machine in their text', async () => {
  const entry = await readMicroFamily('E2P', table);
  const { space } = microFamilies.E2P;
  const without = await microTable('E2P', space, entry, { folder: table });
  expect(without.columns.filter(({ name }) => name.startsWith('latency'))).toEqual([]);
  const latency = await readMicroLatency('E2P', table);
  const bench = await microTable('E2P', space, entry, { folder: table, latency });
  const columns = bench.columns.filter(({ name }) => name.startsWith('latency'));
  expect(columns.map(({ name, unit, role, direction }) => [name, unit, role, direction])).toEqual([
    ['latency.cpu_ms.b1', 'ms', 'target', 'lower'],
    ['latency.cpu_ms.b32', 'ms', 'target', 'lower'],
  ]);
  for (const { says } of columns) expect(says).toContain(`measured on ${latency.about.get('cpu')}`);
  expect(bench.values[bench.columns.indexOf(columns[1])]).toEqual(latency.table.numbers('latency.cpu_ms.b32'));
});

test('times that are none, files that say nothing of the machine and benchmarks that were not measured are refused', async () => {
  const odd = join(folder, 'odd');
  mkdirSync(odd);
  cpSync(table, odd, { recursive: true });
  const path = join(odd, 'E2P.latency.csv');
  const text = readFileSync(path, 'utf8');
  const entry = await readMicroFamily('E2P', odd);
  for (const time of ['', 'Infinity', '0', '-1']) {
    writeFileSync(path, text.replace(/,[\d.]+\n$/, `,${time}\n`));
    const latency = await readMicroLatency('E2P', odd);
    await expect(microTable('E2P', microFamilies.E2P.space, entry, { folder: odd, latency })).rejects.toThrow(
      /b32 of .* in milliseconds/,
    );
  }
  writeFileSync(path, text.replace(/^# cpu.*\n/m, ''));
  await expect(readMicroLatency('E2P', odd)).rejects.toThrow(/a line "# cpu: …".*microbench latency --family E2P/);
  await expect(readMicroLatency('EMB', odd)).rejects.toThrow(DataError);
  await expect(load('nasbench201', { latency: true })).rejects.toThrow(UnsupportedError);
});
