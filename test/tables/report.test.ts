import { describe, expect, it, test } from 'vitest';
import { digits } from '../../src/tables/as-text.js';
import { headline, reportTables } from '../../src/tables/report.js';
import { reproduction } from '../../src/tables/reproduce.js';
import { smallLines, smallTable } from './small-table.js';

describe('a report', () => {
  const of = (seeds: number | null) => {
    const [report] = reportTables([smallTable], smallLines, seeds);
    const cell = (row: string, column = 'median') => {
      const found = report.cells.find((c) => c.row === row && c.column === column);
      if (!found) throw new Error(`no cell ${row}`);
      return found;
    };
    return { report, cell };
  };

  it('sets computed medians and quartiles beside published ones', () => {
    const { cell } = of(null);
    expect(cell('same')).toMatchObject({ published: 0.43, published_q1: 0.42, published_q3: 0.44, computed: 0.433, seeds: 3 });
    expect(cell('same').computed_q1).toBeCloseTo(0.4215, 12);
    expect(cell('same').computed_q3).toBeCloseTo(0.4765, 12);
    expect(cell('same').difference).toBeCloseTo(0.003, 12);
    expect(cell('same', 'a,b "c"').computed).toBeCloseTo((0.41 + 0.433 + 0.52) / 3, 12);
  });

  it('gives a verdict only where population and seeds are the published ones', () => {
    const { cell, report } = of(null);
    expect(cell('same')).toMatchObject({ verdict: 'reproduced', within: true });
    expect(cell('other')).toMatchObject({ verdict: 'not reproduced', within: false });
    expect(cell('stand-in')).toMatchObject({ verdict: 'stand-in', within: true, note: 'half of the nets' });
    expect(cell('not shown')).toMatchObject({ verdict: 'unpublished', within: null, computed: 0.433, difference: null });
    expect(cell('not here')).toMatchObject({ verdict: 'unavailable', computed: null, published: 0.7, note: 'no labels of it' });
    expect(headline([report])).toBe(
      '1 of 6 published cells reproduced, 2 not reproduced, 1 on stand-ins (1 within tolerance), 2 unavailable; 4 more computed that no source shows',
    );
  });

  it('calls fewer seeds preliminary, however well they agree', () => {
    const { cell, report } = of(2);
    expect(cell('same')).toMatchObject({ verdict: 'preliminary', seeds: 2, paper_seeds: 3 });
    expect(cell('same').computed).toBeCloseTo(0.4215, 12);
    expect(headline([report])).toMatch(/^0 of 6 .* 3 preliminary \(fewer seeds than published; 0 within tolerance so far\)/);
  });

  it('has no number, and no success, where no seed had one', () => {
    const undefinedLines = smallLines.map((line) => ({ ...line, values: { tau: null } }));
    const [{ cells }] = reportTables([smallTable], undefinedLines, null);
    expect(cells[0]).toMatchObject({ computed: null, difference: null, within: false, seeds: 0, verdict: 'preliminary' });
  });

  it('names what its numbers were made with and what to cite', () => {
    const made = reproduction([smallTable], smallLines, { rows: '', seeds: 'all', code: 'c' });
    expect(made.manifest).toMatchObject({ code: 'c', seeds: 'all', results: 12, seconds: 18, data: { 'e same': 'd' } });
    expect(made.bibtex).toMatch(/^@inproceedings\{kadlecova2024graf,/);
    expect(made.text).toContain(made.headline);
    expect(made.html).toContain('half of the nets');
  });
});

test('numbers show the digits that their tolerance speaks of', () => {
  expect(digits(0.84491, 0.005)).toBe('0.8449');
  expect(digits(-0.0012347, 1e-6)).toBe('−0.001235');
  expect(digits(18.675461, 3)).toBe('18.68');
  expect(digits(0.001997, null)).toBe('0.001997');
  expect(digits(null, 0.1)).toBe('');
});
