import { ShapeError } from '../../core/base/errors.js';
import type { Column } from '../../core/base/table.js';

/** The number of a column by the reference's name. @throws ShapeError naming columns that are called alike. */
export function columnNamed(columns: readonly Column[], name: string, argument: string): number {
  const at = columns.findIndex((column) => column.name === name);
  if (at >= 0) return at;
  const close = columns.filter((column) => column.name.startsWith(name.slice(0, 8))).slice(0, 4);
  const got = close.length === 0 ? name : `${name} (there are ${close.map((column) => column.name).join('; ')}, …)`;
  throw new ShapeError({ argument, expected: 'a column of the table', got });
}
