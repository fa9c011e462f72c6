import { DataError } from '../../core/base/errors.js';
import { readZip } from '../read-zip.js';
import { readPickle, readPickleUntil } from './pickle.js';
import { PICKLE_LIMITS, type PickleLimits } from './pickle-limits.js';
import type { PersistentLoad } from './pickle-machine.js';
import { NUMBER_BYTES } from './pickle-numbers.js';
import { storageOf } from './pickle-torch.js';
import { InertRecord, type PickleValue } from './pickle-value.js';
import type { TorchStorage } from './torch-tensor.js';

export interface TorchOptions {
  /** What errors call the file: `a torch file` unless said. */
  readonly path?: string;
  readonly limits?: Partial<PickleLimits>;
}

/**
 * What `torch.save` kept: a zip archive with `NAME/data.pkl` and a file for each storage, or the older row of pickles
 * followed by the storages. Tensors hold their numbers: `tensor.numbers()`.
 * @throws DataError when the file is damaged, cut short, past a limit or no such file.
 */
export function readTorch(bytes: Uint8Array, options: TorchOptions = {}): PickleValue {
  const { path = 'a torch file', limits } = options;
  return isZip(bytes) ? fromZip(bytes, path, limits) : fromPickles(bytes, path, limits);
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/** Room for the names and shapes of any number of tensors. */
const LEAST_BYTES = 64 * 1024 * 1024;

function fromZip(bytes: Uint8Array, path: string, limits?: Partial<PickleLimits>): PickleValue {
  const entries = readZip(bytes, path);
  const files = new Map(entries.map((entry) => [entry.name, entry.bytes]));
  const main = [...files.keys()].find((name) => /^[^/]*\/data\.pkl$/.test(name));
  if (main === undefined) throw damaged(path, 'a torch archive with data.pkl in it', 'a zip archive without');
  const folder = main.slice(0, -'data.pkl'.length);
  const order = files.get(`${folder}byteorder`);
  const bigEndian = order !== undefined && new TextDecoder().decode(order).trim() === 'big';
  const { load, storages } = storageLoader();
  // What the archive has taken is not there for the value any more.
  const taken = entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
  const value = readPickle(files.get(main) as Uint8Array, {
    path: `${path}, ${main}`,
    limits: { bytes: Math.max(PICKLE_LIMITS.bytes - taken, LEAST_BYTES), ...limits },
    persistent: load,
  });
  for (const storage of storages.values()) {
    const content = files.get(`${folder}data/${storage.key}`);
    if (content === undefined) throw damaged(path, `the storage data/${storage.key}`, 'none');
    if (content.length < storage.size * NUMBER_BYTES[storage.dtype]) {
      throw damaged(path, `${storage.size} × ${storage.dtype} in data/${storage.key}`, `${content.length} bytes`);
    }
    storage.bytes = content;
    storage.bigEndian = bigEndian;
  }
  return value;
}

/** What the older format begins with, as a number of ten bytes. */
const MAGIC = 0x1950a86a20f9469cfc6cn;

/** Magic number, version, description of the machine, the value, the storages' keys; then each storage's size and bytes. */
function fromPickles(bytes: Uint8Array, path: string, limits?: Partial<PickleLimits>): PickleValue {
  let at = 0;
  const { load, storages } = storageLoader();
  const next = (): PickleValue => {
    const { value, end } = readPickleUntil(bytes, { path, limits, persistent: load, at });
    at = end;
    return value;
  };
  if (next() !== MAGIC) throw damaged(path, 'a file that torch.save wrote', 'a pickle of something else');
  next();
  const system = next();
  const bigEndian = system instanceof Map && system.get('little_endian') === false;
  const value = next();
  const keys = next();
  if (!Array.isArray(keys)) throw damaged(path, 'a list of storages', 'another value');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined) throw damaged(path, 'storages that the value names', String(key).slice(0, 40));
    if (at + 8 > bytes.length) throw damaged(path, `the storage ${storage.key}`, 'the end of the file');
    const size = Number(view.getBigUint64(at, !bigEndian));
    const length = size * NUMBER_BYTES[storage.dtype];
    at += 8;
    if (size !== storage.size || at + length > bytes.length) {
      throw damaged(path, `${storage.size} × ${storage.dtype} in the storage ${storage.key}`, `${size}`);
    }
    storage.bytes = new Uint8Array(bytes.subarray(at, at + length));
    storage.bigEndian = bigEndian;
    at += length;
  }
  return value;
}

/** Gives each storage once, however often it is named; other persistent ids stay records. */
function storageLoader(): { readonly load: PersistentLoad; readonly storages: ReadonlyMap<string, TorchStorage> } {
  const storages = new Map<string, TorchStorage>();
  const load: PersistentLoad = (id) => {
    const storage = storageOf(id);
    if (storage === null) return new InertRecord('persistent id', [id]);
    const known = storages.get(storage.key);
    if (known !== undefined) return known;
    storages.set(storage.key, storage);
    return storage;
  };
  return { load, storages };
}

function damaged(path: string, expected: string, got: string): DataError {
  return new DataError({ path, expected, got, fix: 'The file is damaged, cut short, or none that torch wrote.' });
}
