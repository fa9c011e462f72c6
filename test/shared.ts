import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, strFromU8 } from 'fflate';
import { describe, test } from 'vitest';

const folder = fileURLToPath(new URL('../../shared/', import.meta.url));

/** Whether the reference material lies beside this checkout. Where the folder is, each of its tests runs or fails. */
export const sharedIsHere = existsSync(folder);

/** A path inside the reference material: `shared('goldens', 'graf', 'README.md')`. */
export function shared(...parts: string[]): string {
  return join(folder, ...parts);
}

/**
 * Where programs find published data that they only read: one cache for all tests of a run, filled by whoever comes first
 * (`temporary-files.ts` gives each run a place of its own).
 */
export const published = { NASCOPE_DATA: join(tmpdir(), 'published-data'), NASCOPE_MIRROR: shared('upstream') } as const;

/** A suite that needs the reference material; where there is none, its title says why it did not run. */
export function describeShared(title: string, suite: () => void): void {
  if (sharedIsHere) describe(title, suite);
  // The suite itself is not entered: vitest collects the body even of a skipped one, and bodies read the material.
  else describe.skip(title, () => test('needs the reference material in ../shared', () => {}));
}

/** The text of a shared file, inflated where its name ends in `.gz`. */
export function readShared(...parts: string[]): string {
  const bytes = readFileSync(shared(...parts));
  return parts[parts.length - 1].endsWith('.gz') ? strFromU8(gunzipSync(bytes)) : bytes.toString('utf8');
}

/** Rows of a golden CSV file as text cells, header first. Quoted cells may hold commas; no cell holds a line break. */
export function readSharedCsv(...parts: string[]): string[][] {
  return readShared(...parts)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [...`,${line}`.matchAll(/,(?:"([^"]*)"|([^,]*))/g)].map((cell) => cell[1] ?? cell[2]));
}
