import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataError } from '../core/base/errors.js';
import { sha256 } from './file-hash.js';
import { type CsvTable, readCsv } from './read-csv.js';
import { readGzip } from './read-gzip.js';

/** Where the package keeps MicroBench. */
export const MICROBENCH_FOLDER: string = fileURLToPath(new URL('../../data/microbench/', import.meta.url));

/** One file of the table. */
export interface MicroFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Without the header. */
  readonly rows: number;
}

/** What the table holds of one family, and how it was made. */
export interface MicroFamilyEntry {
  /** Architectures. */
  readonly count: number;
  readonly tasks: readonly string[];
  /** Of every architecture. */
  readonly seeds: readonly number[];
  /** More of those in the test split. */
  readonly testSeeds: readonly number[];
  /** Trainings that diverged: rows without a value. */
  readonly diverged: number;
  readonly splits: { readonly train_pool: number; readonly val: number; readonly test: number };
  /** By task, the hash of all that its labels depend on. */
  readonly settings: Readonly<Record<string, string>>;
  /** By task, the settings themselves. */
  readonly trainedWith: Readonly<Record<string, object>>;
  readonly engine: { readonly version: string; readonly sha256: string };
  /** Mean wall time of a training, on the machine that labelled. */
  readonly secondsPerUnit: number;
  /** One row an architecture: id, canonical id, split, costs. */
  readonly archs: MicroFile;
  /** One row an architecture, task, metric and seed. */
  readonly labels: MicroFile;
  /** Zero-cost proxies, one row an architecture. */
  readonly proxies?: MicroFile;
}

export interface MicroManifest {
  readonly format: 'nascope-microbench';
  readonly version: 1;
  readonly families: Readonly<Record<string, MicroFamilyEntry>>;
}

/** The manifest of a folder; of no file, one without families. @throws DataError when it is damaged. */
export async function readMicroManifest(folder: string = MICROBENCH_FOLDER): Promise<MicroManifest> {
  const path = join(folder, 'manifest.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return { format: 'nascope-microbench', version: 1, families: {} };
  try {
    const json = JSON.parse(text) as Partial<MicroManifest> | null;
    if (
      json?.format === 'nascope-microbench' &&
      json.version === 1 &&
      typeof json.families === 'object' &&
      json.families !== null
    ) {
      return json as MicroManifest;
    }
  } catch {
    // Said below, as for JSON of another kind.
  }
  throw new DataError({
    path,
    expected: 'a manifest of MicroBench, version 1',
    got: text.slice(0, 60),
    fix: 'Restore the file from the repository.',
  });
}

/** What a table holds of a family. @throws DataError when it has none. */
export async function readMicroFamily(family: string, folder: string = MICROBENCH_FOLDER): Promise<MicroFamilyEntry> {
  const { families } = await readMicroManifest(folder);
  if (Object.hasOwn(families, family)) return families[family];
  throw new DataError({
    path: join(folder, 'manifest.json'),
    expected: `the family ${family}`,
    got: Object.keys(families).join(', ') || 'none',
    fix: `Label it and merge its labels: npx nascope microbench generate --family ${family}, then npx nascope microbench merge.`,
  });
}

/** Those of a folder that are asked for, else all. @throws DataError when it has none, or not one that is asked for. */
export async function readMicroFamilies(
  folder: string,
  wanted?: readonly string[],
): Promise<(readonly [family: string, entry: MicroFamilyEntry])[]> {
  if (wanted !== undefined) return Promise.all(wanted.map(async (id) => [id, await readMicroFamily(id, folder)] as const));
  const { families } = await readMicroManifest(folder);
  if (Object.keys(families).length > 0) return Object.entries(families);
  throw new DataError({
    path: join(folder, 'manifest.json'),
    expected: 'a table of MicroBench',
    got: 'none',
    fix: 'Name its folder with --table, or merge shards into one: npx nascope microbench merge.',
  });
}

/** A compressed CSV file of the table. @throws DataError when it is missing or is not the one that the manifest describes. */
export async function readMicroCsv(file: MicroFile, folder: string = MICROBENCH_FOLDER): Promise<CsvTable> {
  const path = join(folder, file.path);
  const fix = 'Restore the file from the repository, or merge it anew (npx nascope microbench merge).';
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new DataError({ path, expected: 'a file of MicroBench', got: error.code ?? 'an error', fix });
  });
  const hash = sha256(bytes);
  if (hash !== file.sha256) throw new DataError({ path, expected: `sha256 ${file.sha256}`, got: hash, fix });
  return readCsv(new TextDecoder().decode(readGzip(bytes, path)), path);
}
