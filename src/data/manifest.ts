import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DataError, ParseError } from '../core/base/errors.js';

/** One published file that a benchmark is made of. */
export interface ManifestFile {
  /** `REPO/NAME`, unique in the manifest: what `nascope data` calls the file. */
  readonly id: string;
  /** Address pinned to a commit. */
  readonly url: string;
  /** Its path in the cache and in a mirror: `OWNER/REPO/COMMIT/PATH`. */
  readonly path: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  /** SPDX identifier of the publishing repository's licence. */
  readonly licence: string;
  readonly citation: string;
  /** Ids of the benchmarks that it serves. */
  readonly benchmarks: readonly string[];
  /** The reader in `src/data` that understands it; null: listed and fetched, not yet read. */
  readonly importer: string | null;
}

export interface Manifest {
  readonly files: readonly ManifestFile[];
}

const HOST = 'https://raw.githubusercontent.com/';
const manifestPath = fileURLToPath(new URL('../../data/manifest.json', import.meta.url));
let known: Manifest | undefined;

/** The manifest that comes with the package; read once. @throws DataError when it is damaged. */
export function manifest(): Manifest {
  known ??= parseManifest(readFileSync(manifestPath, 'utf8'), manifestPath);
  return known;
}

/** A manifest from its JSON text. @throws DataError naming the entry and field that are wrong. */
export function parseManifest(text: string, path: string): Manifest {
  const wrong = (expected: string, got: unknown): DataError =>
    new DataError({
      path,
      expected,
      got: String(got),
      fix: 'Restore the file from the repository (git checkout data/manifest.json).',
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw wrong('JSON', (error as Error).message);
  }
  if (!isRecord(json) || json.format !== 'nascope-manifest' || json.version !== 1) {
    throw wrong('format "nascope-manifest", version 1', isRecord(json) ? `${json.format}, ${json.version}` : json);
  }
  if (!Array.isArray(json.files)) throw wrong('a list "files"', typeof json.files);

  const seen = new Set<string>();
  const files = json.files.map((entry: unknown, i): ManifestFile => {
    if (!isRecord(entry)) throw wrong(`an object at files[${i}]`, entry);
    const field = (name: string, pattern: RegExp, says: string): string => {
      const value = entry[name];
      if (typeof value === 'string' && pattern.test(value)) return value;
      throw wrong(`${says} as "${name}" of files[${i}] (${entry.id})`, value);
    };
    const id = field('id', /^[^/\s]+\/\S+$/, 'REPO/NAME');
    if (seen.has(id)) throw wrong(`ids that differ`, `${id} twice`);
    seen.add(id);
    const url = field('url', PINNED, `an address ${HOST}OWNER/REPO/COMMIT/PATH`);
    const { bytes, benchmarks, importer } = entry;
    if (!(Number.isSafeInteger(bytes) && (bytes as number) > 0)) throw wrong(`a size as "bytes" of ${id}`, bytes);
    if (!isTextList(benchmarks)) throw wrong(`benchmark ids as "benchmarks" of ${id}`, benchmarks);
    if (importer !== null && typeof importer !== 'string') throw wrong(`a name or null as "importer" of ${id}`, importer);
    return {
      id,
      url,
      path: url.slice(HOST.length),
      sha256: field('sha256', /^[0-9a-f]{64}$/, '64 hexadecimal digits'),
      bytes: bytes as number,
      licence: field('licence', /\S/, 'a licence'),
      citation: field('citation', /\S/, 'a citation'),
      benchmarks,
      importer,
    };
  });
  return { files };
}

/** One file of the manifest. @throws ParseError when there is none of that id. */
export function manifestFile(id: string): ManifestFile {
  const found = manifest().files.find((f) => f.id === id);
  if (!found) throw unknownId(id);
  return found;
}

/**
 * The files that ids stand for, each once: a file's own id, or a benchmark's id for all its files that are read today.
 * @throws ParseError when an id is neither.
 */
export function resolveIds(ids: readonly string[]): ManifestFile[] {
  const { files } = manifest();
  const chosen = new Set<ManifestFile>();
  for (const id of ids) {
    const named = files.filter((f) => f.id === id || (f.importer !== null && f.benchmarks.includes(id)));
    // A benchmark without a reader yet: its id still stands for the files that are listed for it.
    const matches = named.length > 0 ? named : files.filter((f) => f.benchmarks.includes(id));
    if (matches.length === 0) throw unknownId(id);
    for (const f of matches) chosen.add(f);
  }
  return [...chosen];
}

// No `..`, no empty part: the path is joined to folders of this machine.
const PINNED = /^https:\/\/raw\.githubusercontent\.com\/[\w-]+\/[\w.-]+\/[0-9a-f]{40}(\/(?!\.\.?(\/|$))[\w@+.-]+)+$/;

function unknownId(id: string): ParseError {
  const benchmarks = [...new Set(manifest().files.flatMap((f) => f.benchmarks))];
  return new ParseError({
    what: 'data id',
    text: id,
    at: 0,
    expected: `a benchmark (${benchmarks.join(', ')}) or a file id as \`npx nascope data list\` shows them`,
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((v) => typeof v === 'string' && v !== '');
}
