import { open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MOST_VALUES } from './constant.js';
import { list, numbers, record, text } from './json-fields.js';

/**
 * Whole numbers that a tfjs model's weight files hold (axes, paddings, targets of reshapes), where these files lie beside
 * its `model.json`: a few bytes are read of each. Without the files, or where they do not fit, there are none.
 * @param folder that of the `model.json`; only files in it are looked at.
 */
export async function wholeNumberWeights(json: unknown, folder: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const found = new Map<string, readonly number[]>();
  for (const group of list(record(json).weightsManifest)) {
    const shards = await shardsOf(list(record(group).paths).map(text), folder);
    if (shards === null) continue;
    let at = 0;
    for (const entry of list(record(group).weights)) {
      const { name, shape, dtype, quantization } = record(entry);
      const width = WIDTHS[text(record(quantization).dtype) || text(dtype)];
      const size = numbers(shape).reduce((product, extent) => product * extent, 1);
      // Texts have lengths of their own: what follows cannot be found.
      if (width === undefined || !Number.isSafeInteger(size) || size < 0) break;
      if (dtype === 'int32' && quantization === undefined && size <= MOST_VALUES) {
        const bytes = await slice(shards, at, size * width);
        if (bytes !== null)
          found.set(
            text(name),
            Array.from({ length: size }, (_, i) => bytes.getInt32(i * 4, true)),
          );
      }
      at += size * width;
    }
  }
  return found;
}

const WIDTHS: Readonly<Partial<Record<string, number>>> = {
  float32: 4,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
  complex64: 8,
};

interface Shard {
  readonly path: string;
  readonly size: number;
}

async function shardsOf(paths: readonly string[], folder: string): Promise<readonly Shard[] | null> {
  const shards: Shard[] = [];
  for (const name of paths) {
    // A path that leads elsewhere is not followed.
    if (name === '' || basename(name) !== name) return null;
    const path = join(folder, name);
    try {
      shards.push({ path, size: (await stat(path)).size });
    } catch {
      return null;
    }
  }
  return shards.length === 0 ? null : shards;
}

/** So many bytes from one place of the shards as one; null past their end. */
async function slice(shards: readonly Shard[], from: number, length: number): Promise<DataView | null> {
  const bytes = new Uint8Array(length);
  let [start, filled] = [from, 0];
  for (const { path, size } of shards) {
    if (start >= size) {
      start -= size;
      continue;
    }
    const part = Math.min(length - filled, size - start);
    if (part > 0) {
      const file = await open(path);
      try {
        await file.read(bytes, filled, part, start);
      } finally {
        await file.close();
      }
    }
    filled += part;
    start = 0;
    if (filled === length) return new DataView(bytes.buffer);
  }
  return null;
}
