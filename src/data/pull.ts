import { open, rm, stat } from 'node:fs/promises';
import { DataError } from '../core/base/errors.js';
import type { WorkOptions } from '../core/base/progress.js';
import { publish, writeError } from './atomic-write.js';
import { cachedPath } from './cache-folder.js';
import { sha256OfFile } from './file-hash.js';
import { type ManifestFile, resolveIds } from './manifest.js';
import { originOf } from './mirror.js';
import { openOrigin, type Patience } from './origin-stream.js';
import { type PartFile, takePart } from './part-file.js';
import { checkFile } from './verify.js';

export interface PullOptions extends WorkOptions {
  /** Milliseconds; a dead network is to be noticed within five seconds. */
  readonly patience?: Patience;
}

export interface PulledFile {
  readonly id: string;
  readonly path: string;
  /** `present`: it was there already, with the right hash. */
  readonly state: 'fetched' | 'present';
}

const PATIENCE: Patience = { answer: 4_500, piece: 15_000 };

/**
 * Fetches files into the cache: benchmarks' or files' ids, as in the manifest. A file gets its name only when it is
 * whole, hash-checked and synced; what a broken transfer left is gone on with by the next call, in this process or another.
 * Progress is in bytes over all files.
 * @throws DataError when the network or mirror does not give a file, gives a wrong one, or it cannot be written;
 *   ParseError for an unknown id; the signal's reason when aborted.
 */
export async function pull(ids: readonly string[], options: PullOptions = {}): Promise<PulledFile[]> {
  const files = resolveIds(ids);
  const total = files.reduce((sum, f) => sum + f.bytes, 0);
  let before = 0;
  const pulled: PulledFile[] = [];
  for (const file of files) {
    options.signal?.throwIfAborted();
    const report = (bytes: number): void => options.onProgress?.({ done: before + bytes, total, label: file.id });
    report(0);
    const present = (await checkFile(file)).state === 'ok';
    if (!present) await pullFile(file, { ...options, onProgress: ({ done }) => report(done) });
    before += file.bytes;
    report(0);
    pulled.push({ id: file.id, path: cachedPath(file), state: present ? 'present' : 'fetched' });
  }
  return pulled;
}

/** Fetches one file whether or not it is there; progress is in its bytes. Throws as `pull`. */
export async function pullFile(file: ManifestFile, options: PullOptions = {}): Promise<void> {
  const target = cachedPath(file);
  let part: PartFile;
  try {
    part = await takePart(target);
  } catch (error) {
    throw writeError(target, error);
  }
  try {
    const resumed = await fillPart(file, part.path, options);
    let hash = await sha256OfFile(part.path);
    if (hash !== file.sha256 && resumed) {
      // The beginning may be what is wrong: once more, from the first byte.
      await rm(part.path);
      await fillPart(file, part.path, options);
      hash = await sha256OfFile(part.path);
    }
    if (hash !== file.sha256) throw wrongContent(file, `sha256 ${hash}`);
    await publish(part.path, target);
  } catch (error) {
    const refused = writeError(target, error);
    // A wrong file is worthless and a full disk needs the space; a broken transfer is worth going on with.
    if (refused !== error || error instanceof WrongContent) await rm(part.path, { force: true }).catch(() => undefined);
    else await part.release();
    throw refused;
  }
}

/** Appends what is missing to the part and syncs it. @returns whether there was something to append to. */
async function fillPart(file: ManifestFile, path: string, options: PullOptions): Promise<boolean> {
  const { signal, onProgress, patience = PATIENCE } = options;
  const left = (await stat(path).catch(() => null))?.size ?? 0;
  const whole = left === file.bytes;
  const request = { offset: left < file.bytes ? left : 0, patience, signal };
  const stream = whole ? { offset: left, pieces: [] } : await openOrigin(file, originOf(file), request);
  const handle = await open(path, 'a');
  try {
    let size = stream.offset;
    if (size !== left) await handle.truncate(size);
    for await (const piece of stream.pieces) {
      signal?.throwIfAborted();
      if (size + piece.length > file.bytes) throw wrongContent(file, `more than ${file.bytes} bytes`);
      for (let at = 0; at < piece.length; ) at += (await handle.write(piece, at)).bytesWritten;
      size += piece.length;
      onProgress?.({ done: size, total: file.bytes, label: file.id });
    }
    if (size < file.bytes) {
      throw new DataError({
        path: file.url,
        expected: `${file.bytes} bytes`,
        got: `an end after ${size}`,
        fix: 'Try again: it goes on where it stopped.',
      });
    }
    await handle.sync();
    return stream.offset > 0;
  } finally {
    await handle.close();
  }
}

class WrongContent extends DataError {
  override readonly name = 'DataError';
}

function wrongContent(file: ManifestFile, got: string): WrongContent {
  return new WrongContent({
    path: originOf(file).kind === 'web' ? file.url : `NASCOPE_MIRROR/${file.path}`,
    expected: `${file.id} with ${file.bytes} bytes and sha256 ${file.sha256}`,
    got,
    fix: 'Nothing was kept. Try again; if it stays wrong, the mirror or a proxy on the way changes the file.',
  });
}
