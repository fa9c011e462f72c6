import { DataError } from '../../core/base/errors.js';
import type { Evaluation } from '../../core/models/evaluate.js';
import { journalLines, openJournal } from '../journal.js';

/** Every metric of one recipe, after learning from so many labels of one split. */
export interface CompareRow extends Evaluation {
  /** `rf on zcp+graf`. */
  readonly recipe: string;
  readonly model: string;
  readonly features: string;
  /** Labels learned from, and networks ranked. */
  readonly train: number;
  readonly test: number;
  readonly seed: number;
}

/** All that rows depend on besides recipe, size and seed. Files of other settings are refused. */
export interface CompareHeader {
  readonly format: 'nascope-compare';
  readonly version: 1;
  readonly code: string;
  /** The benchmark's hash, and one of the rows that take part and their order. */
  readonly data: string;
  readonly rows: string;
  readonly target: string;
  readonly protocol: string;
  readonly graf: string;
}

export interface OpenRows {
  readonly rows: readonly CompareRow[];
  /** The row is on the disk when this returns. */
  append(row: CompareRow): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a results file to go on where a comparison was stopped.
 * @throws DataError naming the setting that differs, the line that is damaged, or why the file cannot be written.
 */
export async function openRows(path: string, header: CompareHeader): Promise<OpenRows> {
  const [first, ...rest] = (await journalLines(path)).split('\n').slice(0, -1);
  if (first !== undefined) checkHeader(path, parsed(`${path}, line 1`, first), header);
  const rows = rest.map((line, i) => rowOf(`${path}, line ${i + 2}`, line));
  return { rows, ...(await openJournal(path, header)) };
}

type Json = Readonly<Record<string, unknown>>;

function checkHeader(path: string, found: Json, header: CompareHeader): void {
  for (const [name, value] of Object.entries(header)) {
    if (found[name] === value) continue;
    throw refusal(path, `results with ${name} ${value}`, `${found[name] ?? 'none'}`);
  }
}

function rowOf(where: string, line: string): CompareRow {
  const row = parsed(where, line);
  const isRow = typeof row.recipe === 'string' && typeof row.seed === 'number' && typeof row.train === 'number' && 'tau' in row;
  if (!isRow) throw refusal(where, 'a result', line.slice(0, 80));
  // JSON has no NaN: an undefined metric was written as null.
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? Number.NaN])) as unknown as CompareRow;
}

function parsed(where: string, line: string): Json {
  try {
    const json: unknown = JSON.parse(line);
    if (typeof json === 'object' && json !== null) return json as Json;
  } catch {
    // Said below, as for JSON of another kind.
  }
  throw refusal(where, 'a line of JSON', line.slice(0, 80));
}

function refusal(path: string, expected: string, got: string): DataError {
  return new DataError({ path, expected, got, fix: 'Name another file, or remove this one to begin anew.' });
}
