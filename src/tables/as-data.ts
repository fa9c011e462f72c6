import { type ArrowColumn, arrowBytes } from '../data/arrow-bytes.js';
import type { CellReport, TableReport } from './report.js';

const NUMBERS: readonly string[] = [
  'published',
  'published_q1',
  'published_q3',
  'computed',
  'computed_q1',
  'computed_q3',
  'difference',
  'tolerance',
  'seeds',
  'paper_seeds',
] satisfies (keyof CellReport)[];

/** One row a cell as CSV; a missing number is an empty cell, a verdict's word says why. */
export async function reproductionCsv(tables: readonly TableReport[]): Promise<string> {
  const { table } = await import('arquero');
  const columns = columnsOf(tables).map(({ name, values }) => [name, values] as const);
  return `${table(columns as never).toCSV()}\n`.replace(/\n\n$/, '\n');
}

/** The same as an Arrow file. */
export function reproductionArrow(tables: readonly TableReport[]): Uint8Array {
  return arrowBytes(columnsOf(tables));
}

function columnsOf(tables: readonly TableReport[]): ArrowColumn[] {
  const cells = tables.flatMap((t) => t.cells);
  return Object.keys(cells[0]).map((name): ArrowColumn => {
    const values = cells.map((cell) => cell[name as keyof CellReport]);
    if (NUMBERS.includes(name)) return { name, kind: 'number', values: values as (number | null)[] };
    // Empty texts are missing: a CSV file could not tell them apart.
    return { name, kind: 'text', values: values.map(wordOf) };
  });
}

/** Truth values are words that no reader of CSV takes for anything else, so that both files read back alike. */
function wordOf(value: string | number | boolean | null): string | null {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null || value === '' ? null : String(value);
}
