import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DataError } from '../core/base/errors.js';

/**
 * Writes a file whole or not at all: to a temporary name beside it, to the disk, then renamed. Makes the folder.
 * @throws DataError when that fails; what stood there before still stands.
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${resolve(path)}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(temporary), { recursive: true });
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new DataError({
      path,
      expected: 'to write the file',
      got: (error as Error).message,
      fix: 'Nothing was changed; free space or choose another folder.',
    });
  }
}
