import { ShapeError } from '../base/errors.js';
import type { Column, FeatureTable } from '../base/table.js';

const FINITE_TARGET = 'a finite number (bench.complete([target]) keeps the rows that have one)';

/** Refuses a table that cannot be learned from. @throws ShapeError when there is no row or column, or a number is not finite. */
export function checkTraining(where: string, x: FeatureTable, y: Float64Array): void {
  checkSize(`${where}: x`, x);
  if (y.length !== x.rowCount) {
    throw new ShapeError({ argument: `${where}: y`, expected: `${x.rowCount} numbers`, got: `${y.length}` });
  }
  checkFinite(where, x);
  for (let r = 0; r < y.length; r++) {
    if (!Number.isFinite(y[r])) {
      throw new ShapeError({ argument: `${where}: y[${r}]`, expected: FINITE_TARGET, got: `${y[r]}` });
    }
  }
}

/** Refuses a table without rows or columns, or that holds a number that is not finite. @throws ShapeError. */
export function checkTable(where: string, x: FeatureTable): void {
  checkSize(where, x);
  checkFinite(where, x);
}

function checkSize(argument: string, x: FeatureTable): void {
  if (x.rowCount === 0) throw new ShapeError({ argument, expected: 'at least one row', got: 'none' });
  if (x.columns.length === 0) throw new ShapeError({ argument, expected: 'at least one column', got: 'none' });
}

/** Refuses a table whose columns are not, by name and order, those of the fit, or that holds a number that is not finite. */
export function checkColumns(where: string, x: FeatureTable, columns: readonly Column[]): void {
  if (x.columns.length !== columns.length) {
    throw new ShapeError({ argument: `${where}: x`, expected: `${columns.length} columns`, got: `${x.columns.length}` });
  }
  for (let c = 0; c < columns.length; c++) {
    if (x.columns[c].name !== columns[c].name) {
      throw new ShapeError({ argument: `${where}: x`, expected: `column ${c} ${columns[c].name}`, got: x.columns[c].name });
    }
  }
  checkFinite(where, x);
}

function checkFinite(where: string, x: FeatureTable): void {
  for (let c = 0; c < x.values.length; c++) {
    const values = x.values[c];
    if (values instanceof Int8Array) continue;
    for (let r = 0; r < values.length; r++) {
      if (!Number.isFinite(values[r])) {
        const argument = `${where}: column ${x.columns[c].name}, row ${r}`;
        throw new ShapeError({ argument, expected: 'a finite number', got: `${values[r]}` });
      }
    }
  }
}
