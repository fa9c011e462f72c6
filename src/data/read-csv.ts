import { DataError } from '../core/base/errors.js';

/** A CSV file by column, as text cells: `''` where a cell is empty. Rows count from 0 and leave the header out. */
export interface CsvTable {
  readonly path: string;
  readonly rowCount: number;
  readonly names: readonly string[];
  /** @throws DataError naming the columns that exist. */
  text(name: string): readonly string[];
  /** A column's numbers, NaN where a cell is empty. @throws DataError naming the row that holds no number. */
  numbers(name: string): Float64Array;
}

/**
 * Reads CSV (RFC 4180: quoted cells, doubled quotes, line breaks inside quoted cells) with a header of one line; `path` is for errors.
 * Parsing is arquero's, which drops and fills the cells of uneven rows in silence: hence one more column is asked for,
 * in which a row that is too long shows, while one that is too short leaves its own cells undefined.
 * @throws DataError when a row has not the header's number of cells, or a name comes twice.
 */
export async function readCsv(text: string, path: string): Promise<CsvTable> {
  const { fromCSV } = await import('arquero');
  const wrong = (expected: string, got: string): DataError =>
    new DataError({ path, expected, got, fix: 'Fetch or write the file anew.' });

  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const headerEnd = clean.search(/\r?\n/);
  const header = headerEnd < 0 ? clean : clean.slice(0, headerEnd);
  if (header === '') throw wrong('a header line', 'an empty file');
  const parsed = fromCSV(`${header},${BEYOND}${headerEnd < 0 ? '\n' : clean.slice(headerEnd)}`, { autoType: false });
  const names = parsed.columnNames().filter((name) => name !== BEYOND);
  if (new Set(names).size < names.length) throw wrong('column names that differ', `the header ${header}`);

  const cells = new Map<string, readonly string[]>();
  for (const name of names) {
    const column = Array.from(parsed.array(name) as ArrayLike<string | null | undefined>, (cell, row) => {
      if (cell === undefined) throw wrong(`${names.length} cells in a row`, `fewer in data row ${row + 1}`);
      return cell ?? '';
    });
    cells.set(name, column);
  }
  const beyond = parsed.array(BEYOND) as ArrayLike<unknown>;
  for (let row = 0; row < beyond.length; row++) {
    if (beyond[row] !== undefined) throw wrong(`${names.length} cells in a row`, `more in data row ${row + 1}`);
  }

  const column = (name: string): readonly string[] => {
    const found = cells.get(name);
    if (!found) throw wrong(`a column "${name}"`, `the columns ${names.join(', ')}`);
    return found;
  };
  return {
    path,
    rowCount: parsed.numRows(),
    names,
    text: column,
    numbers: (name) =>
      Float64Array.from(column(name), (cell, row) => {
        const value = cell.trim() === '' ? Number.NaN : Number(cell);
        if (Number.isNaN(value) && cell !== '' && !/^nan$/i.test(cell)) {
          throw wrong(`a number in column "${name}"`, `"${cell}" in data row ${row + 1}`);
        }
        return value;
      }),
  };
}

const BEYOND = '\u0000beyond';
