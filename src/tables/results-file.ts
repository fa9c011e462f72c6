import { DataError } from '../core/base/errors.js';
import { journalLines, openJournal } from '../data/journal.js';
import type { Shard } from './plan.js';

/** The numbers of one finished unit, with all that they depend on. NaN is written as null. */
export interface ResultLine {
  readonly experiment: string;
  readonly seed: number;
  /** The benchmark's hash. */
  readonly data: string;
  readonly code: string;
  readonly seconds: number;
  readonly values: Readonly<Record<string, number | null>>;
}

/** What a run was asked for. Shards of one plan agree in all of it but their index. */
export interface RunHeader {
  readonly format: 'nascope-reproduce';
  readonly version: 1;
  readonly tables: readonly string[];
  /** Only rows whose name holds this; '' for all. */
  readonly rows: string;
  /** null: as many as the published numbers have. */
  readonly seeds: number | null;
  readonly shard: Shard | null;
  readonly code: string;
}

export interface ResultsFile {
  readonly header: RunHeader;
  readonly lines: readonly ResultLine[];
}

/** A results file that is being added to. A line is on the disk when `append` returns. */
export interface OpenResults {
  readonly lines: readonly ResultLine[];
  append(line: ResultLine): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a results file to go on where a run was stopped. A last line that a killed run left unfinished is taken off. The
 * file of a run that was not sharded takes results of any tables and seeds; a shard's belongs to one plan.
 * @throws DataError when it is a shard of another plan, is damaged, or cannot be written.
 */
export async function openResults(path: string, header: RunHeader): Promise<OpenResults> {
  const lines = await journalLines(path);
  const found = lines === '' ? null : parseResults(path, lines);
  if (found !== null && header.shard !== null && JSON.stringify(found.header) !== JSON.stringify(header)) {
    throw new DataError({
      path,
      expected: `a shard of this plan (${planText(header)})`,
      got: planText(found.header),
      fix: 'Name another folder with --out, or remove the file.',
    });
  }
  return { lines: found?.lines ?? [], ...(await openJournal(path, header)) };
}

/** A results file; an unfinished last line is passed over. @throws DataError when it is damaged. */
export async function readResults(path: string): Promise<ResultsFile> {
  return parseResults(path, await journalLines(path));
}

export function planText({ tables, rows, seeds, shard, code }: RunHeader): string {
  const part = shard === null ? '' : `shard ${shard.index}/${shard.of} of `;
  return `${part}${tables.join(' ')}${rows === '' ? '' : ` rows "${rows}"`}, ${seeds ?? 'all'} seeds, code ${code}`;
}

function parseResults(path: string, text: string): ResultsFile {
  const [first, ...rest] = text.split('\n').slice(0, -1);
  const parsed = (line: string | undefined, number: number, expected: string, isRight: (json: Json) => boolean): Json => {
    try {
      const json = JSON.parse(line ?? '') as Json;
      if (isRight(json)) return json;
    } catch {
      // Said below, as for JSON of another kind.
    }
    const fix = 'Remove the file to compute its results again.';
    throw new DataError({ path: `${path}, line ${number}`, expected, got: (line ?? 'nothing').slice(0, 80), fix });
  };
  const header = parsed(first, 1, 'the header of nascope reproduce, version 1', isHeader) as unknown as RunHeader;
  const lines = rest.map((line, i) => parsed(line, i + 2, 'a result', isResult) as unknown as ResultLine);
  return { header, lines };
}

type Json = Readonly<Record<string, unknown>> | null;

function isHeader(json: Json): boolean {
  return json?.format === 'nascope-reproduce' && json.version === 1 && Array.isArray(json.tables);
}

function isResult(json: Json): boolean {
  const texts = [json?.experiment, json?.data, json?.code].every((field) => typeof field === 'string');
  return texts && typeof json?.seed === 'number' && typeof json.values === 'object' && json.values !== null;
}
