import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../core/base/errors.js';
import { type Journal, journalLines, openJournal } from '../data/journal.js';
import { type LabelLine, parseLabelLines } from './label-line.js';
import type { LabelShard } from './label-plan.js';
import { labelSettings, settingsHash } from './label-settings.js';

/** All labels of a family in a folder of shards. @throws DataError when a line is damaged. */
export async function readShards(folder: string, family: string): Promise<LabelLine[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    const fix = 'Name another folder (generate --out, merge --in).';
    throw new DataError({ path: folder, expected: 'a folder of shards', got: error.code ?? 'an error', fix });
  });
  // Proxies may be kept in the same folder.
  const own = names.filter((name) => name.startsWith(`${family}-`) && /(?<!\.proxies)\.jsonl$/.test(name)).sort();
  const lines: LabelLine[] = [];
  for (const name of own) lines.push(...parseLabelLines(join(folder, name), await journalLines(join(folder, name))));
  return lines;
}

/** @throws DataError naming a line that was made with other settings, or by another engine, than the present ones. */
export function checkSettings(lines: readonly LabelLine[], where: string): void {
  const expected = new Map<string, string>();
  for (const line of lines) {
    const kind = `${line.family} ${line.task}`;
    let hash = expected.get(kind);
    if (hash === undefined) {
      hash = settingsHash(labelSettings(line.family, line.task));
      expected.set(kind, hash);
    }
    if (line.settings === hash) continue;
    throw new DataError({
      path: where,
      expected: `labels of ${kind} made with the present settings and engine (${hash})`,
      got: `${line.settings} (${line.arch}, seed ${line.seed})`,
      fix: 'Labels of other settings are never mixed with these: keep them in another folder.',
    });
  }
}

/** Opens a shard's file to go on where a run was stopped: what a killed run left of a line is cut off. @throws DataError */
export function openShard(folder: string, family: string, { index, of }: LabelShard): Promise<Journal> {
  return openJournal(join(folder, `${family}-${index}-of-${of}.jsonl`), null);
}
