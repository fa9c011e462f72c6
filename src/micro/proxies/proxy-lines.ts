import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../../core/base/errors.js';
import { type Journal, journalLines, openJournal } from '../../data/journal.js';
import type { LabelShard } from '../label-plan.js';
import type { ProxyValues } from './proxies.js';

/** The proxies of one architecture and seed, as one line of JSON. */
export interface ProxyLine {
  readonly arch: string;
  readonly seed: number;
  readonly values: ProxyValues;
  /** Hash of all that the values depend on besides these. */
  readonly settings: string;
}

/** What a folder holds of a family, by architecture and seed. A last line without its end is passed over. @throws DataError */
export async function readProxyLines(folder: string, family: string): Promise<ReadonlyMap<string, ProxyLine>> {
  const lines = new Map<string, ProxyLine>();
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names.sort()) {
    if (!name.startsWith(`${family}-`) || !name.endsWith('.proxies.jsonl')) continue;
    const path = join(folder, name);
    const texts = (await journalLines(path)).split('\n').slice(0, -1);
    texts.forEach((text, i) => {
      const line = parsed(text, `${path}, line ${i + 1}`);
      lines.set(lineKey(line), line);
    });
  }
  return lines;
}

export function lineKey({ arch, seed }: Pick<ProxyLine, 'arch' | 'seed'>): string {
  return `${arch} ${seed}`;
}

/** A shard's file, to which lines are added. @throws DataError when it cannot be written. */
export function proxyLog(folder: string, family: string, { index, of }: LabelShard): Promise<Journal> {
  return openJournal(join(folder, `${family}-${index}-of-${of}.proxies.jsonl`), null);
}

function parsed(text: string, path: string): ProxyLine {
  try {
    const line = JSON.parse(text) as Partial<ProxyLine> | null;
    const strings = typeof line?.arch === 'string' && typeof line.settings === 'string';
    if (strings && Number.isInteger(line.seed) && typeof line.values === 'object' && line.values !== null)
      return line as ProxyLine;
  } catch {
    // Said below, as for JSON of another kind.
  }
  const fix = 'Remove the line (its architecture is then done again), or the file.';
  throw new DataError({ path, expected: 'proxies as microbench proxies writes them', got: text.slice(0, 80), fix });
}
