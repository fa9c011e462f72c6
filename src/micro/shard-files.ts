import { type FileHandle, mkdir, open, readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../core/base/errors.js';
import { writeError } from '../data/atomic-write.js';
import { type LabelLine, parseLabelLines, wholeLines } from './label-line.js';
import type { LabelShard } from './label-plan.js';
import { labelSettings, settingsHash } from './label-settings.js';

/** All labels of a family in a folder of shards. @throws DataError when a line is damaged. */
export async function readShards(folder: string, family: string): Promise<LabelLine[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const own = names.filter((name) => name.startsWith(`${family}-`) && name.endsWith('.jsonl')).sort();
  const lines: LabelLine[] = [];
  for (const name of own) lines.push(...parseLabelLines(join(folder, name), await readFile(join(folder, name), 'utf8')));
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

/** A shard file that is being added to; a line is on the disk when `append` returns. */
export interface OpenShard {
  append(line: LabelLine): Promise<void>;
  close(): Promise<void>;
}

/** Opens a shard's file to go on where a run was stopped: what a killed run left of a line is cut off. */
export async function openShard(folder: string, family: string, { index, of }: LabelShard): Promise<OpenShard> {
  const path = join(folder, `${family}-${index}-of-${of}.jsonl`);
  let handle: FileHandle;
  try {
    await mkdir(folder, { recursive: true });
    const text = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    });
    const whole = wholeLines(text.toString('latin1'));
    if (whole < text.length) await truncate(path, whole);
    handle = await open(path, 'a');
  } catch (error) {
    throw writeError(path, error);
  }
  return {
    async append(line) {
      try {
        await handle.appendFile(`${JSON.stringify(line)}\n`);
        await handle.datasync();
      } catch (error) {
        throw writeError(path, error);
      }
    },
    close: () => handle.close(),
  };
}
