import { join } from 'node:path';
import { gzipSync, strToU8 } from 'fflate';
import { DataError } from '../../core/base/errors.js';
import { md5 } from '../../core/base/md5.js';
import type { WorkOptions } from '../../core/base/progress.js';
import type { MicroFamilyId } from '../../core/spaces/micro/index.js';
import { writeAtomically } from '../../data/atomic-write.js';
import { csvCell } from '../../data/csv-cell.js';
import { ZERO_COST_PROXIES } from '../../data/engine-proxies.js';
import { sha256 } from '../../data/file-hash.js';
import { type MicroFile, readMicroCsv, readMicroFamily, readMicroManifest } from '../../data/microbench-table.js';
import { ENGINE_VERSION } from '../engine/version.js';
import { GLYPHS } from '../glyphs.js';
import type { LabelShard } from '../label-plan.js';
import { engineHash, labelSettings } from '../label-settings.js';
import { manyProxies } from './many-proxies.js';
import { lineKey, type ProxyLine, proxyLog, readProxyLines } from './proxy-lines.js';

/** Raised when a proxy's definition changes. */
const PROXIES_VERSION = 1;
const DIGITS = 6;

export interface ProxyTableOptions extends WorkOptions {
  readonly family: MicroFamilyId;
  readonly seeds: readonly number[];
  readonly batch: number;
  /** The table whose architectures they are of, and that they join. */
  readonly table: string;
  /** Where lines are kept until all are there. */
  readonly lines: string;
  readonly shard?: LabelShard;
  /** Threads; 0 works in this one. The values do not depend on it. */
  readonly workers: number;
}

export interface ProxyTable {
  readonly done: number;
  readonly total: number;
  /** Null while lines of other shards are missing. */
  readonly file: MicroFile | null;
}

/**
 * All proxies of all architectures of a family's table: what is missing among the lines is computed and kept line by line,
 * so that a run that was stopped goes on where it was; when all are there they are written next to the labels, in a file that
 * the manifest names. Rows are `arch_id,proxy,seed,value,status`, sorted, 6 significant digits; the same lines give the same
 * bytes.
 * @throws DataError when the table has no such family, or lines were made with other settings; the signal's reason.
 */
export async function proxyTable(options: ProxyTableOptions): Promise<ProxyTable> {
  const { family, seeds, batch, table, lines: folder, shard = { index: 0, of: 1 }, workers, signal, onProgress } = options;
  const entry = await readMicroFamily(family, table);
  const archs = (await readMicroCsv(entry.archs, table)).text('arch_id');
  const settings = proxySettingsHash(family, batch);
  const known = new Map(await readProxyLines(folder, family));
  const other = [...known.values()].find((line) => line.settings !== settings);
  if (other !== undefined) {
    const fix = 'Name another folder with --lines.';
    throw new DataError({
      path: folder,
      expected: `proxies made with the present settings (${settings})`,
      got: other.settings,
      fix,
    });
  }

  const all = archs.flatMap((arch) => seeds.map((seed) => ({ space: family, arch, seed, batch, which: ZERO_COST_PROXIES })));
  const own = all.filter(({ arch }) => Number.parseInt(md5(`${family} ${arch}`).slice(0, 8), 16) % shard.of === shard.index);
  const missing = own.filter((unit) => !known.has(lineKey(unit)));
  const before = own.length - missing.length;
  const log = await proxyLog(folder, family, shard);
  try {
    await manyProxies(missing, {
      workers,
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ done }) => onProgress?.({ done: before + done, total: own.length, before, label: family }),
      async onUnit({ arch, seed }, values) {
        const line: ProxyLine = { arch, seed, values, settings };
        await log.append(line);
        known.set(lineKey(line), line);
      },
    });
  } finally {
    await log.close();
  }

  const complete = all.every((unit) => known.has(lineKey(unit)));
  if (!complete) return { done: own.length, total: all.length, file: null };
  const text = csv(all.map((unit) => known.get(lineKey(unit)) as ProxyLine));
  const bytes = gzipSync(strToU8(text), { level: 9, mtime: 0 });
  const path = `${family}.zcp.csv.gz`;
  const file: MicroFile = { path, sha256: sha256(bytes), bytes: bytes.length, rows: all.length * ZERO_COST_PROXIES.length };
  await writeAtomically(join(table, path), bytes);
  // Read anew: a merge may have written it meanwhile.
  const present = await readMicroManifest(table);
  const families = { ...present.families, [family]: { ...present.families[family], proxies: file } };
  await writeAtomically(join(table, 'manifest.json'), `${JSON.stringify({ ...present, families }, null, 2)}\n`);
  return { done: own.length, total: all.length, file };
}

function csv(lines: readonly ProxyLine[]): string {
  const rows = lines.flatMap(({ arch, seed, values }) =>
    ZERO_COST_PROXIES.map((proxy) => {
      const found = values[proxy];
      const value = found?.status === 'ok' ? String(Number(found.value.toPrecision(DIGITS))) : '';
      return { key: [arch, proxy, String(seed).padStart(6, '0')].join('\n'), cells: [arch, proxy, seed, value, found?.status] };
    }),
  );
  rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  return `arch_id,proxy,seed,value,status\n${rows.map(({ cells }) => `${cells.map((value) => csvCell(String(value))).join(',')}\n`).join('')}`;
}

/** One hash of the definitions, the scenes and the engine. */
function proxySettingsHash(family: MicroFamilyId, batch: number): string {
  const { scenes } = labelSettings(family, 'cls');
  return sha256(JSON.stringify([PROXIES_VERSION, ZERO_COST_PROXIES, scenes, GLYPHS, batch, ENGINE_VERSION, engineHash()])).slice(
    0,
    16,
  );
}
