import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlaceMap } from './source-lines.js';

interface KnownCell {
  readonly source: string;
  readonly places: PlaceMap;
}

/** A place in a cell as a traceback names it: both from 1. */
export interface CellPlace {
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

const CELL_PLACE = /In \[([^\]]+)\]:(\d+):(\d+)/g;
const FRAMES = 50;

const cells = new Map<string, KnownCell>();
const here = dirname(fileURLToPath(import.meta.url));

/** The file name under which a cell's code is compiled and under which its frames are found again. */
export function cellFile(name: string): string {
  return `In [${name}]`;
}

/** @param places from the compiled code, its first line being line 0, to the cell's source. */
export function rememberCell(name: string, source: string, places: PlaceMap): void {
  cells.set(cellFile(name), { source, places });
}

/**
 * From now on every stack of an error shows the lines of the cells as they were typed, and neither the kernel's nor Node's
 * own frames.
 */
export function showCellLines(): void {
  Error.stackTraceLimit = FRAMES;
  Error.prepareStackTrace = (error, frames) => {
    const shown = frames.filter((frame) => !isMachinery(frame)).map((frame) => `\n    at ${asTyped(frame.toString())}`);
    return `${headline(error)}${shown.join('')}`;
  };
}

/** The first frame of a stack that lies in a cell. */
export function cellPlace(stack: string): CellPlace | null {
  for (const match of stack.matchAll(CELL_PLACE)) {
    const cell = cells.get(cellFile(match[1]));
    if (cell !== undefined) return { source: cell.source, line: Number(match[2]), column: Number(match[3]) };
  }
  return null;
}

/** `RangeError: seven is odd`; what the error says of itself must not break the saying of it. */
function headline(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}

function isMachinery(frame: NodeJS.CallSite): boolean {
  const file = frame.getFileName();
  if (file === null || file === undefined) return frame.isNative() || /<anonymous>\)?$/.test(frame.toString());
  if (file.startsWith('node:')) return true;
  return file.startsWith('file:') ? dirname(fileURLToPath(file)) === here : dirname(file) === here;
}

function asTyped(frame: string): string {
  // What earlier cells declared is called as a member of the object that holds it.
  const named = frame.replace(/^(async )?Proxy\./, '$1');
  return named.replace(CELL_PLACE, (all, name: string, line: string, column: string) => {
    const cell = cells.get(cellFile(name));
    const place = cell?.places({ line: Number(line) - 1, column: Number(column) - 1 }) ?? null;
    return place === null ? all : `${cellFile(name)}:${place.line + 1}:${place.column + 1}`;
  });
}
