import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DataError } from '../core/base/errors.js';

let written = 0;

/**
 * Writes a file so that a reader, a crash or a full disk never meets half of it: a temporary name in the same folder,
 * fsync, rename. Missing folders are made. The old file stays as it was if anything fails, the making of the content included.
 * @throws DataError when the file cannot be written (full disk, no permission), the temporary file removed.
 */
export async function writeAtomically(path: string, content: string | Uint8Array | AsyncIterable<string>): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${written++}.tmp`);
  try {
    await makeFolder(folder);
    const handle = await open(temporary, 'wx');
    try {
      const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
      for await (const piece of pieces) await handle.writeFile(piece);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await publish(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(path, error);
  }
}

/**
 * Makes a folder and those above it, so that work whose result goes there does not run in vain. Node's own recursive `mkdir`
 * never ends where a system says that a folder is not there and cannot be made, as /proc does.
 * @throws DataError when it cannot.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeWithParents(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw writeError(path, error);
    throw new DataError({ path, expected: 'to make this folder', got: 'a place where none can be made', fix: ELSEWHERE });
  }
}

async function makeWithParents(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (await isFolder(path)) return;
    if (code !== 'ENOENT' || (await isFolder(dirname(path)))) throw error;
    await makeWithParents(dirname(path));
    await makeWithParents(path);
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Gives a finished, synced file its name, and lets the folder remember it. */
export async function publish(temporary: string, path: string): Promise<void> {
  await rename(temporary, path);
  // Some platforms cannot open a folder; the rename is atomic all the same, only later on the disk.
  const folder: FileHandle | null = await open(dirname(path), 'r').catch(() => null);
  if (!folder) return;
  await folder.sync().catch(() => undefined);
  await folder.close();
}

/** A failure of the file system while writing, in words; every other error is given back as it is. */
export function writeError(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const reason = code === undefined ? undefined : REASONS[code];
  if (!reason) return error;
  return new DataError({ path, expected: 'to write this file', got: `${reason[0]} (${code})`, fix: reason[1] });
}

const ELSEWHERE = 'Choose another place (for the data cache: set NASCOPE_DATA to a folder).';
const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ['a full disk', `Free some space and try again. ${ELSEWHERE}`],
  EDQUOT: ['a used-up disk quota', `Free some space and try again. ${ELSEWHERE}`],
  EFBIG: ['a file-size limit', ELSEWHERE],
  EIO: ['a failing disk', ELSEWHERE],
  EACCES: ['no permission to write there', ELSEWHERE],
  EPERM: ['no permission to write there', ELSEWHERE],
  EROFS: ['a read-only file system', ELSEWHERE],
  EISDIR: ['a folder of that name', ELSEWHERE],
  EEXIST: ['a file where a folder should be', ELSEWHERE],
  ENOTDIR: ['a file where a folder should be', ELSEWHERE],
};
