import { DataError } from '../core/base/errors.js';
import type { SourceFiles } from './source-files.js';

/** One proxy of NAS-Bench-Suite-Zero on one task, with the final accuracy, in the order of NASLib's enumeration. */
export interface NaslibScores {
  /** NASLib tuples as printed: `(4, 0, 3, 1, 4, 3)`. */
  readonly archs: readonly string[];
  /** NASLib's VAL_ACCURACY of the last epoch. */
  readonly accuracy: Float64Array;
  readonly score: Float64Array;
}

/**
 * Reads one task of a NASLib zip: files `benchmark--SPACE--TASK--FIRST.json`, each a list of
 * `{ idx, arch, val_accuracy, PROXY: { score, time } }`. @throws DataError when an entry is not so, or an `idx` is missing.
 */
export async function readNaslibZip(
  sources: SourceFiles,
  id: string,
  want: { readonly space: string; readonly task: string; readonly proxy: string },
): Promise<NaslibScores> {
  const marker = `/benchmark--${want.space}--${want.task}--`;
  const files = await sources.zip(id, (name) => name.includes(marker) && name.endsWith('.json'));
  const wrong = (expected: string, got: string): DataError =>
    new DataError({ path: sources.source(id), expected, got, fix: `Fetch it anew: \`npx nascope data pull ${id}\`.` });

  const entries = files.flatMap(({ name, bytes }): NaslibEntry[] => {
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as NaslibEntry[];
    } catch (error) {
      throw wrong(`JSON in ${name}`, (error as Error).message);
    }
  });
  if (entries.length === 0) throw wrong(`files of ${want.task} on ${want.space}`, 'none');

  const archs = new Array<string>(entries.length);
  const accuracy = new Float64Array(entries.length);
  const score = new Float64Array(entries.length);
  for (const entry of entries) {
    const at = Number(entry.idx);
    const proxy = entry[want.proxy] as { readonly score?: unknown } | undefined;
    if (!(Number.isInteger(at) && at >= 0 && at < entries.length) || archs[at] !== undefined) {
      throw wrong(`each idx of 0..${entries.length - 1} once`, `${entry.idx}`);
    }
    if (typeof entry.arch !== 'string' || typeof entry.val_accuracy !== 'number' || typeof proxy?.score !== 'number') {
      throw wrong(`arch, val_accuracy and ${want.proxy} of idx ${at}`, JSON.stringify(entry).slice(0, 120));
    }
    archs[at] = entry.arch;
    accuracy[at] = entry.val_accuracy;
    score[at] = proxy.score;
  }
  return { archs, accuracy, score };
}

interface NaslibEntry {
  readonly idx?: unknown;
  readonly arch?: unknown;
  readonly val_accuracy?: unknown;
  readonly [proxy: string]: unknown;
}
