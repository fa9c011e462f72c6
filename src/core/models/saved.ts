import { DataError } from '../base/errors.js';
import type { Column } from '../base/table.js';

/** A saved list of `length` finite numbers. @throws DataError when it is none. */
export function savedNumbers(where: string, name: string, list: unknown, length: number): readonly number[] {
  if (Array.isArray(list) && list.length === length && list.every((value) => Number.isFinite(value))) return list;
  throw new DataError({
    path: where,
    expected: `${length} finite numbers in ${name}`,
    got: Array.isArray(list) ? `a list of ${list.length}` : typeof list,
    fix: 'Save the model again with toJSON().',
  });
}

/** A saved finite number. @throws DataError when it is none. */
export function savedNumber(where: string, name: string, value: unknown): number {
  return savedNumbers(where, name, [value], 1)[0];
}

/** Saved columns. @throws DataError when there is no list. */
export function savedColumns(where: string, columns: unknown): readonly Column[] {
  if (Array.isArray(columns)) return columns;
  throw new DataError({
    path: where,
    expected: 'a list of columns',
    got: typeof columns,
    fix: 'Save the model again with toJSON().',
  });
}
