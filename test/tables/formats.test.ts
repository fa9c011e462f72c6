import { tableFromIPC } from '@uwdata/flechette';
import { fromCSV } from 'arquero';
import { describe, expect, it } from 'vitest';
import { reproductionArrow, reproductionCsv } from '../../src/tables/as-data.js';
import { reproductionHtml, reproductionPage } from '../../src/tables/as-html.js';
import { reproductionLatex } from '../../src/tables/as-latex.js';
import { reproductionText } from '../../src/tables/as-text.js';
import { reportTables } from '../../src/tables/report.js';
import { smallLines, smallTable } from './small-table.js';

const tables = reportTables([smallTable], smallLines, null);
const [{ cells }] = tables;
/** Empty texts are missing in files; truth values are words. */
const expected = cells.map((cell) =>
  Object.fromEntries(
    Object.entries(cell).map(([name, value]) => [
      name,
      value === '' ? null : typeof value === 'boolean' ? (value ? 'yes' : 'no') : value,
    ]),
  ),
);

describe('a report as data', () => {
  it('reads back equal from Arrow', () => {
    const table = tableFromIPC(reproductionArrow(tables));
    expect(table.toArray()).toEqual(expected);
    expect(table.schema.fields.map((f) => f.name)).toEqual(Object.keys(cells[0]));
  });

  it('reads back equal from CSV', async () => {
    const text = await reproductionCsv(tables);
    expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true);
    expect(fromCSV(text).objects()).toEqual(expected);
    // A reader that guesses types makes booleans of these words, and then the two files differ.
    expect(text).not.toMatch(/(^|,)(true|false)(,|$)/m);
  });
});

describe('a report to look at', () => {
  it('marks each look in the terminal, with its reason once', () => {
    const text = reproductionText(tables);
    expect(text).toMatch(/^same +published +0\.4300 +0\.4000$/m);
    expect(text).toMatch(/^ +computed +0\.4330 = +0\.4543 ≠$/m);
    expect(text).toMatch(/0\.4330 ≈/);
    expect(text.match(/no labels of it/g)).toHaveLength(1);
    expect(text).toContain('unavailable: no labels of it (2 cells)');
    expect(text).toContain('tolerance ±0.005: read from a figure');
  });

  it('never reads text as HTML', () => {
    const html = reproductionHtml(tables);
    expect(html).toContain('what &lt;b&gt;becomes&lt;/b&gt; of cells_&amp;_rows');
    expect(html).toContain('a,b &quot;c&quot;');
    expect(html).not.toMatch(/<b>becomes|<script/);
    expect(reproductionPage(tables)).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  });

  it('escapes what LaTeX would read, and keeps every row as wide as the head', () => {
    const tex = reproductionLatex(tables);
    expect(tex).toContain('of cells\\_\\&\\_rows, 100 \\%');
    expect(tex).toContain('$<$b$>$becomes');
    const rows = tex.split('\n').filter((line) => line.endsWith('\\\\'));
    expect(rows).toHaveLength(1 + 2 * smallTable.rows.length);
    for (const row of rows) expect(row.match(/(?<!\\)&/g), row).toHaveLength(3);
    expect(tex.match(/\\begin\{/g)).toHaveLength(tex.match(/\\end\{/g)?.length ?? -1);
  });
});
