import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/base/errors.js';
import { writeAtomically, writeError } from '../../src/data/atomic-write.js';
import { onFullDisk } from './full-disk.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nascope-write-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('writeAtomically', () => {
  it('makes the folders, writes text and bytes, and leaves no other file', async () => {
    const path = join(folder, 'a', 'b', 'c.txt');
    await writeAtomically(path, 'old');
    await writeAtomically(path, new Uint8Array([110, 101, 119]));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['c.txt']);
  });

  it('lets the last of many writers win whole', async () => {
    const path = join(folder, 'c.txt');
    const texts = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(50_000));
    await Promise.all(texts.map((text) => writeAtomically(path, text)));
    expect(texts).toContain(readFileSync(path, 'utf8'));
    expect(readdirSync(folder)).toEqual(['c.txt']);
  });

  it('refuses a full disk by name, keeps the old file and leaves nothing half-written', async () => {
    await onFullDisk(folder, async (disk) => {
      const path = join(disk, 'c.txt');
      writeFileSync(path, 'old');
      const refused = writeAtomically(path, 'x'.repeat(300_000));
      await expect(refused).rejects.toThrow(DataError);
      await expect(refused).rejects.toThrow(/full disk \(ENOSPC\).*Free some space/);
      expect(readFileSync(path, 'utf8')).toBe('old');
      expect(readdirSync(disk)).toEqual(['c.txt']);
    });
  });

  it('refuses a folder in the file’s place', async () => {
    mkdirSync(join(folder, 'taken', 'inside'), { recursive: true });
    await expect(writeAtomically(join(folder, 'taken'), 'x')).rejects.toThrow(DataError);
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it.runIf(existsSync('/proc/self'))('refuses a place where no folder can be made, at once', async () => {
    const refused = writeAtomically('/proc/nascope/a/b.txt', 'x');
    await expect(refused).rejects.toThrow(/proc\/nascope.*a place where none can be made/);
    await expect(refused).rejects.toThrow(DataError);
  });

  it('refuses a file where a folder should be', async () => {
    writeFileSync(join(folder, 'file'), 'kept');
    for (const path of [join(folder, 'file', 'c.txt'), join(folder, 'file', 'a', 'b', 'c.txt')]) {
      await expect(writeAtomically(path, 'x')).rejects.toThrow(/a file where a folder should be/);
    }
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('kept');
  });

  it('passes errors on that are not about writing', () => {
    const own = new TypeError('mine');
    expect(writeError('p', own)).toBe(own);
    expect(writeError('p', Object.assign(new Error(), { code: 'EROFS' }))).toBeInstanceOf(DataError);
  });
});
