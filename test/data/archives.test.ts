import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/base/errors.js';
import { readGzip } from '../../src/data/read-gzip.js';
import { readZip } from '../../src/data/read-zip.js';

const text = 'the quick brown fox '.repeat(40);
const gzip = gzipSync(strToU8(text), { mtime: 0 });
const zip = zipSync(
  { 'a/': new Uint8Array(0), 'a/one.json': strToU8(text), 'two.txt': [strToU8('stored'), { level: 0 }] },
  { mtime: '2020-01-01' },
);

/** All that may be read from a damaged archive is an error or, where the byte carries no content, the same content. */
function sameOrRefused(read: () => unknown, whole: unknown): void {
  let got: unknown;
  try {
    got = read();
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return;
  }
  expect(got).toEqual(whole);
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] ^= 0x10;
  return copy;
}

describe('readGzip', () => {
  it('inflates what gzip deflated', () => {
    expect(new TextDecoder().decode(readGzip(gzip, 'x.gz'))).toBe(text);
  });

  it('refuses every truncation', () => {
    for (let n = 0; n < gzip.length; n++) expect(() => readGzip(gzip.subarray(0, n), 'x.gz')).toThrow(DataError);
  });

  it('never gives other content for one changed byte', () => {
    const whole = readGzip(gzip, 'x.gz');
    for (let at = 0; at < gzip.length; at++) sameOrRefused(() => readGzip(flipped(gzip, at), 'x.gz'), whole);
  });

  it('refuses to inflate past its limit', () => {
    expect(() => readGzip(gzipSync(new Uint8Array(100_000)), 'x.gz', 10_000)).toThrow(/at most 10000/);
  });
});

describe('readZip', () => {
  it('gives the files with their names, stored or deflated, without the folders', () => {
    const entries = readZip(zip, 'x.zip').map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]);
    expect(entries).toEqual([
      ['a/one.json', text],
      ['two.txt', 'stored'],
    ]);
    expect(readZip(zip, 'x.zip', { keep: (name) => name.startsWith('two') })).toHaveLength(1);
  });

  it('refuses every truncation', () => {
    for (let n = 0; n < zip.length; n++) expect(() => readZip(zip.subarray(0, n), 'x.zip')).toThrow(DataError);
  });

  it('never gives other content for one changed byte', () => {
    const contents = (archive: Uint8Array) =>
      readZip(archive, 'x.zip').map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]);
    const whole = contents(zip);
    for (let at = 0; at < zip.length; at++) sameOrRefused(() => contents(flipped(zip, at)), whole);
  });

  it('refuses to inflate past its limit, however the archive lies about its sizes', () => {
    const bomb = zipSync({ zeros: new Uint8Array(1_000_000) });
    expect(() => readZip(bomb, 'x.zip', { limit: 10_000 })).toThrow(/at most 10000/);
    const lying = bomb.slice();
    const view = new DataView(lying.buffer);
    for (let at = 0; at < lying.length - 4; at++) if (view.getUint32(at, true) === 1_000_000) view.setUint32(at, 9_000, true);
    expect(() => readZip(lying, 'x.zip', { limit: 10_000 })).toThrow(DataError);
  });
});
