import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataError } from '../core/base/errors.js';
import { makeFolder, writeAtomically, writeError } from './atomic-write.js';

/** A file of JSON lines that only grows: a header where it has one, then a line for each piece of work that was finished. */
export interface Journal {
  /** The line is on the disk when this returns. @throws DataError when it cannot be written. */
  append(line: object): Promise<void>;
  close(): Promise<void>;
}

/** The finished lines of a journal; what follows the last line end was left by a run that was killed. '' where there is no file. */
export async function journalLines(path: string): Promise<string> {
  const text = await textOf(path);
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

/**
 * Opens a journal to go on where a run was stopped: it begins with the header where it has no finished line yet, and an
 * unfinished last line is taken off.
 * @throws DataError when the file is somebody else's (text that is no beginning of the header) or cannot be written.
 */
export async function openJournal(path: string, header: object | null): Promise<Journal> {
  const text = await textOf(path);
  const lines = text.slice(0, text.lastIndexOf('\n') + 1);
  const begun = header === null ? '' : `${JSON.stringify(header)}\n`;
  if (header !== null && lines === '' && !begun.startsWith(text)) {
    const fix = 'Name another file, or remove this one to begin anew.';
    throw new DataError({ path, expected: 'a file of results', got: text.slice(0, 60), fix });
  }
  const kept = lines === '' ? begun : lines;
  if (kept !== text) await writeAtomically(path, kept);
  try {
    await makeFolder(dirname(path));
    const handle = await open(path, 'a');
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
  } catch (error) {
    throw writeError(path, error);
  }
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}
