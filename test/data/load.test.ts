import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataError, ParseError } from '../../src/core/base/errors.js';
import { cachedPath, cacheFolder, tablesFolder } from '../../src/data/cache-folder.js';
import { importFile } from '../../src/data/import-file.js';
import { load } from '../../src/data/load.js';
import { manifestFile } from '../../src/data/manifest.js';
import { verify } from '../../src/data/verify.js';
import { describeShared, shared } from '../shared.js';
import { ownCache } from './cache.js';

const ID = 'transnas-macro';
const ZEN = 'NASLib/tnb101_macro_zen.zip';

/** Everything in the cache: paths and contents' lengths. */
function listing(): string[] {
  if (!existsSync(cacheFolder())) return [];
  return readdirSync(cacheFolder(), { recursive: true }).map(String).sort();
}

function flipByte(path: string, at: (length: number) => number): void {
  const bytes = readFileSync(path);
  bytes[at(bytes.length)] ^= 4;
  writeFileSync(path, bytes);
}

function tableFile(): string {
  const [name] = readdirSync(tablesFolder());
  return join(tablesFolder(), name);
}

describe('the cache folder', () => {
  it('is NASCOPE_DATA, else the custom of the platform', () => {
    const home = process.env.HOME ?? '';
    expect(cacheFolder({ NASCOPE_DATA: '/data/nas', XDG_CACHE_HOME: '/x' }, 'linux')).toBe('/data/nas');
    expect(cacheFolder({ NASCOPE_DATA: 'data' }, 'linux')).toBe(join(process.cwd(), 'data'));
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe('/x/nascope');
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' }, 'linux')).toBe(join(home, '.cache', 'nascope'));
    expect(cacheFolder({}, 'darwin')).toBe(join(home, 'Library', 'Caches', 'nascope'));
    expect(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32')).toBe(join('/local', 'nascope', 'cache'));
  });
});

describe('load without data', () => {
  beforeEach(() => {
    vi.stubEnv('NASCOPE_DATA', '/nonexistent/nascope');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('says exactly which command fetches what is missing, mirror or not', async () => {
    vi.stubEnv('NASCOPE_MIRROR', '/some/mirror');
    for (const id of ['nasbench201', 'transnas-micro', 'transnas-macro'] as const) {
      await expect(load(id)).rejects.toThrow(DataError);
      await expect(load(id)).rejects.toThrow(`npx nascope data pull ${id}`);
    }
  });

  it('names the benchmarks it knows', async () => {
    await expect(load('nasbench2O1' as 'nasbench201')).rejects.toThrow(ParseError);
    await expect(load('toString' as 'nasbench201')).rejects.toThrow(/one of nasbench201, .*transnas-micro, .*timm/);
  });
});

describeShared('load', () => {
  const cache = ownCache();
  beforeEach(() => {
    rmSync(cache.folder(), { recursive: true, force: true });
    mkdirSync(cache.folder());
  });

  it('works from the cached table alone, without sources, mirror or network', async () => {
    const first = await load(ID, { pull: true });
    rmSync(join(cache.folder(), 'files'), { recursive: true });
    vi.stubEnv('NASCOPE_MIRROR', '/nowhere');
    expect([...(await load(ID)).target()]).toEqual([...first.target()]);
    vi.stubEnv('NASCOPE_MIRROR', shared('upstream'));
  });

  it('refuses a source with one changed byte by name and writes nothing', async () => {
    await load(ID, { pull: true });
    rmSync(tablesFolder(), { recursive: true });
    for (const at of [() => 0, (n: number) => n >> 1, (n: number) => n - 1]) {
      const path = cachedPath(manifestFile(ZEN));
      flipByte(path, at);
      const before = listing();
      await expect(load(ID)).rejects.toThrow(DataError);
      await expect(load(ID)).rejects.toThrow(new RegExp(`expected sha256 ${manifestFile(ZEN).sha256}.*data pull ${ID}`));
      expect(listing()).toEqual(before);
      expect((await verify([ZEN]))[0].state).toBe('damaged');
      flipByte(path, at);
    }
    expect((await load(ID)).size).toBe(3_256);
  });

  it('refuses a truncated source by name', async () => {
    await load(ID, { pull: true });
    rmSync(tablesFolder(), { recursive: true });
    const path = cachedPath(manifestFile(ZEN));
    writeFileSync(path, readFileSync(path).subarray(0, 5_000));
    await expect(load(ID)).rejects.toThrow(DataError);
    expect(existsSync(tablesFolder())).toBe(false);
    expect((await load(ID, { pull: true })).size).toBe(3_256);
  });

  it('imports anew when the cached table is damaged or cut short', async () => {
    const first = await load(ID, { pull: true });
    const damages: ((path: string) => void)[] = [
      (path) => flipByte(path, (n) => n >> 1),
      (path) => writeFileSync(path, readFileSync(path).subarray(0, 1_000)),
      (path) => writeFileSync(path, ''),
    ];
    for (const damage of damages) {
      const path = tableFile();
      damage(path);
      expect([...(await load(ID)).target()]).toEqual([...first.target()]);
      expect(readdirSync(tablesFolder())).toHaveLength(1);
    }
  });

  it('still loads where the table cannot be kept', async () => {
    await load(ID, { pull: true });
    rmSync(tablesFolder(), { recursive: true });
    writeFileSync(tablesFolder(), 'a file in the way');
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    expect((await load(ID)).size).toBe(3_256);
    expect(warned).toHaveBeenCalledOnce();
    warned.mockRestore();
  });

  it('keeps tables that other Arrow readers understand, columns described', async () => {
    const bench = await load(ID, { pull: true });
    const arrow = tableFromIPC(readFileSync(tableFile()));
    expect(arrow.numRows).toBe(3_256);
    expect([...(arrow.getChild('net')?.toArray() ?? [])]).toEqual(bench.archs);
    const field = arrow.schema.fields.find((f) => f.name === 'val_acc');
    expect(Object.fromEntries(field?.metadata ?? [])).toEqual(bench.columns[0]);
  });

  it('stops between files when told to', async () => {
    const stop = AbortSignal.abort(new Error('enough'));
    await expect(load(ID, { pull: true, signal: stop })).rejects.toThrow('enough');
    expect(existsSync(tablesFolder())).toBe(false);
  });

  it('takes a file that the user has, if it is the right one', async () => {
    const { path } = manifestFile(ZEN);
    await importFile(ZEN, shared('upstream', ...path.split('/')));
    expect((await verify([ZEN]))[0].state).toBe('ok');
    const wrong = importFile('NASLib/nb301_zen.zip', shared('upstream', ...path.split('/')));
    await expect(wrong).rejects.toThrow(/expected NASLib\/nb301_zen.zip: 523361 bytes/);
    await expect(importFile(ZEN, '/nowhere.zip')).rejects.toThrow(DataError);
    await expect(importFile('nasbench201', '/nowhere.zip')).rejects.toThrow(ParseError);
  });
});
