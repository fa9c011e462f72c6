import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Column,
  columnFromArray,
  float64,
  type Table,
  tableFromColumns,
  tableFromIPC,
  tableToIPC,
  utf8,
} from '@uwdata/flechette';
import { writeAtomically } from './atomic-write.js';
import type { BenchmarkTable, DataColumn } from './benchmark.js';
import { tablesFolder } from './cache-folder.js';
import { sha256 } from './file-hash.js';

/** Which table: a benchmark on a dataset, made from sources and by an importer that `hash` stands for. */
export interface TableKey {
  readonly benchmark: string;
  readonly dataset: string;
  readonly hash: string;
}

/**
 * Keeps an imported table as one Arrow file (columns with their descriptions as field metadata), for the next load and
 * for any other program that reads Arrow. Its name carries the key and the content's own hash, so one atomic rename
 * publishes both and a changed byte is noticed.
 */
export async function storeTable(key: TableKey, table: BenchmarkTable): Promise<void> {
  const bytes = encodeTable(key, table);
  await writeAtomically(join(tablesFolder(), `${prefix(key)}${contentMark(bytes)}.arrow`), bytes);
}

/** The kept table of this key; null where there is none that is whole. Damaged ones are thrown away. */
export async function loadTable(key: TableKey): Promise<BenchmarkTable | null> {
  const folder = tablesFolder();
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names.filter((n) => n.startsWith(prefix(key)) && n.endsWith('.arrow'))) {
    const path = join(folder, name);
    const bytes = await readFile(path).catch(() => null);
    if (bytes && name === `${prefix(key)}${contentMark(bytes)}.arrow`) return decodeTable(bytes);
    await rm(path, { force: true }).catch(() => undefined);
  }
  return null;
}

function prefix({ benchmark, dataset, hash }: TableKey): string {
  return `${benchmark}-${dataset}.${hash.slice(0, 16)}.`;
}

function contentMark(bytes: Uint8Array): string {
  return sha256(bytes).slice(0, 16);
}

/** What the schema says of the table as a whole. */
interface TableNote {
  readonly benchmark: string;
  readonly dataset: string;
  readonly hash: string;
  readonly defaultTarget: string;
  readonly protocols: Readonly<Record<string, readonly number[]>>;
}

const NOTE = 'nascope';
const NET = 'net';

function encodeTable(key: TableKey, table: BenchmarkTable): Uint8Array {
  const numbers: Column<unknown>[] = table.values.map((values) =>
    columnFromArray(
      Array.from(values, (v) => (Number.isNaN(v) ? null : v)),
      float64(),
    ),
  );
  const arrow = tableFromColumns([
    [NET, columnFromArray([...table.archs], utf8())],
    ...table.columns.map((column, c): [string, Column<unknown>] => [column.name, numbers[c]]),
  ]);
  const note: TableNote = {
    ...key,
    defaultTarget: table.defaultTarget,
    protocols: Object.fromEntries(Object.entries(table.protocols).map(([name, rows]) => [name, [...rows]])),
  };
  arrow.schema.metadata = new Map([[NOTE, JSON.stringify(note)]]);
  table.columns.forEach((column, c) => {
    arrow.schema.fields[c + 1].metadata = new Map(Object.entries(column));
  });
  const bytes = tableToIPC(arrow, { format: 'file' });
  if (!bytes) throw new Error('flechette gave no bytes for a table in memory');
  return bytes;
}

function decodeTable(bytes: Uint8Array): BenchmarkTable {
  const arrow: Table = tableFromIPC(bytes);
  const note = JSON.parse(arrow.schema.metadata?.get(NOTE) ?? '{}') as TableNote;
  return {
    archs: arrow.getChildAt<string>(0).toArray() as string[],
    columns: arrow.schema.fields.slice(1).map((field) => Object.fromEntries(field.metadata ?? []) as unknown as DataColumn),
    values: arrow.children.slice(1).map(doubles),
    defaultTarget: note.defaultTarget,
    protocols: Object.fromEntries(Object.entries(note.protocols).map(([name, rows]) => [name, Int32Array.from(rows)])),
  };
}

/** A column's numbers, nulls as NaN: read from its buffers, for flechette would box a column that has nulls. */
function doubles(column: Column<unknown>): Float64Array {
  const out = new Float64Array(column.length);
  let at = 0;
  for (const batch of column.data) {
    out.set(batch.values as Float64Array, at);
    if (batch.nullCount > 0) {
      const validity = batch.validity as Uint8Array;
      for (let i = 0; i < batch.length; i++) if ((validity[i >> 3] & (1 << (i & 7))) === 0) out[at + i] = Number.NaN;
    }
    at += batch.length;
  }
  return out;
}
