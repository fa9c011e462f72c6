import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataError } from '../../src/core/base/errors.js';
import { cachedPath } from '../../src/data/cache-folder.js';
import type { ManifestFile } from '../../src/data/manifest.js';
import { pull, pullFile } from '../../src/data/pull.js';
import { checkFile } from '../../src/data/verify.js';
import { describeShared, shared } from '../shared.js';
import { onFullDisk } from './full-disk.js';

const content = Buffer.alloc(400_000, 'nascope test content, not all alike: 0123456789abcdefghijklmnop\n');
content.writeUInt32LE(0xdeadbeef, 200_001);
const path = `owner/repo/${'a'.repeat(40)}/data/file.bin`;
const file: ManifestFile = {
  id: 'repo/file.bin',
  url: `https://raw.githubusercontent.com/${path}`,
  path,
  sha256: createHash('sha256').update(content).digest('hex'),
  bytes: content.length,
  licence: 'MIT',
  citation: 'none',
  benchmarks: ['thing'],
  importer: null,
};

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let base: string;
let server: Server;
/** One answer a request; the last one goes on answering. */
let answers: Answer[];
let ranges: (string | undefined)[];

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'nascope-pull-'));
  vi.stubEnv('NASCOPE_DATA', join(base, 'cache'));
  answers = [withRange];
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    const answer = answers.length > 1 ? (answers.shift() as Answer) : answers[0];
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  vi.stubEnv('NASCOPE_MIRROR', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  rmSync(base, { recursive: true, force: true });
});

const withRange: Answer = (request, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (start > 0) response.writeHead(206, { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` });
  response.end(content.subarray(start));
};
const withoutRange: Answer = (_, response) => {
  response.end(content);
};
/** Sends a beginning, then breaks the connection. */
function dyingAfter(bytes: number): Answer {
  return (request, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, bytes), () => setTimeout(() => request.socket.destroy(), 50));
  };
}

function cached(): string[] {
  const folder = dirname(cachedPath(file));
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

describe('pullFile', () => {
  it('fetches a file whole and leaves nothing else', async () => {
    const seen: number[] = [];
    await pullFile(file, { onProgress: ({ done }) => seen.push(done) });
    expect(readFileSync(cachedPath(file)).equals(content)).toBe(true);
    expect(cached()).toEqual(['file.bin']);
    expect(seen.at(-1)).toBe(content.length);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('names a killed download, gives the file no name, and goes on where it stopped', async () => {
    answers = [dyingAfter(150_000), withRange];
    await expect(pullFile(file)).rejects.toThrow(DataError);
    expect(cached()).toEqual(['file.bin.part']);
    expect((await checkFile(file)).state).toBe('absent');
    await pullFile(file);
    expect(ranges).toEqual([undefined, 'bytes=150000-']);
    expect(readFileSync(cachedPath(file)).equals(content)).toBe(true);
    expect(cached()).toEqual(['file.bin']);
  });

  it('begins anew where the server sends only whole files', async () => {
    answers = [dyingAfter(150_000), withoutRange];
    await expect(pullFile(file)).rejects.toThrow(/try again \(it goes on where it stopped\)/);
    await pullFile(file);
    expect(readFileSync(cachedPath(file)).equals(content)).toBe(true);
  });

  it('begins anew once when what was left over is not the beginning of the file', async () => {
    mkdirSync(dirname(cachedPath(file)), { recursive: true });
    writeFileSync(`${cachedPath(file)}.part`, 'another beginning');
    await pullFile(file);
    expect(ranges).toEqual(['bytes=17-', undefined]);
    expect(readFileSync(cachedPath(file)).equals(content)).toBe(true);
  });

  it('takes over what a dead process left and leaves alone what a living one writes', async () => {
    answers = [dyingAfter(150_000), withRange];
    await expect(pullFile(file)).rejects.toThrow(DataError);
    const [left] = cached();
    const target = cachedPath(file);
    const host = await import('node:os').then((os) => os.hostname().replace(/[^\w.]/g, '_'));
    const dead = `${target}.part-${host}-4194305-0`;
    const living = `${target}.part-${host}-1-0`;
    writeFileSync(dead, readFileSync(`${dirname(target)}/${left}`));
    rmSync(`${dirname(target)}/${left}`);
    writeFileSync(living, 'theirs');
    await pullFile(file);
    expect(ranges).toEqual([undefined, 'bytes=150000-']);
    expect(cached().sort()).toEqual(['file.bin', living.slice(dirname(target).length + 1)]);
    expect(readFileSync(living, 'utf8')).toBe('theirs');
  });

  it('gives two that fetch the same file at once the same whole file', async () => {
    await Promise.all([pullFile(file), pullFile(file), pullFile(file)]);
    expect(readFileSync(cachedPath(file)).equals(content)).toBe(true);
    expect(cached()).toEqual(['file.bin']);
  });

  it.each<[string, Answer]>([
    ['one changed byte', (_, response) => response.end(Buffer.from(content).fill(7, 1000, 1001))],
    ['more bytes', (_, response) => response.end(Buffer.concat([content, content]))],
  ])('refuses %s as a wrong file and keeps nothing', async (_, answer) => {
    answers = [answer];
    const refused = pullFile(file);
    await expect(refused).rejects.toThrow(DataError);
    await expect(refused).rejects.toThrow(new RegExp(`sha256 ${file.sha256}.*Nothing was kept`));
    await expect(refused).rejects.toMatchObject({ name: 'DataError' });
    expect(cached()).toEqual([]);
  });

  it('keeps the good file it has when a new fetch goes wrong', async () => {
    await pullFile(file);
    answers = [(_, response) => response.end('something else')];
    await expect(pullFile(file)).rejects.toThrow(DataError);
    expect(readFileSync(cachedPath(file)).equals(content)).toBe(true);
  });

  it('says what to do when the server has no such file', async () => {
    answers = [(_, response) => response.writeHead(404).end('no')];
    const refused = pullFile(file);
    await expect(refused).rejects.toThrow(/expected HTTP status 200, got 404 Not Found/);
    await expect(refused).rejects.toThrow(/NASCOPE_MIRROR/);
  });

  it('notices a network that does not answer, and a transfer that stalls', async () => {
    answers = [() => undefined];
    const patience = { answer: 100, piece: 100 };
    await expect(pullFile(file, { patience })).rejects.toThrow(/expected an answer, got nothing for 0.1 s.*NASCOPE_MIRROR/);
    answers = [(_, response) => response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 5_000))];
    await expect(pullFile(file, { patience })).rejects.toThrow(/the whole of repo\/file.bin, got nothing for 0.1 s/);
    expect(cached()).toEqual(['file.bin.part']);
  });

  it('names a refused connection', async () => {
    vi.stubEnv('NASCOPE_MIRROR', 'http://127.0.0.1:9');
    await expect(pullFile(file)).rejects.toThrow(DataError);
  });

  it('stops when told to, with the reason given', async () => {
    answers = [dyingAfter(150_000)];
    const stop = new AbortController();
    const reason = new Error('enough');
    const refused = pullFile(file, { signal: stop.signal, onProgress: () => stop.abort(reason) });
    await expect(refused).rejects.toBe(reason);
    expect(cached().every((name) => name.endsWith('.part'))).toBe(true);
  });

  it('refuses a full disk by name and gives the space back', async () => {
    await onFullDisk(base, async (disk) => {
      vi.stubEnv('NASCOPE_DATA', disk);
      await expect(pullFile(file)).rejects.toThrow(/full disk \(ENOSPC\).*NASCOPE_DATA/);
      expect(cached()).toEqual([]);
    });
  });

  it('copies from a folder of the mirror layout, relative ones taken from the working directory', async () => {
    const mirror = join(base, 'mirror');
    mkdirSync(dirname(join(mirror, path)), { recursive: true });
    writeFileSync(join(mirror, path), content);
    vi.spyOn(process, 'cwd').mockReturnValue(base);
    vi.stubEnv('NASCOPE_MIRROR', 'mirror');
    await pullFile(file);
    expect(readFileSync(cachedPath(file)).equals(content)).toBe(true);
    rmSync(join(mirror, path));
    await expect(pullFile(file)).rejects.toThrow(/the mirror's copy of repo\/file.bin, got no such file/);
    vi.restoreAllMocks();
  });
});

describeShared('pull', () => {
  it('fetches a benchmark from a mirror, once, with progress over all files, and replaces a damaged file', async () => {
    vi.stubEnv('NASCOPE_MIRROR', shared('upstream'));
    const seen: number[] = [];
    const first = await pull(['transnas-macro'], { onProgress: ({ done, total }) => seen.push(done / total) });
    expect(first.map((f) => f.state)).toEqual(['fetched', 'fetched', 'fetched']);
    expect(seen.at(-1)).toBe(1);
    const damaged = readFileSync(first[0].path);
    damaged[damaged.length >> 1] ^= 1;
    writeFileSync(first[0].path, damaged);
    const second = await pull(['transnas-macro']);
    expect(second.map((f) => f.state)).toEqual(['fetched', 'present', 'present']);
  });
});
