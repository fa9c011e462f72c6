import { crc32 } from 'node:zlib';
import { gunzipSync } from 'fflate';
import { DataError } from '../core/base/errors.js';

/** Greatest inflated size that is accepted unless a reader asks for more: 256 MiB. */
export const INFLATE_LIMIT: number = 256 * 1024 * 1024;

/**
 * Inflates a gzip file of one member and checks its size and CRC-32 (which fflate leaves unchecked).
 * @throws DataError when it is truncated, damaged, or would inflate past `limit` bytes.
 */
export function readGzip(bytes: Uint8Array, path: string, limit: number = INFLATE_LIMIT): Uint8Array {
  const wrong = (expected: string, got: string): DataError =>
    new DataError({ path, expected, got, fix: 'The file is damaged or cut short: fetch it anew.' });
  if (bytes.length < 18 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw wrong('a gzip file', `${bytes.length} other bytes`);
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8);
  const size = trailer.getUint32(4, true);
  if (size > limit) throw wrong(`at most ${limit} inflated bytes`, `${size}`);
  let inflated: Uint8Array;
  try {
    inflated = gunzipSync(bytes, { out: new Uint8Array(size) });
  } catch (error) {
    throw wrong('a whole gzip file', (error as Error).message);
  }
  if (inflated.length !== size) throw wrong(`${size} inflated bytes`, `${inflated.length}`);
  if (crc32(inflated) !== trailer.getUint32(0, true)) throw wrong('the CRC-32 that the file states', 'another');
  return inflated;
}
