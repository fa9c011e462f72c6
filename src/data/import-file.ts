import { readFile } from 'node:fs/promises';
import { DataError } from '../core/base/errors.js';
import { writeAtomically } from './atomic-write.js';
import { cachedPath } from './cache-folder.js';
import { sha256 } from './file-hash.js';
import { manifestFile } from './manifest.js';

/**
 * Puts a file that the user has into the cache, if it is the one that the manifest means. @returns where it now lies.
 * @throws DataError when it cannot be read or has another hash; ParseError for an unknown id.
 */
export async function importFile(id: string, path: string): Promise<string> {
  const file = manifestFile(id);
  let content: Uint8Array;
  try {
    content = await readFile(path);
  } catch (error) {
    throw new DataError({
      path,
      expected: `a copy of ${id}`,
      got: (error as NodeJS.ErrnoException).code ?? (error as Error).message,
      fix: 'Check the path.',
    });
  }
  const hash = sha256(content);
  if (hash !== file.sha256) {
    throw new DataError({
      path,
      expected: `${id}: ${file.bytes} bytes, sha256 ${file.sha256}`,
      got: `${content.length} bytes, sha256 ${hash}`,
      fix: `Fetch that very version from ${file.url}.`,
    });
  }
  await writeAtomically(cachedPath(file), content);
  return cachedPath(file);
}
