import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync, strFromU8, strToU8 } from 'fflate';
import { afterAll, expect, test } from 'vitest';
import { DataError, ShapeError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { randomForest } from '../../src/core/models/forest.js';
import { microFamilies } from '../../src/core/spaces/micro/index.js';
import type { Benchmark } from '../../src/data/benchmark.js';
import { featureSetColumns, featureSets } from '../../src/data/feature-sets.js';
import { sha256 } from '../../src/data/file-hash.js';
import { microTable } from '../../src/data/microbench.js';
import { type MicroFile, readMicroFamily } from '../../src/data/microbench-table.js';
import { tableBenchmark } from '../../src/data/table-benchmark.js';
import { planArchs, planUnits } from '../../src/micro/label-plan.js';
import { DIVERGED, SMALL_PLAN, smallTable } from '../micro/small-table.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-odd-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
await smallTable(folder);
const entry = await readMicroFamily('E2P', folder);
const archs = planArchs(SMALL_PLAN);
/** The unit that training could not finish. */
const lost = planUnits(SMALL_PLAN)[DIVERGED];
/** Another architecture, whose snip is not a number. */
const vanished = archs.findIndex((arch) => arch !== lost.arch);

function file(path: string, text: string): MicroFile {
  const bytes = gzipSync(strToU8(text));
  writeFileSync(join(folder, path), bytes);
  return { path, sha256: sha256(bytes), bytes: bytes.length, rows: text.split('\n').length - 2 };
}

/** Proxies of all architectures, `snip` of one as given. */
function proxies(value: string, status: string): MicroFile {
  const rows = archs.flatMap((arch, i) => [
    `"${arch}",nwot,1,${10 + i},ok`,
    `"${arch}",snip,1,${i === vanished ? `${value},${status}` : `${i + 0.5},ok`}`,
  ]);
  return file('odd.zcp.csv.gz', `arch_id,proxy,seed,value,status\n${rows.join('\n')}\n`);
}

/** The labels with the first row of `from` spoilt. */
function labels(from: RegExp, to: string): MicroFile {
  const text = strFromU8(gunzipSync(readFileSync(join(folder, entry.labels.path))));
  expect(text).toMatch(from);
  return file('odd.labels.csv.gz', text.replace(from, to));
}

async function bench(changed: Partial<typeof entry>): Promise<Benchmark> {
  const { space } = microFamilies.E2P;
  const table = await microTable('E2P', space, { ...entry, ...changed }, { folder });
  return tableBenchmark({ id: 'odd', dataset: 'E2P', title: '', cite: '', licence: '', hash: '', space }, table) as Benchmark;
}

test('a training that diverged is counted, its architecture has no mean, and no model learns from it unnoticed', async () => {
  const odd = await bench({ proxies: proxies('', 'non-finite') });
  const row = odd.archs.indexOf(microFamilies.E2P.space.parse(lost.arch));
  const target = `${lost.task}.${lost.task === 'cls' ? 'acc' : 'psnr'}`;
  expect(Array.from(odd.column(`${lost.task}.diverged`), (count, i) => (i === row ? count === 1 : count === 0))).not.toContain(
    false,
  );
  expect(Array.from(odd.target(target), Number.isNaN)).toEqual(archs.map((_, i) => i === row));
  expect(odd.column(`${target}.seed${lost.seed}`)[row]).toBeNaN();
  const x = featureSets(odd, 'graf');
  const fit = randomForest({ trees: 2 }).fit(x, odd.target(target), { rng: rng(1) });
  await expect(fit).rejects.toThrow(/a finite number \(bench\.complete/);
  expect(odd.complete([target]).archs).toEqual(odd.archs.filter((_, i) => i !== row));
});

test('a proxy that could not be computed is missing, and no model learns from it unnoticed', async () => {
  const odd = await bench({ proxies: proxies('', 'non-finite') });
  expect(Array.from(odd.column('snip'), Number.isNaN)).toEqual(archs.map((_, i) => i === vanished));
  const x = featureSets(odd, 'zcp');
  const fit = randomForest({ trees: 2 }).fit(x, odd.column('nwot'), { rng: rng(1) });
  await expect(fit).rejects.toThrow(ShapeError);
  await expect(fit).rejects.toThrow(`column snip, row ${vanished}: expected a finite number`);
  const complete = odd.complete(featureSetColumns(odd, 'zcp'));
  expect(complete.archs).toEqual(odd.archs.filter((_, i) => i !== vanished));
});

test('a proxy of several first weights is their mean, missing where it could not be computed from one of them', async () => {
  const rows = archs.flatMap((arch, i) => [
    `"${arch}",nwot,1,${i},ok`,
    `"${arch}",nwot,2,${i === 0 ? ',non-finite' : `${3 * i},ok`}`,
  ]);
  const odd = await bench({ proxies: file('odd.zcp.csv.gz', `arch_id,proxy,seed,value,status\n${rows.join('\n')}\n`) });
  expect(Array.from(odd.column('nwot'))).toEqual(archs.map((_, i) => (i === 0 ? Number.NaN : 2 * i)));
});

test.each([
  ['an infinite proxy', () => ({ proxies: proxies('Infinity', 'ok') }), /a finite snip/],
  ['a proxy that is missing and said to be there', () => ({ proxies: proxies('', 'ok') }), /a finite snip/],
  ['a value of a proxy that could not be computed', () => ({ proxies: proxies('3', 'non-finite') }), /a finite snip/],
  ['an infinite label', () => ({ labels: labels(/[\d.]+,ok/, 'Infinity,ok') }), /a finite value where training went well/],
  ['a missing label that went well', () => ({ labels: labels(/[\d.]+,ok/, ',ok') }), /a finite value where training went well/],
  ['a label of a training that diverged', () => ({ labels: labels(/,diverged/, '12,diverged') }), /a finite value where/],
])('%s is refused', async (_, spoilt, message) => {
  const odd = bench(spoilt());
  await expect(odd).rejects.toThrow(DataError);
  await expect(odd).rejects.toThrow(message);
});
