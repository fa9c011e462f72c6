import { escapeMarkup } from './escape.js';

/** A table to be looked at: by column, whole; what is drawn of it is decided when it is drawn. */
export interface DataGrid {
  readonly rowCount: number;
  readonly columns: readonly GridColumn[];
  /** Labels of the rows; left out where they would say nothing. */
  readonly index?: ArrayLike<unknown>;
  /** A line under the table; the counts of rows and columns unless said. */
  readonly caption?: string;
}

export interface GridColumn {
  readonly name: string;
  /** Shown on hover. */
  readonly says?: string;
  readonly cells: ArrayLike<unknown>;
}

/** How much of a table is shown; the middle is left out of what is larger. */
const ROWS = 20;
const COLUMNS = 16;
const TEXT_COLUMNS = 8;
const TEXT_CELL = 40;
const HTML_CELL = 200;
const GAP = '…';

/** The grid as HTML: at most 20 rows and 16 columns, numbers to the right with the same decimals in a column, all text escaped. */
export function gridHtml(grid: DataGrid): string {
  const shown = cut(grid, COLUMNS, HTML_CELL);
  const head = shown.columns.map((column) => {
    const title = column.says === undefined || column.says === column.name ? '' : ` title="${escapeMarkup(column.says)}"`;
    // Long names may be broken after an underscore.
    return `<th${align(column)}${title}>${escapeMarkup(column.name).replaceAll('_', '_<wbr/>')}</th>`;
  });
  const rows = shown.index.map((label, r) => {
    const cells = shown.columns.map((column) => `<td${align(column)}>${escapeMarkup(column.cells[r])}</td>`);
    return `<tr>${grid.index === undefined ? '' : `<th>${escapeMarkup(label)}</th>`}${cells.join('')}</tr>`;
  });
  const corner = grid.index === undefined ? '' : '<th></th>';
  return (
    `<table class="nascope-table"><thead><tr>${corner}${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>` +
    `<p class="nascope-caption"><small>${escapeMarkup(captionOf(grid))}</small></p>`
  );
}

/** The grid as lines of text for a terminal. */
export function gridText(grid: DataGrid): string {
  const shown = cut(grid, TEXT_COLUMNS, TEXT_CELL);
  const index = grid.index === undefined ? [] : [{ name: '', right: false, cells: shown.index }];
  const columns = [...index, ...shown.columns].map((column) => {
    const width = Math.max(column.name.length, ...column.cells.map((cell) => cell.length));
    const pad = (cell: string): string => (column.right ? cell.padStart(width) : cell.padEnd(width));
    return [pad(column.name), '─'.repeat(width), ...column.cells.map(pad)];
  });
  const height = columns[0]?.length ?? 0;
  const lines = Array.from({ length: height }, (_, r) =>
    columns
      .map((column) => column[r])
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n${captionOf(grid)}`;
}

interface ShownColumn {
  readonly name: string;
  readonly says?: string;
  readonly right: boolean;
  readonly cells: readonly string[];
}

function cut(grid: DataGrid, maxColumns: number, maxCell: number): { readonly columns: ShownColumn[]; readonly index: string[] } {
  const rows = middleOut(grid.rowCount, ROWS);
  const columns = middleOut(grid.columns.length, maxColumns).map((c): ShownColumn => {
    if (c === null) return { name: GAP, right: false, cells: rows.map(() => GAP) };
    const { name, says, cells } = grid.columns[c];
    const write = cellWriter(rows.flatMap((r) => (r === null ? [] : [cells[r]])));
    const right = rows.every((r) => r === null || isMissing(cells[r]) || typeof cells[r] === 'number');
    return { name, says, right, cells: rows.map((r) => (r === null ? GAP : clip(write(cells[r]), maxCell))) };
  });
  const { index } = grid;
  return { columns, index: rows.map((r) => (r === null ? GAP : index === undefined ? '' : clip(String(index[r]), maxCell))) };
}

/** `0 … n − 1`, with null in place of the middle where there are more than `most`. */
function middleOut(n: number, most: number): (number | null)[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  const half = most / 2;
  return [...Array.from({ length: half }, (_, i) => i), null, ...Array.from({ length: half }, (_, i) => n - half + i)];
}

/** Numbers of a column with the same decimals: five digits for the largest of them. */
function cellWriter(cells: readonly unknown[]): (cell: unknown) => string {
  const finite = cells.filter((cell): cell is number => typeof cell === 'number' && Number.isFinite(cell));
  const largest = Math.max(0, ...finite.map(Math.abs));
  const smallest = Math.min(Number.POSITIVE_INFINITY, ...finite.filter((v) => v !== 0).map(Math.abs));
  const most = Math.min(6, Math.max(0, 4 - Math.floor(Math.log10(largest || 1))));
  let decimals = most;
  while (decimals > 0 && finite.every((v) => Number(v.toFixed(decimals - 1)) === Number(v.toFixed(most)))) decimals--;
  const isWhole = finite.every(Number.isInteger);
  const isWide = largest >= 1e9 || (!isWhole && smallest < 10 ** -most);
  return (cell) => {
    if (isMissing(cell)) return '–';
    if (typeof cell !== 'number') return typeof cell === 'string' ? cell : shortJson(cell);
    if (!Number.isFinite(cell)) return String(cell);
    if (isWhole && largest < 1e15) return String(cell);
    return isWide ? cell.toPrecision(4) : cell.toFixed(decimals);
  };
}

function isMissing(cell: unknown): boolean {
  return cell === null || cell === undefined || Number.isNaN(cell);
}

function shortJson(value: unknown): string {
  return typeof value === 'object' ? (JSON.stringify(value) ?? String(value)) : String(value);
}

function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function align(column: ShownColumn): string {
  return ` style="text-align:${column.right ? 'right' : 'left'}"`;
}

function captionOf(grid: DataGrid): string {
  const count = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
  return grid.caption ?? `${count(grid.rowCount, 'row')} × ${count(grid.columns.length, 'column')}`;
}
