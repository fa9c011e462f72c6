import { ShapeError } from '../core/base/errors.js';
import type { FeatureTable } from '../core/base/table.js';
import { columnNamed } from './figures/column-named.js';

/** One number of a row, in words. */
export interface Reading {
  readonly feature: string;
  readonly value: number;
  readonly unit: string;
  /** The reference's name of the column. */
  readonly column: string;
}

/**
 * One row of a feature table as a list to read: what each number is, its value and unit.
 * @param names the columns wanted, by the reference's names, in the order asked for; all of them unless said.
 * @throws ShapeError when there is no such row or column.
 */
export function readRow(table: FeatureTable, row: number, names?: readonly string[]): Reading[] {
  if (!(Number.isInteger(row) && row >= 0 && row < table.rowCount)) {
    throw new ShapeError({ argument: 'readRow: row', expected: `a whole number in 0..${table.rowCount - 1}`, got: `${row}` });
  }
  const wanted = names ?? table.columns.map((column) => column.name);
  return wanted.map((name) => {
    const c = columnNamed(table.columns, name, 'readRow: names');
    const { says, unit } = table.columns[c];
    return { feature: says, value: table.values[c][row], unit, column: name };
  });
}
