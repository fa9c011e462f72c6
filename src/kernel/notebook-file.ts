import { readFile } from 'node:fs/promises';
import { DataError, ParseError } from '../core/base/errors.js';
import { writeAtomically } from '../data/atomic-write.js';

/** A notebook as nbformat 4.5 defines it, with every multi-line text joined to one string. */
export interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: number;
  readonly metadata: NotebookMetadata;
  readonly cells: readonly Cell[];
}

export interface NotebookMetadata {
  readonly kernelspec?: { readonly name: string; readonly display_name: string; readonly language?: string };
  readonly [field: string]: unknown;
}

export interface CellMetadata {
  readonly tags?: readonly string[];
  readonly [field: string]: unknown;
}

export type Cell = CodeCell | MarkdownCell | RawCell;

export interface CodeCell {
  readonly cell_type: 'code';
  readonly id: string;
  readonly metadata: CellMetadata;
  readonly source: string;
  readonly execution_count: number | null;
  readonly outputs: readonly Output[];
}

export interface MarkdownCell {
  readonly cell_type: 'markdown';
  readonly id: string;
  readonly metadata: CellMetadata;
  readonly source: string;
  readonly attachments?: Readonly<Record<string, MimeData>>;
}

export interface RawCell {
  readonly cell_type: 'raw';
  readonly id: string;
  readonly metadata: CellMetadata;
  readonly source: string;
}

/** Data by mime type: text, base64 of binary types, or JSON for the types that end in `json`. */
export type MimeData = Readonly<Record<string, unknown>>;

export type Output = StreamOutput | DisplayOutput | ErrorOutput;

export interface StreamOutput {
  readonly output_type: 'stream';
  readonly name: 'stdout' | 'stderr';
  readonly text: string;
}

export interface DisplayOutput {
  readonly output_type: 'display_data' | 'execute_result';
  readonly data: MimeData;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly execution_count?: number | null;
}

export interface ErrorOutput {
  readonly output_type: 'error';
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** @throws DataError when the file cannot be read or is not a notebook of version 4; ParseError when it is not JSON. */
export async function readNotebook(path: string): Promise<Notebook> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new DataError({ path, expected: 'a readable notebook', got: (error as Error).message, fix: 'Check the path.' });
  }
  return parseNotebook(text, path);
}

/**
 * A notebook from its text.
 * @param path names it in errors.
 * @throws ParseError when it is not JSON; DataError naming the cell and field that are not as nbformat 4 says.
 */
export function parseNotebook(text: string, path: string): Notebook {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    // The engine tells the offset for some mistakes only; its own words always show the place.
    const words = (error as Error).message;
    const at = Number(/position (\d+)/.exec(words)?.[1] ?? 0);
    throw new ParseError({ what: path, text, at, expected: `the JSON of a notebook (${words})` });
  }
  const check = new Checker(path);
  const book = check.object(json, 'the file');
  if (book.nbformat !== 4) throw check.refuse('nbformat', '4', book.nbformat);
  const cells = check.array(book.cells, 'cells').map((cell, i) => readCell(cell, i, check));
  return {
    nbformat: 4,
    nbformat_minor: typeof book.nbformat_minor === 'number' ? Math.max(5, book.nbformat_minor) : 5,
    metadata: check.object(book.metadata, 'metadata') as NotebookMetadata,
    cells,
  };
}

/** The text of a notebook file, byte for byte as Jupyter writes it: fields in alphabetical order, one space of indent, texts as lists of lines. */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === 'code'
      ? { ...cell, source: lines(cell.source), outputs: cell.outputs.map(writeOutput) }
      : { ...cell, source: lines(cell.source) },
  );
  return `${JSON.stringify(inOrder({ ...notebook, cells }), null, 1)}\n`;
}

/** Writes the whole file or nothing. @throws DataError when the folder cannot be written. */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  await writeAtomically(path, formatNotebook(notebook));
}

export function isTagged(cell: Cell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) ?? false;
}

function readCell(value: unknown, index: number, check: Checker): Cell {
  const where = `cells[${index}]`;
  const cell = check.object(value, where);
  const metadata = check.object(cell.metadata ?? {}, `${where}.metadata`) as CellMetadata;
  if (metadata.tags !== undefined) {
    for (const tag of check.array(metadata.tags, `${where}.metadata.tags`)) check.string(tag, `${where}.metadata.tags`);
  }
  const common = {
    id: cell.id === undefined ? `cell-${index}` : check.string(cell.id, `${where}.id`),
    metadata,
    source: check.text(cell.source, `${where}.source`),
  };
  switch (cell.cell_type) {
    case 'code': {
      const outputs = check.array(cell.outputs ?? [], `${where}.outputs`);
      return {
        cell_type: 'code',
        ...common,
        execution_count: typeof cell.execution_count === 'number' ? cell.execution_count : null,
        outputs: outputs.map((output, i) => readOutput(output, `${where}.outputs[${i}]`, check)),
      };
    }
    case 'markdown':
      if (cell.attachments === undefined) return { cell_type: 'markdown', ...common };
      return {
        cell_type: 'markdown',
        ...common,
        attachments: check.object(cell.attachments, `${where}.attachments`) as Record<string, MimeData>,
      };
    case 'raw':
      return { cell_type: 'raw', ...common };
    default:
      throw check.refuse(`${where}.cell_type`, 'code, markdown or raw', cell.cell_type);
  }
}

function readOutput(value: unknown, where: string, check: Checker): Output {
  const output = check.object(value, where);
  switch (output.output_type) {
    case 'stream':
      return {
        output_type: 'stream',
        name: output.name === 'stderr' ? 'stderr' : 'stdout',
        text: check.text(output.text, `${where}.text`),
      };
    case 'display_data':
    case 'execute_result': {
      const data = check.object(output.data, `${where}.data`);
      return {
        output_type: output.output_type,
        data: Object.fromEntries(Object.entries(data).map(([mime, content]) => [mime, joinLines(content)])),
        metadata: check.object(output.metadata ?? {}, `${where}.metadata`),
        ...(output.output_type === 'execute_result'
          ? { execution_count: (output.execution_count ?? null) as number | null }
          : {}),
      };
    }
    case 'error':
      return {
        output_type: 'error',
        ename: check.string(output.ename, `${where}.ename`),
        evalue: check.string(output.evalue, `${where}.evalue`),
        traceback: check.array(output.traceback, `${where}.traceback`).map((line) => check.string(line, `${where}.traceback`)),
      };
    default:
      throw check.refuse(`${where}.output_type`, 'stream, display_data, execute_result or error', output.output_type);
  }
}

function writeOutput(output: Output): unknown {
  if (output.output_type === 'stream') return { ...output, text: lines(output.text) };
  if (output.output_type === 'error') return output;
  const isText = (mime: string, content: unknown): content is string =>
    typeof content === 'string' && (mime.startsWith('text/') || mime === 'image/svg+xml');
  const data = Object.entries(output.data).map(([mime, content]) => [mime, isText(mime, content) ? lines(content) : content]);
  return { ...output, data: Object.fromEntries(data) };
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, inOrder(field)]));
}

/** Each line keeps its line break, so that the lines joined are the text. */
function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function joinLines(content: unknown): unknown {
  return Array.isArray(content) && content.every((line) => typeof line === 'string') ? content.join('') : content;
}

class Checker {
  constructor(private readonly path: string) {}

  object(value: unknown, where: string): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.refuse(where, 'an object', value);
    return value as Record<string, unknown>;
  }

  array(value: unknown, where: string): unknown[] {
    if (!Array.isArray(value)) throw this.refuse(where, 'a list', value);
    return value;
  }

  string(value: unknown, where: string): string {
    if (typeof value !== 'string') throw this.refuse(where, 'a text', value);
    return value;
  }

  text(value: unknown, where: string): string {
    const joined = joinLines(value);
    if (typeof joined !== 'string') throw this.refuse(where, 'a text or a list of lines', value);
    return joined;
  }

  refuse(where: string, expected: string, got: unknown): DataError {
    const shown = got === undefined ? 'nothing' : JSON.stringify(got).slice(0, 60);
    return new DataError({
      path: this.path,
      expected: `${expected} at ${where}`,
      got: shown,
      fix: 'Open and save it in Jupyter, or restore it from git.',
    });
  }
}
