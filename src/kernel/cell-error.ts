import { inspect } from 'node:util';
import { cellPlace } from './cell-stacks.js';
import type { JsonObject } from './jupyter-wire.js';
import type { CellProblem } from './tslab-adapter.js';

/** What went wrong in a cell, as the protocol tells it. */
export interface CellError extends JsonObject {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** The cell was told to stop. */
export class InterruptedError extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('the cell was interrupted');
  }
}

const AROUND = 2;
const CAUSES = 5;

/** A thrown value: its name and message, its frames in cells and packages, and the line of the cell that it came from. */
export function thrownError(thrown: unknown): CellError {
  if (!isError(thrown)) {
    const evalue = inspect(thrown);
    return { ename: 'Thrown', evalue, traceback: [`Thrown: ${evalue}`] };
  }
  const ename = nameOf(thrown);
  const evalue = typeof thrown.message === 'string' ? thrown.message : inspect(thrown.message);
  return { ename, evalue, traceback: explain(thrown, CAUSES) };
}

/** What the compiler does not accept, each problem at its place in the cell. */
export function typeError(problems: readonly CellProblem[], source: string): CellError {
  const groups: CellProblem[][] = [];
  for (const problem of problems) {
    const before = groups.at(-1)?.[0];
    // The compiler explains a problem in several messages at one place.
    if (before !== undefined && before.line === problem.line && before.column === problem.column) groups.at(-1)?.push(problem);
    else groups.push([problem]);
  }
  const said = groups.map(([first, ...more]) =>
    [
      `${first.file === undefined ? '' : `${first.file} `}${first.line + 1}:${first.column + 1} - ${first.message}`,
      ...more.map((problem) => `  ${problem.message}`),
    ].join('\n'),
  );
  const traceback = groups.flatMap(([first], i) => [
    i === 0 ? `TypeScriptError: ${said[i]}` : said[i],
    ...(first.file === undefined ? [codeFrame(source, first.line, first.column, first.length)] : []),
  ]);
  return { ename: 'TypeScriptError', evalue: said.join('\n'), traceback };
}

/** The lines around a place (from 0), the place underlined. */
export function codeFrame(source: string, line: number, column: number, length = 1): string {
  const lines = source.split('\n');
  const last = Math.min(lines.length - 1, line + AROUND);
  const width = String(last + 1).length;
  const out: string[] = [];
  for (let k = Math.max(0, line - AROUND); k <= last; k++) {
    out.push(`${k === line ? '>' : ' '} ${String(k + 1).padStart(width)} | ${lines[k]}`.trimEnd());
    if (k !== line) continue;
    const under = Math.max(1, Math.min(length, lines[k].length - column));
    const indent = lines[k].slice(0, column).replace(/[^\t]/g, ' ');
    out.push(`  ${' '.repeat(width)} | ${indent}${'^'.repeat(under)}`);
  }
  return out.join('\n');
}

function explain(error: Error, causes: number): string[] {
  const stack = typeof error.stack === 'string' ? error.stack : `${nameOf(error)}: ${error.message}`;
  const place = cellPlace(stack);
  const lines = [
    ...stack.split('\n'),
    ...(place === null ? [] : ['', codeFrame(place.source, place.line - 1, place.column - 1)]),
  ];
  if (causes === 0) return lines;
  if (error instanceof AggregateError) {
    error.errors.slice(0, CAUSES).forEach((inner: unknown, i) => {
      lines.push('', `[${i + 1} of ${error.errors.length}] ${told(inner, 0)}`);
    });
  }
  if (error.cause !== undefined) lines.push('', `Caused by ${told(error.cause, causes - 1)}`);
  return lines;
}

function told(value: unknown, causes: number): string {
  return isError(value) ? explain(value, causes).join('\n') : inspect(value);
}

/** Also errors of other realms, which are no instances of ours. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function nameOf(error: Error): string {
  const name: unknown = error.name;
  return typeof name === 'string' && name !== '' ? name : 'Error';
}
