import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DataError } from '../core/base/errors.js';
import type { WorkOptions } from '../core/base/progress.js';
import { loadTable, storeTable } from './arrow-cache.js';
import type { BenchmarkTable } from './benchmark.js';
import { tablesFolder } from './cache-folder.js';

/** What a user's own copy of a published file becomes: a table in the cache that no download can make. */
export interface OwnImport {
  /** As `data import ID FILE` names it. */
  readonly id: string;
  readonly says: string;
  /** Which of the id's datasets a file holds, by its name. @throws DataError where the name tells none. */
  dataset(path: string): string;
  /** @param source what the table's columns name as theirs. @throws DataError when the file is not as published. */
  read(path: string, source: string, options: WorkOptions): Promise<BenchmarkTable>;
}

/**
 * Reads a file into the cache, in place of an earlier import of the same dataset. @returns the id and dataset to load it by.
 * @throws DataError when it cannot be read or kept.
 */
export async function keepImport(
  kind: OwnImport,
  path: string,
  options: WorkOptions = {},
): Promise<{ readonly id: string; readonly dataset: string; readonly rows: number }> {
  const dataset = kind.dataset(path);
  const hash = await hashOf(path);
  const table = await kind.read(path, `${basename(path)} (sha256 ${hash})`, options);
  options.signal?.throwIfAborted();
  const before = await filesOf(kind.id, dataset);
  await storeTable({ benchmark: kind.id, dataset, hash }, table);
  for (const name of before) if (!name.includes(`.${hash.slice(0, 16)}.`)) await rm(join(tablesFolder(), name), { force: true });
  return { id: kind.id, dataset, rows: table.archs.length };
}

/** An imported table and the beginning of its file's sha256. @throws DataError that says which command imports it. */
export async function loadImport(
  id: string,
  dataset: string,
): Promise<{ readonly table: BenchmarkTable; readonly hash: string }> {
  for (const name of await filesOf(id, dataset)) {
    const hash = name.slice(`${id}-${dataset}.`.length).split('.', 1)[0];
    const table = await loadTable({ benchmark: id, dataset, hash });
    if (table !== null) return { table, hash };
  }
  const there = await importedDatasets(id);
  throw new DataError({
    path: tablesFolder(),
    expected: `an import of ${id} (${dataset})`,
    got: there.length === 0 ? 'none' : `only ${there.join(', ')}`,
    fix: `Run \`npx nascope data import ${id} FILE\` with the published file; data/README.md says which.`,
  });
}

/** The datasets of an id that were imported, in alphabetical order. */
export async function importedDatasets(id: string): Promise<string[]> {
  const names = (await readdir(tablesFolder()).catch((): string[] => [])).filter((name) => name.endsWith('.arrow'));
  const found = names.flatMap((name) => (name.startsWith(`${id}-`) ? [name.slice(id.length + 1).split('.', 1)[0]] : []));
  return [...new Set(found)].sort();
}

async function filesOf(id: string, dataset: string): Promise<string[]> {
  const names = await readdir(tablesFolder()).catch((): string[] => []);
  return names.filter((name) => name.startsWith(`${id}-${dataset}.`) && name.endsWith('.arrow'));
}

async function hashOf(path: string): Promise<string> {
  try {
    if (!(await stat(path)).isFile()) throw new Error('no file');
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch (error) {
    throw new DataError({
      path,
      expected: 'a file to import',
      got: (error as NodeJS.ErrnoException).code ?? (error as Error).message,
      fix: 'Check the path.',
    });
  }
}
