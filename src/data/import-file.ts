import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { DataError } from '../core/base/errors.js';
import { writeAtomically } from './atomic-write.js';
import { cachedPath } from './cache-folder.js';
import { manifestFile } from './manifest.js';

/**
 * Puts a file that was fetched some other way into the cache.
 * @param id the file's id in the manifest.
 * @param from where it lies now; it stays there.
 * @returns where it lies in the cache.
 * @throws DataError when it is not there or not the file that the manifest means; ParseError for an unknown id.
 */
export async function importFile(id: string, from: string): Promise<string> {
  const file = manifestFile(id);
  const bytes = await readFile(from).catch((error: NodeJS.ErrnoException) => {
    throw new DataError({ path: from, expected: `the file ${id}`, got: error.code ?? error.message, fix: 'Name a file that can be read.' });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== file.sha256) {
    throw new DataError({
      path: from,
      expected: `${file.bytes} bytes with sha256 ${file.sha256}`,
      got: `${bytes.length} bytes with sha256 ${sha256}`,
      fix: `Fetch it from ${file.url}`,
    });
  }
  const target = cachedPath(file);
  await writeAtomically(target, bytes);
  return target;
}
