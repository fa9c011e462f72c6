import { columnFromArray, float64, tableFromColumns, tableToIPC, utf8 } from '@uwdata/flechette';

/** A column to be written: numbers as doubles, text as UTF-8, null where missing. */
export type ArrowColumn =
  | { readonly name: string; readonly kind: 'number'; readonly values: readonly (number | null)[] }
  | { readonly name: string; readonly kind: 'text'; readonly values: readonly (string | null)[] };

/** Columns of one length as an Arrow file, which pandas, pyarrow, R and DuckDB read. */
export function arrowBytes(columns: readonly ArrowColumn[]): Uint8Array {
  const table = tableFromColumns(
    columns.map((c) => [
      c.name,
      c.kind === 'number' ? columnFromArray([...c.values], float64()) : columnFromArray([...c.values], utf8()),
    ]),
  );
  const bytes = tableToIPC(table, { format: 'file' });
  if (!bytes) throw new Error('flechette gave no bytes for a table in memory');
  return bytes;
}
