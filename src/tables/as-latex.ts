import { digits, footnotes } from './as-text.js';
import { sourceOf } from './paper-table.js';
import { type CellReport, headline, type TableReport, type Verdict } from './report.js';

/** Marks that plain LaTeX has. */
const MARKS: Readonly<Record<Verdict, (within: boolean | null) => string>> = {
  reproduced: () => '$=$',
  'not reproduced': () => '$\\neq$',
  preliminary: (within) => (within ? '$\\sim$' : '$!$'),
  'stand-in': (within) => (within ? '$\\approx$' : '$\\not\\approx$'),
  unpublished: () => '$+$',
  unavailable: () => '--',
};

/** One `table` environment each, for `\usepackage{booktabs}`: published over computed, with their marks and notes. */
export function reproductionLatex(tables: readonly TableReport[]): string {
  return `% ${headline(tables)}\n% needs \\usepackage{booktabs}\n${tables.map(tableLatex).join('\n')}`;
}

function tableLatex(report: TableReport): string {
  const { table, cells } = report;
  const rows = table.rows.flatMap((row) => {
    const own = cells.filter((cell) => cell.row === row);
    return [
      `${latex(row)} & published & ${own.map((cell) => numberOf(cell.published, cell)).join(' & ')} \\\\`,
      ` & computed & ${own.map((cell) => `${numberOf(cell.computed, cell)} ${MARKS[cell.verdict](cell.within)}`.trim()).join(' & ')} \\\\`,
    ];
  });
  const notes = footnotes(report).map((note) => latex(note.trim()));
  return [
    '\\begin{table}',
    `\\caption{${latex(table.says)}; ${latex(sourceOf(table))}. ${notes.join('; ')}.}`,
    `\\label{tab:${table.id}}`,
    `\\begin{tabular}{ll${'r'.repeat(table.columns.length)}}`,
    '\\toprule',
    `${latex(table.rowsAre)} & & ${table.columns.map(latex).join(' & ')} \\\\`,
    '\\midrule',
    ...rows,
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

function numberOf(value: number | null, cell: CellReport): string {
  return value === null ? '' : `$${digits(value, cell.tolerance).replace('−', '-')}$`;
}

/** In one pass, so that what a replacement writes is not replaced again. */
function latex(text: string): string {
  return text.replace(/[\\{}$&#_%^~|<>±²]/g, (character) => ESCAPES[character] ?? `\\${character}`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '|': '$|$',
  '<': '$<$',
  '>': '$>$',
  '±': '$\\pm$',
  '²': '$^2$',
};
