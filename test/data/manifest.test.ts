import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DataError, ParseError } from '../../src/core/base/errors.js';
import { manifest, manifestFile, parseManifest, resolveIds } from '../../src/data/manifest.js';
import { benchmarks } from '../../src/data/registry.js';
import { describeShared, shared } from '../shared.js';
import { readmeTable } from './readme-table.js';

const good = {
  id: 'repo/file.csv',
  url: `https://raw.githubusercontent.com/owner/repo/${'a'.repeat(40)}/data/file.csv`,
  sha256: 'b'.repeat(64),
  bytes: 12,
  licence: 'MIT',
  citation: 'Someone 2020',
  benchmarks: ['thing'],
  importer: null,
};

function manifestOf(...files: unknown[]): string {
  return JSON.stringify({ format: 'nascope-manifest', version: 1, files });
}

describe('the manifest', () => {
  it('gives each file the path that caches and mirrors use', () => {
    expect(parseManifest(manifestOf(good), 'm').files[0].path).toBe(`owner/repo/${'a'.repeat(40)}/data/file.csv`);
  });

  it.each([
    ['no JSON', '{'],
    ['another format', '{"format":"other","version":1,"files":[]}'],
    ['a newer version', '{"format":"nascope-manifest","version":2,"files":[]}'],
    ['no files', '{"format":"nascope-manifest","version":1}'],
    ['an entry that is no object', manifestOf(7)],
    ['an address that is not pinned', manifestOf({ ...good, url: 'https://raw.githubusercontent.com/owner/repo/main/file.csv' })],
    ['an address that climbs out of its folder', manifestOf({ ...good, url: good.url.replace('data', '..') })],
    ['a plain-text address', manifestOf({ ...good, url: good.url.replace('https', 'http') })],
    ['a short hash', manifestOf({ ...good, sha256: 'b'.repeat(63) })],
    ['a size that is no number', manifestOf({ ...good, bytes: '12' })],
    ['no licence', manifestOf({ ...good, licence: '' })],
    ['no benchmark', manifestOf({ ...good, benchmarks: [] })],
    ['no importer field', manifestOf({ ...good, importer: undefined })],
    ['one id twice', manifestOf(good, good)],
  ])('refuses %s as a DataError', (_, text) => {
    expect(() => parseManifest(text, 'm')).toThrow(DataError);
  });

  it('takes a benchmark for its files that are read, and a file for itself, each once', () => {
    const macro = resolveIds(['transnas-macro', 'NASLib/tnb101_macro_zen.zip', 'NASLib/nb301_zen.zip']).map((f) => f.id);
    expect(macro.sort()).toEqual([
      'NASLib/nb301_zen.zip',
      'NASLib/tnb101_classification_epe_nas.zip',
      'NASLib/tnb101_classification_synflow.zip',
      'NASLib/tnb101_macro_zen.zip',
    ]);
    expect(resolveIds(['nasbench201']).map((f) => f.id)).not.toContain('NASLib/zc_nasbench201.json');
    expect(resolveIds(['timm'])).toHaveLength(4);
  });

  it('names what it knows when asked for something else', () => {
    expect(() => resolveIds(['nasbench'])).toThrow(ParseError);
    expect(() => manifestFile('nasbench201')).toThrow(/nasbench201.*transnas-micro/);
  });

  it('lists as read exactly the files that the benchmarks read', () => {
    const read = new Set(Object.values(benchmarks).flatMap((b) => b.datasets.flatMap((d) => b.files(d))));
    const listed = manifest().files.filter((f) => f.importer !== null);
    expect([...read].sort()).toEqual(listed.map((f) => f.id).sort());
    for (const b of Object.values(benchmarks)) {
      // What comes with the package is not fetched.
      if (b.embedded) continue;
      const own = [...new Set(b.datasets.flatMap((d) => b.files(d)))].sort();
      expect(
        resolveIds([b.id])
          .map((f) => f.id)
          .sort(),
      ).toEqual(own);
    }
  });

  it('is what data/README.md says', () => {
    const readme = readFileSync(fileURLToPath(new URL('../../data/README.md', import.meta.url)), 'utf8');
    expect(readme).toContain(`\n${readmeTable(manifest().files)}\n`);
  });
});

describeShared('the manifest beside the upstream files', () => {
  it('lists every data file that lies there, with its size and sha256', () => {
    const root = shared('upstream');
    const there = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'LICENSE')
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => {
        const bytes = readFileSync(path);
        return `${path.slice(root.length + 1)} ${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;
      });
    expect(there.sort()).toEqual(
      manifest()
        .files.map((f) => `${f.path} ${f.bytes} ${f.sha256}`)
        .sort(),
    );
  });
});
