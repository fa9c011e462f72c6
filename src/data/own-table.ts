import { DataError, ParseError } from '../core/base/errors.js';
import { type SpaceId, space as spaceOf, spaces } from '../core/spaces/index.js';
import type { SearchSpace } from '../core/spaces/space.js';
import type { Benchmark, DataColumn } from './benchmark.js';
import { sha256 } from './file-hash.js';
import { tableBenchmark } from './table-benchmark.js';
import { type NamedColumns, namedColumns, type TableLike } from './table-like.js';

/** A column of the user's table: its name, or its name with what is known about it. */
export type OwnColumn =
  | string
  | { readonly name: string; readonly says?: string; readonly unit?: string; readonly direction?: DataColumn['direction'] };

export interface OwnTableOptions<Id extends string> {
  readonly space: Id | SearchSpace<Id>;
  /** The column that holds the architectures, in any encoding that the space reads. */
  readonly arch: string;
  /** What is to be predicted; the first is the default target. `direction` is `higher` unless said. */
  readonly targets: readonly OwnColumn[];
  readonly proxies?: readonly OwnColumn[];
  /** What the table is called in figures and messages. */
  readonly title?: string;
  readonly dataset?: string;
}

/**
 * The user's own table as a benchmark: a danfo DataFrame, an arquero table, a list of row objects, or an object of
 * columns. An empty number (null, undefined, NaN, '') is a missing one. The same architecture may come in several rows.
 * @throws DataError that names the first bad rows, counted from 1: an architecture that does not parse, a cell that holds
 *   no number; or a column that is not there. ParseError for an unknown space.
 */
export function benchmark<Id extends SpaceId>(table: TableLike, options: OwnTableOptions<Id>): Benchmark<Id>;
export function benchmark<Id extends string>(
  table: TableLike,
  options: OwnTableOptions<Id> & { space: SearchSpace<Id> },
): Benchmark<Id>;
export function benchmark(table: TableLike, options: OwnTableOptions<string>): Benchmark {
  const { title = 'own table', dataset = '', targets, proxies = [] } = options;
  const space: SearchSpace = typeof options.space === 'object' ? options.space : spaceOf(options.space as keyof typeof spaces);
  checkList(title, 'targets', targets);
  checkList(title, 'proxies', proxies);
  const from = namedColumns(table);
  if (from.rowCount === 0) throw refusal(title, 'at least one row', 'a table without rows', 'Check how it was read or filtered.');
  const bad: string[] = [];

  const archs = Array.from(cells(from, options.arch, title), (cell, row) => {
    try {
      return space.parse(String(cell ?? ''));
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      bad.push(`row ${row + 1}: ${error.message}`);
      return '';
    }
  });
  const elsewhere = bad.length === archs.length ? spaceThatReads(String(cells(from, options.arch, title)[0])) : null;
  if (elsewhere !== null) {
    const fix = `Set space: '${elsewhere}', if that is what they are.`;
    throw refusal(title, `architectures of ${space.id}`, `texts that ${elsewhere} reads (${bad[0]})`, fix);
  }
  if (targets.length === 0) throw refusal(title, 'at least one target', 'none', 'Name the columns to predict as `targets`.');
  const columns: DataColumn[] = [];
  const values: Float64Array[] = [];
  const add = (column: OwnColumn, role: 'target' | 'proxy'): void => {
    const own = typeof column === 'string' ? { name: column } : column;
    const direction = own.direction ?? (role === 'target' ? 'higher' : 'none');
    const family = role === 'target' ? 'target' : 'zcp';
    if (columns.some((c) => c.name === own.name)) throw refusal(title, 'each column once', `${own.name} twice`, 'Name it once.');
    columns.push({
      name: own.name,
      says: own.says ?? own.name,
      family,
      unit: own.unit ?? '',
      role,
      direction,
      dataset,
      split: '',
      source: title,
    });
    values.push(
      Float64Array.from(cells(from, own.name, title), (cell, row) =>
        number(cell, () => bad.push(`row ${row + 1}: ${own.name} is ${show(cell)}, not a number`)),
      ),
    );
  };
  for (const target of targets) add(target, 'target');
  for (const proxy of proxies) add(proxy, 'proxy');

  if (bad.length > 0) {
    const more = bad.length > SHOWN ? `; and ${bad.length - SHOWN} more` : '';
    const got = `${bad.length} bad cells: ${bad.slice(0, SHOWN).join('; ')}${more}`;
    throw refusal(title, `architectures of ${space.id} and numbers`, got, 'Mend or drop these rows.');
  }
  const hash = sha256([space.id, ...archs, ...columns.map((c, i) => `${c.name} ${sha256(bytesOf(values[i]))}`)].join('\n'));
  return tableBenchmark(
    { id: title, dataset, title, cite: '', licence: '', hash, space },
    { archs, columns, values, defaultTarget: columns[0].name, protocols: {} },
  );
}

/** A single name is a list of letters to a program, and is refused as what it is. */
function checkList(title: string, option: string, given: unknown): void {
  if (Array.isArray(given)) return;
  const got = typeof given === 'string' ? `"${given}"` : String(given);
  const example = typeof given === 'string' ? given : 'acc';
  throw refusal(title, `a list of columns as ${option}`, got, `Write ${option}: ['${example}'].`);
}

/** One of the published spaces in whose words a text is written; null where none is. */
function spaceThatReads(text: string): string | null {
  const found = Object.values(spaces).find((one) => {
    try {
      one.parse(text);
      return true;
    } catch {
      return false;
    }
  });
  return found?.id ?? null;
}

/** How many bad cells a message lists. */
const SHOWN = 5;

function cells(table: NamedColumns, name: string, title: string): ArrayLike<unknown> {
  const found = table.cells(name);
  if (!found) throw refusal(title, `a column "${name}"`, `the columns ${table.names.join(', ')}`, 'Check the name.');
  return found;
}

function number(cell: unknown, refuse: () => void): number {
  if (cell === null || cell === undefined || cell === '') return Number.NaN;
  const value = typeof cell === 'number' ? cell : typeof cell === 'string' || typeof cell === 'bigint' ? Number(cell) : undefined;
  const missing = typeof cell === 'number' && Number.isNaN(cell);
  if (value === undefined || !(Number.isFinite(value) || missing)) {
    refuse();
    return Number.NaN;
  }
  return value;
}

function show(cell: unknown): string {
  return typeof cell === 'string' ? `"${cell.slice(0, 40)}"` : String(cell);
}

function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function refusal(path: string, expected: string, got: string, fix: string): DataError {
  return new DataError({ path, expected, got, fix });
}
