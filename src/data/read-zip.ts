import { crc32 } from 'node:zlib';
import { inflateSync } from 'fflate';
import { DataError } from '../core/base/errors.js';
import { INFLATE_LIMIT } from './read-gzip.js';

export interface ZipOptions {
  /** Which files to inflate: all unless said. */
  readonly keep?: (name: string) => boolean;
  /** Greatest number of inflated bytes of the kept files together: 256 MiB unless said. */
  readonly limit?: number;
}

/** One file of a zip archive, inflated. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The files of a zip archive in the order of its directory, folders left out. Inflating is fflate's; the directory is
 * read here because fflate checks neither CRC-32 nor sizes. Each file is inflated into exactly the room that the
 * directory states.
 * @throws DataError when the archive is truncated, damaged, encrypted, split, past 4 GiB, or too large.
 */
export function readZip(archive: Uint8Array, path: string, options: ZipOptions = {}): ZipEntry[] {
  const { keep = () => true, limit = INFLATE_LIMIT } = options;
  const wrong = (expected: string, got: string): DataError =>
    new DataError({ path, expected, got, fix: 'The file is damaged, cut short or of an unread kind: fetch it anew.' });
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = findEnd(view);
  if (end < 0) throw wrong('a whole zip archive', `${archive.length} bytes without the directory's end`);
  const count = view.getUint16(end + 10, true);
  const directory = view.getUint32(end + 16, true);
  if (view.getUint16(end + 4, true) !== 0 || count === 0xffff || directory === 0xffffffff) {
    throw wrong('a plain zip archive', 'a split one or one past 4 GiB');
  }
  const directoryEnd = end - wideRecords(view, end);

  const entries: ZipEntry[] = [];
  let room = limit;
  let at = directory;
  for (let i = 0; i < count; i++) {
    if (at + 46 > directoryEnd || view.getUint32(at, true) !== DIRECTORY_ENTRY)
      throw wrong(`entry ${i} of the directory`, 'something else');
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const crc = view.getUint32(at + 16, true);
    const packed = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const nameBytes = archive.subarray(at + 46, at + 46 + nameLength);
    const name = new TextDecoder().decode(nameBytes);
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (flags & 1 || (method !== STORED && method !== DEFLATED)) throw wrong(`${name} stored or deflated`, `method ${method}`);
    const header = local + 30 <= directory && view.getUint32(local, true) === LOCAL_HEADER;
    // No checksum covers a name; it stands twice instead.
    if (!header || Buffer.compare(nameBytes, archive.subarray(local + 30, local + 30 + view.getUint16(local + 26, true))) !== 0) {
      throw wrong(`${name} at byte ${local}`, 'something else');
    }
    const start = local + 30 + nameLength + view.getUint16(local + 28, true);
    if (start + packed > directory) throw wrong(`${packed} bytes of ${name}`, 'an earlier end');
    if (name.endsWith('/') || !keep(name)) continue;

    room -= size;
    if (room < 0) throw wrong(`at most ${limit} inflated bytes`, 'more');

    const content = archive.subarray(start, start + packed);
    let bytes: Uint8Array;
    try {
      bytes = method === STORED ? content : inflateSync(content, { out: new Uint8Array(size) });
    } catch (error) {
      throw wrong(`${name} whole`, (error as Error).message);
    }
    if (bytes.length !== size || crc32(bytes) !== crc) throw wrong(`${name} with its stated size and CRC-32`, 'others');
    entries.push({ name, bytes });
  }
  if (at !== directoryEnd) throw wrong('the directory to end where it says', `${directoryEnd - at} bytes between`);
  return entries;
}

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_ENTRY = 0x02014b50;
const DIRECTORY_END = 0x06054b50;
const WIDE_END = 0x06064b50;
const WIDE_LOCATOR = 0x07064b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * Bytes that the two records of the 64-bit kind take before the directory's end: PyTorch writes them into small archives
 * too, where they say what the plain record says.
 */
function wideRecords(view: DataView, end: number): number {
  if (end < 76 || view.getUint32(end - 20, true) !== WIDE_LOCATOR) return 0;
  const record = view.getBigUint64(end - 12, true);
  if (record > BigInt(end - 76) || view.getUint32(Number(record), true) !== WIDE_END) return 0;
  return end - Number(record);
}

/** Where the record that ends the directory begins: the last 22 bytes, or before a comment of up to 65,535; -1: nowhere. */
function findEnd(view: DataView): number {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === DIRECTORY_END && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return -1;
}
