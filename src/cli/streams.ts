import { once } from 'node:events';
import { accessSync, constants, createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ParseError } from '../core/base/errors.js';
import { nearest } from '../core/base/nearest.js';
import { writeAtomically } from '../data/atomic-write.js';

/** Work that was done and found wanting (a notebook whose cell failed, a file that is damaged): exit code 1, no stack. */
export class WorkFailed extends Error {}

/** A numbered line of input, without its line end; empty lines are passed over but counted. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** The lines of a file, or of standard input for `-`. @throws ParseError when the file cannot be read. */
export async function* readLines(path: string): AsyncGenerator<Line> {
  const input = path === '-' ? process.stdin : createReadStream(path);
  let number = 0;
  try {
    if (path !== '-') await once(input, 'open');
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      if (text.trim() !== '') yield { number, text: text.trim() };
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new ParseError({ what: '--in', text: path, at: 0, expected: 'a file that can be read, or - for standard input' });
  }
}

/** What a command line names must be there before work begins. @throws ParseError when it is not, or is not for this user. */
export function requireReadable(option: string, paths: readonly string[]): void {
  for (const path of paths) {
    try {
      accessSync(path, constants.R_OK);
    } catch {
      throw new ParseError({ what: option, text: path, at: 0, expected: 'something there that can be read' });
    }
  }
}

/** Lines worked on at a time: enough to be quick, few enough to fit in memory. */
export const CHUNK = 4096;

/** Lines in groups, so that long inputs never lie in memory whole. */
export async function* inChunks<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}

/** Says which line it was, on top of what was wrong with it. */
export function atLine<T>(line: Line, read: (text: string) => T): T {
  try {
    return read(line.text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new ParseError({
      what: `line ${line.number}: ${error.what}`,
      text: error.text,
      at: error.at,
      expected: error.expected,
    });
  }
}

/**
 * Writes pieces of text to a file, which takes its name only when everything went well, or to standard output for `-`.
 * @throws DataError when the file cannot be written.
 */
export async function writePieces(path: string, pieces: AsyncIterable<string>): Promise<void> {
  if (path !== '-') return writeAtomically(path, pieces);
  for await (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
}

/** An option that counts something. */
export function wholeNumber(option: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least) {
      throw new ParseError({ what: option, text, at: 0, expected: `a whole number of at least ${least}` });
    }
    return value;
  };
}

/** An option with few values. */
export function oneOf<T extends string>(option: string, known: readonly T[]): (text: string) => T {
  return (text) => {
    const found = known.find((k) => k === text);
    if (found !== undefined) return found;
    const meant = nearest(text, known);
    const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
    throw new ParseError({ what: option, text, at: 0, expected: `one of ${known.join(', ')}${hint}` });
  };
}
