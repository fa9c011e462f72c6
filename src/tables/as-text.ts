import { sourceOf } from './paper-table.js';
import { type CellReport, headline, type TableReport, type Verdict } from './report.js';

/** How a verdict is marked beside a number. */
export function markOf({ verdict, within }: { readonly verdict: Verdict; readonly within: boolean | null }): string {
  switch (verdict) {
    case 'reproduced':
      return '=';
    case 'not reproduced':
      return '≠';
    case 'preliminary':
      return within ? '~' : '!';
    case 'stand-in':
      return within ? '≈' : '≉';
    case 'unpublished':
      return '+';
    case 'unavailable':
      return '–';
  }
}

/** What the marks mean. */
export const LEGEND: readonly string[] = [
  '= reproduced',
  '≠ not reproduced',
  '~ fewer seeds, within tolerance',
  '! fewer seeds, outside',
  '≈ stand-in, within tolerance',
  '≉ stand-in, outside',
  '+ computed, not published',
  '– unavailable',
];

/** A number with the digits that its tolerance speaks of, at least four where it is a share; with its own where there is none. */
export function digits(value: number | null, tolerance: number | null): string {
  if (value === null) return '';
  if (tolerance === null) return String(value).replace('-', '−');
  const places = tolerance >= 0.4 ? 2 : Math.max(4, Math.ceil(-Math.log10(tolerance)));
  return value.toFixed(Math.min(places, 6)).replace('-', '−');
}

/** For a terminal: each table's rows, published over computed, then what is behind the marks. */
export function reproductionText(tables: readonly TableReport[]): string {
  const [above, below] = [LEGEND.slice(0, 4), LEGEND.slice(4)].map((marks) => marks.join('   '));
  return `${tables.map(tableText).join('\n')}\n${above}\n${below}\n\n${headline(tables)}\n`;
}

function tableText(report: TableReport): string {
  const { table, cells } = report;
  const label = Math.max(table.rowsAre.length, ...table.rows.map((row) => row.length));
  const columns = table.columns.map((column) => cells.filter((cell) => cell.column === column));
  const widths = table.columns.map((column, c) =>
    Math.max(column.length, ...columns[c].flatMap((cell) => [theirs(cell).length, ours(cell).length])),
  );
  const line = (row: string, who: string, texts: readonly string[]): string =>
    `${row.padEnd(label)}  ${who.padEnd(9)}  ${texts.map((text, c) => text.padStart(widths[c])).join('  ')}`.trimEnd();
  const rows = table.rows.map((row, r) => {
    const own = columns.map((column) => column[r]);
    // A row that nobody published needs no empty line above it.
    if (own.every((cell) => cell.published === null)) return `${line(row, 'computed', own.map(ours))}\n`;
    return `${line(row, 'published', own.map(theirs))}\n${line('', 'computed', own.map(ours))}\n`;
  });
  const head = `${table.id}: ${table.says}\n${sourceOf(table)}\n\n${line(table.rowsAre, '', table.columns)}\n`;
  return `${head}${rows.join('')}${footnotes(report)
    .map((note) => `${note}\n`)
    .join('')}`;
}

/** Marks stand behind the number, and take their place where there is none, so that columns line up. */
function theirs(cell: CellReport): string {
  return cell.published === null ? '' : `${digits(cell.published, cell.tolerance)}  `;
}

function ours(cell: CellReport): string {
  return cell.computed === null ? `${markOf(cell)} ` : `${digits(cell.computed, cell.tolerance)} ${markOf(cell)}`;
}

/** Tolerances, seeds, what stands in, what is missing and why: each once. */
export function footnotes({ cells, agreement }: TableReport): string[] {
  const computed = cells.filter((cell) => cell.look !== 'unavailable');
  const counted = (texts: readonly string[]): string[] =>
    grouped(texts, (text) => text).map(([text, same]) => `  ${text} (${same.length === 1 ? '1 cell' : `${same.length} cells`})`);
  const tolerances = grouped(
    computed.filter((cell) => cell.published !== null),
    (cell) => cell.because,
  ).map(([because, same]) => {
    const widths = same.map((cell) => cell.tolerance ?? 0);
    const [least, most] = [Math.min(...widths), Math.max(...widths)];
    return `  tolerance ±${least}${most > least ? ` to ±${most}` : ''}: ${because}`;
  });
  return [
    ...counted(computed.filter((c) => c.paper_seeds > 1).map((c) => `${c.seeds} of the ${c.paper_seeds} published seeds`)),
    ...tolerances,
    ...counted(cells.filter((c) => c.note !== '').map((c) => `${c.look}: ${c.note}`)),
    ...(agreement === null ? [] : [`  computed cells keep the published order with Spearman ${agreement.toFixed(3)}`]),
  ];
}

function grouped<T>(items: readonly T[], by: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(by(item), [...(groups.get(by(item)) ?? []), item]);
  return [...groups];
}
