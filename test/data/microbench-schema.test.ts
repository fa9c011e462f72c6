import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ZERO_COST_PROXIES } from '../../src/data/engine-proxies.js';
import { readMicroLatency } from '../../src/data/microbench-latency.js';
import { MICROBENCH_FOLDER, type MicroFile, readMicroCsv, readMicroManifest } from '../../src/data/microbench-table.js';
import type { CsvTable } from '../../src/data/read-csv.js';
import { TASK_METRICS } from '../../src/micro/unit.js';
import { problems, type Schema } from '../json-schema.js';

function schema(name: string): Schema {
  return JSON.parse(readFileSync(join(MICROBENCH_FOLDER, 'schema', `${name}.schema.json`), 'utf8')) as Schema;
}

type Kind = 'archs' | 'labels' | 'zcp' | 'latency';

/** What is wrong with the rows of a table, each as an object: numbers where the schema has numbers, null for an empty cell. */
function wrongRows(kind: Kind, table: CsvTable): string[] {
  const own = schema(kind);
  const properties = own.properties as Record<string, { readonly type?: string | readonly string[] }>;
  expect(table.names).toEqual(Object.keys(properties));
  const cells = table.names.map((name) => table.text(name));
  const isNumber = table.names.map((name) =>
    [properties[name].type].flat().some((type) => type === 'number' || type === 'integer'),
  );
  const found: string[] = [];
  for (let row = 0; row < table.rowCount && found.length < 5; row++) {
    const value = Object.fromEntries(
      table.names.map((name, c) => {
        const text = cells[c][row];
        return [name, text === '' ? null : isNumber[c] ? Number(text) : text];
      }),
    );
    found.push(...problems(value, own, `row ${row + 1}`));
  }
  return found;
}

const manifest = await readMicroManifest();
const families = Object.entries(manifest.families);

test('the manifest is as its schema says', () => {
  expect(problems(JSON.parse(readFileSync(join(MICROBENCH_FOLDER, 'manifest.json'), 'utf8')), schema('manifest'))).toEqual([]);
});

describe.each(families)('%s', (_, entry) => {
  const files: [Kind, MicroFile | undefined][] = [
    ['archs', entry.archs],
    ['labels', entry.labels],
    ['zcp', entry.proxies],
  ];
  test.each(files.filter(([, file]) => file !== undefined))('every row of %s is as its schema says', async (kind, file) => {
    const table = await readMicroCsv(file as MicroFile);
    expect(table.rowCount).toBe((file as MicroFile).rows);
    expect(wrongRows(kind, table)).toEqual([]);
  });
});

test.each(families)('%s: every row of latency is as its schema says, one an architecture', async (id, entry) => {
  const { table, about } = await readMicroLatency(id);
  const halves = [...(about.get('agreement') as string).matchAll(/(\S+) \(b\d+\)/g)].map(([, rho]) => Number(rho));
  expect(halves).toHaveLength(2);
  expect(Math.min(...halves)).toBeGreaterThan(0.95);
  expect(wrongRows('latency', table)).toEqual([]);
  expect([...table.text('arch_id')].sort()).toEqual([...(await readMicroCsv(entry.archs)).text('arch_id')].sort());
});

describe('the schemas', () => {
  test('name the metrics and proxies that there are', () => {
    const names = (kind: Kind, column: string): unknown => (schema(kind).properties as Record<string, Schema>)[column].enum;
    expect(names('labels', 'metric')).toEqual(Object.values(TASK_METRICS).flat());
    expect(names('zcp', 'proxy')).toEqual(ZERO_COST_PROXIES);
  });

  test.each<[string, Kind, Record<string, unknown>]>([
    ['a diverged training with a value', 'labels', { task: 'cls', metric: 'cls.acc', seed: 1, value: 10, status: 'diverged' }],
    [
      'a training that went well without a value',
      'labels',
      { task: 'cls', metric: 'cls.acc', seed: 1, value: null, status: 'ok' },
    ],
    ['a metric that there is not', 'labels', { task: 'cls', metric: 'cls.f1', seed: 1, value: 10, status: 'ok' }],
    ['a seed that is no whole number', 'zcp', { proxy: 'snip', seed: 1.5, value: 10, status: 'ok' }],
    ['a column too much', 'zcp', { proxy: 'snip', seed: 1, value: 10, status: 'ok', more: 1 }],
    ['no time', 'latency', { 'latency.cpu_ms.b1': 0, 'latency.cpu_ms.b32': 1 }],
  ])('refuse %s', (_, kind, row) => {
    expect(problems({ arch_id: 'x', ...row }, schema(kind))).toHaveLength(1);
  });

  test('refuse a manifest whose file has no checksum', () => {
    const { archs, ...entry } = families[0][1];
    const spoilt = { ...manifest, families: { E201: { ...entry, archs: { ...archs, sha256: '' } } } };
    expect(problems(spoilt, schema('manifest'))).toEqual([
      expect.stringContaining('$.families.E201.archs.sha256 does not match'),
    ]);
  });
});
