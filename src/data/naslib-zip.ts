import { DataError } from '../core/base/errors.js';
import type { SourceFiles } from './source-files.js';

/** One proxy of NAS-Bench-Suite-Zero on one task, in the order of NASLib's enumeration. */
export interface NaslibPool {
  /** NASLib tuples as printed: `(4, 0, 3, 1, 4, 3)`. */
  readonly archs: readonly string[];
  readonly score: Float64Array;
}

/** The same with the final accuracy. */
export interface NaslibScores extends NaslibPool {
  /** NASLib's VAL_ACCURACY of the last epoch. */
  readonly accuracy: Float64Array;
}

/** Which files of a zip, and which number in them. */
export interface NaslibTask {
  readonly space: string;
  readonly task: string;
  readonly proxy: string;
}

/**
 * Reads one task of a NASLib zip: files `benchmark--SPACE--TASK--FIRST.json`, each a list of
 * `{ idx, arch, val_accuracy, PROXY: { score, time } }`. @throws DataError when an entry is not so, or an `idx` is missing.
 */
export async function readNaslibZip(sources: SourceFiles, id: string, want: NaslibTask): Promise<NaslibScores> {
  const { archs, score, entries } = await readEntries(sources, id, want);
  const accuracy = new Float64Array(entries.length);
  entries.forEach(({ val_accuracy }, at) => {
    if (typeof val_accuracy !== 'number') throw wrong(sources, id, `val_accuracy of idx ${at}`, String(val_accuracy));
    accuracy[at] = val_accuracy;
  });
  return { archs, accuracy, score };
}

/** The same for a zip of nets that nobody trained: entries have no `val_accuracy`. */
export async function readNaslibPool(sources: SourceFiles, id: string, want: NaslibTask): Promise<NaslibPool> {
  const { archs, score } = await readEntries(sources, id, want);
  return { archs, score };
}

async function readEntries(
  sources: SourceFiles,
  id: string,
  want: NaslibTask,
): Promise<NaslibPool & { readonly entries: readonly NaslibEntry[] }> {
  const marker = `/benchmark--${want.space}--${want.task}--`;
  const files = await sources.zip(id, (name) => name.includes(marker) && name.endsWith('.json'));
  const found = files.flatMap(({ name, bytes }): NaslibEntry[] => {
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as NaslibEntry[];
    } catch (error) {
      throw wrong(sources, id, `JSON in ${name}`, (error as Error).message);
    }
  });
  if (found.length === 0) throw wrong(sources, id, `files of ${want.task} on ${want.space}`, 'none');

  const entries = new Array<NaslibEntry>(found.length);
  const archs = new Array<string>(found.length);
  const score = new Float64Array(found.length);
  for (const entry of found) {
    const at = Number(entry.idx);
    const proxy = entry[want.proxy] as { readonly score?: unknown } | undefined;
    if (!(Number.isInteger(at) && at >= 0 && at < found.length) || archs[at] !== undefined) {
      throw wrong(sources, id, `each idx of 0..${found.length - 1} once`, `${entry.idx}`);
    }
    if (typeof entry.arch !== 'string' || typeof proxy?.score !== 'number') {
      throw wrong(sources, id, `arch and ${want.proxy} of idx ${at}`, JSON.stringify(entry).slice(0, 120));
    }
    entries[at] = entry;
    archs[at] = entry.arch;
    score[at] = proxy.score;
  }
  return { archs, score, entries };
}

function wrong(sources: SourceFiles, id: string, expected: string, got: string): DataError {
  return new DataError({ path: sources.source(id), expected, got, fix: `Fetch it anew: \`npx nascope data pull ${id}\`.` });
}

interface NaslibEntry {
  readonly idx?: unknown;
  readonly arch?: unknown;
  readonly val_accuracy?: unknown;
  readonly [proxy: string]: unknown;
}
