import { type FileHandle, open } from 'node:fs/promises';
import { DataError } from '../../core/base/errors.js';
import { nextTurn, type WorkOptions } from '../../core/base/progress.js';
import { crc32c } from './crc32c.js';

/** Larger records are taken for damage; those of NAS-Bench-101 have some 500 bytes. */
const MOST_BYTES = 64 * 1024 * 1024;
const CHUNK = 4 * 1024 * 1024;

/**
 * The records of a TFRecord file, one after the other; the file is streamed, both checksums of each record are compared.
 * A record is good until the next one is asked for. Progress counts bytes.
 * @throws DataError when a record is damaged or the last one cut short, saying at which byte.
 * @see https://www.tensorflow.org/tutorials/load_data/tfrecord (length, masked CRC-32C of it, content, its masked CRC-32C)
 */
export async function* readTfRecords(path: string, options: WorkOptions = {}): AsyncGenerator<Uint8Array> {
  const { signal, onProgress } = options;
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    throw new DataError({
      path,
      expected: 'a TFRecord file',
      got: (error as NodeJS.ErrnoException).code ?? (error as Error).message,
      fix: 'Check the path.',
    });
  }
  try {
    const total = (await file.stat()).size;
    let held: Uint8Array = new Uint8Array(0);
    let at = 0;
    let start = 0;
    const wrong = (expected: string, got: string): DataError =>
      new DataError({
        path: `${path}: byte ${start + at}`,
        expected,
        got,
        fix: 'The file is damaged, cut short or no TFRecord file.',
      });
    /** Sees to it that this many bytes lie at `at`; false where the file ends before. */
    const fill = async (bytes: number): Promise<boolean> => {
      if (held.length - at >= bytes) return true;
      signal?.throwIfAborted();
      const rest = held.length - at;
      const next = new Uint8Array(Math.max(bytes, Math.min(CHUNK, total - start - at)));
      next.set(held.subarray(at));
      start += at;
      at = 0;
      let length = rest;
      while (length < next.length) {
        const { bytesRead } = await file.read(next, length, next.length - length, start + length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      held = next.subarray(0, length);
      onProgress?.({ done: start, total });
      await nextTurn();
      return held.length >= bytes;
    };
    while (await fill(1)) {
      if (!(await fill(12))) throw wrong('a record', `only ${held.length - at} bytes`);
      const view = new DataView(held.buffer, held.byteOffset, held.byteLength);
      if (unmask(view.getUint32(at + 8, true)) !== crc32c(held.subarray(at, at + 8))) {
        throw wrong('a record whose length has the checksum that stands after it', 'another');
      }
      const length = Number(view.getBigUint64(at, true));
      if (length > MOST_BYTES) throw wrong(`a record of at most ${MOST_BYTES} bytes`, `one of ${length}`);
      if (!(await fill(length + 16))) throw wrong(`a record of ${length} bytes`, `only ${held.length - at - 12}`);
      const content = held.subarray(at + 12, at + 12 + length);
      const stated = new DataView(held.buffer, held.byteOffset, held.byteLength).getUint32(at + 12 + length, true);
      if (unmask(stated) !== crc32c(content)) throw wrong('a record that has the checksum that stands after it', 'another');
      at += length + 16;
      yield content;
    }
    onProgress?.({ done: total, total });
  } finally {
    await file.close();
  }
}

/** TensorFlow rotates checksums and adds a constant, since a checksum of bytes that hold checksums is weak. */
function unmask(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}
