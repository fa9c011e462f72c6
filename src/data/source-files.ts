import { readFile } from 'node:fs/promises';
import { DataError } from '../core/base/errors.js';
import { cachedPath } from './cache-folder.js';
import { sha256 } from './file-hash.js';
import { readPickle } from './import/pickle.js';
import type { PickleValue } from './import/pickle-value.js';
import { type ManifestFile, manifestFile } from './manifest.js';
import { type CsvTable, readCsv } from './read-csv.js';
import { readGzip } from './read-gzip.js';
import { readZip, type ZipEntry } from './read-zip.js';

/** The fetched files of a benchmark, hash-checked when read. */
export interface SourceFiles {
  csv(id: string): Promise<CsvTable>;
  /** What a JSON file holds, of whatever shape. */
  json(id: string): Promise<unknown>;
  /** What a pickle holds, nothing in it run. */
  pickle(id: string): Promise<PickleValue>;
  /** Whether the file is there to be read: those that a benchmark calls optional may not be. */
  has(id: string): boolean;
  zip(id: string, keep: (name: string) => boolean): Promise<ZipEntry[]>;
  /** Repository, commit and path, for columns to name. */
  source(id: string): string;
}

/**
 * The cached source files; `benchmark` is the id that the errors' advice pulls, `ids` are the files that are there.
 * Reading throws DataError when a file is absent or is not the one that the manifest describes.
 */
export function cachedSources(benchmark: string, ids: readonly string[]): SourceFiles {
  const bytes = async (file: ManifestFile): Promise<Uint8Array> => {
    const path = cachedPath(file);
    let content: Uint8Array;
    try {
      content = await readFile(path);
    } catch (error) {
      throw absent(benchmark, path, (error as NodeJS.ErrnoException).code ?? 'an error');
    }
    const hash = sha256(content);
    if (hash !== file.sha256) {
      throw new DataError({
        path,
        expected: `sha256 ${file.sha256}`,
        got: hash,
        fix: `The file was changed after it was fetched. \`npx nascope data pull ${benchmark}\` replaces it.`,
      });
    }
    return path.endsWith('.gz') ? readGzip(content, path) : content;
  };
  return {
    csv: async (id) => {
      const file = manifestFile(id);
      return readCsv(new TextDecoder().decode(await bytes(file)), cachedPath(file));
    },
    json: async (id) => {
      const file = manifestFile(id);
      // Its hash is the manifest's: it parses today as it did when it was listed.
      return JSON.parse(new TextDecoder().decode(await bytes(file)));
    },
    pickle: async (id) => {
      const file = manifestFile(id);
      return readPickle(await bytes(file), { path: cachedPath(file) });
    },
    has: (id) => ids.includes(id),
    zip: async (id, keep) => {
      const file = manifestFile(id);
      return readZip(await bytes(file), cachedPath(file), { keep });
    },
    source: (id) => manifestFile(id).path,
  };
}

/** The refusal that says which command fetches what is missing. */
export function absent(benchmark: string, path: string, got: string): DataError {
  return new DataError({
    path,
    expected: `the data of ${benchmark}`,
    got: got === 'ENOENT' ? 'nothing there' : got,
    fix: `Run \`npx nascope data pull ${benchmark}\`, or load it with { pull: true }.`,
  });
}
