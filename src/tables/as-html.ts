import { digits, footnotes, LEGEND, markOf } from './as-text.js';
import { sourceOf } from './paper-table.js';
import { type CellReport, headline, type TableReport, type Verdict } from './report.js';

const COLOURS: Readonly<Record<Verdict, string>> = {
  reproduced: '#1a7f37',
  'not reproduced': '#b42318',
  preliminary: '#8a6100',
  'stand-in': '#5b4bb7',
  unpublished: '#57606a',
  unavailable: '#8c959f',
};

/** The tables as one piece of HTML: published over computed, each cell's difference, tolerance and seeds on hover. Runs no script. */
export function reproductionHtml(tables: readonly TableReport[]): string {
  const legend = `<p><small>${LEGEND.map(markOfLegend).join(' · ')}</small></p>`;
  return `<div style="font-family:system-ui,sans-serif">${tables.map(tableHtml).join('')}${legend}<p><b>${markup(headline(tables))}</b></p></div>`;
}

/** A mark does not part from its words at the end of a line. */
function markOfLegend(text: string): string {
  return `<span style="white-space:nowrap">${markup(text)}</span>`;
}

/** The same as a page of its own. */
export function reproductionPage(tables: readonly TableReport[]): string {
  const head =
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Published beside computed</title>';
  return `<!doctype html>\n<html lang="en"><head>${head}</head><body>\n${reproductionHtml(tables)}\n</body></html>\n`;
}

function tableHtml(report: TableReport): string {
  const { table, cells } = report;
  const caption = `<caption style="text-align:left"><b>${markup(table.id)}</b>: ${markup(table.says)}<br><small>${markup(sourceOf(table))}</small></caption>`;
  const head = [table.rowsAre, ...table.columns].map((text) => `<th scope="col" style="${CELL}">${markup(text)}</th>`).join('');
  const rows = table.rows.map((row) => {
    const own = cells.filter((cell) => cell.row === row).map(cellHtml);
    return `<tr><th scope="row" style="${CELL};text-align:left;font-weight:normal">${markup(row)}</th>${own.join('')}</tr>`;
  });
  const notes = footnotes(report).map((note) => `<li>${markup(note.trim())}</li>`);
  return (
    `<table style="border-collapse:collapse;margin-top:1.5em">${caption}<thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>` +
    `<ul style="font-size:small;color:#57606a">${notes.join('')}</ul>`
  );
}

const CELL = 'padding:.2em .6em;border-bottom:1px solid #d0d7de;text-align:right;font-variant-numeric:tabular-nums';

function cellHtml(cell: CellReport): string {
  const theirs =
    cell.published === null ? '' : `<span style="color:#57606a">${digits(cell.published, cell.tolerance)}</span><br>`;
  const ours = `<span style="color:${COLOURS[cell.verdict]}">${digits(cell.computed, cell.tolerance)} ${markup(markOf(cell))}</span>`;
  return `<td style="${CELL}" title="${markup(aboutCell(cell))}">${theirs}${ours}</td>`;
}

function aboutCell(cell: CellReport): string {
  if (cell.look === 'unavailable') return `unavailable: ${cell.note}`;
  const difference =
    cell.difference === null
      ? ''
      : `, difference ${digits(cell.difference, cell.tolerance)}, tolerance ${cell.tolerance} (${cell.because})`;
  const note = cell.note === '' ? '' : `, ${cell.look}: ${cell.note}`;
  return `${cell.verdict}${difference}, ${cell.seeds} of ${cell.paper_seeds} seeds${note}`;
}

function markup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
