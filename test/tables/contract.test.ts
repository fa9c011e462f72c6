import { describe, expect, it } from 'vitest';
import { bibtexOf } from '../../src/tables/citations.js';
import { type PaperTable, publishedOf, sourceOf } from '../../src/tables/paper-table.js';
import { experimentsOf, planUnits } from '../../src/tables/plan.js';
import { paperTables, tablesNamed } from '../../src/tables/registry.js';

it('tables have ids of their own, and names that are not there are refused with those that are', () => {
  const ids = paperTables.map((table) => table.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(() => tablesNamed(['graf-nb201'])).toThrow(/graf-nb201-c10-1024/);
  expect(tablesNamed([]).some((table) => table.costly)).toBe(false);
});

/** What every table of the registry keeps. */
describe.each(paperTables.map((table) => [table.id, table] as const))('table %s', (_id, table: PaperTable) => {
  const cells = table.rows.flatMap((row) => table.columns.map((column) => ({ row, column, cell: table.cell(row, column) })));

  it('publishes numbers for rows and columns that it has, quartiles around their medians', () => {
    expect(new Set(table.rows).size).toBe(table.rows.length);
    expect(new Set(table.columns).size).toBe(table.columns.length);
    for (const [row, values] of Object.entries(table.published)) {
      expect(table.rows, row).toContain(row);
      expect(values, row).toHaveLength(table.columns.length);
    }
    for (const { row, column } of cells) {
      const value = publishedOf(table, row, column);
      if (value === null || typeof value === 'number') continue;
      expect(value[1], `${row} ${column}`).toBeLessThanOrEqual(value[0]);
      expect(value[2], `${row} ${column}`).toBeGreaterThanOrEqual(value[0]);
    }
    const some = cells.some(({ row, column }) => publishedOf(table, row, column) !== null);
    // A table of the paper that no source shows says so, and is computed all the same.
    expect(some).toBe(!sourceOf(table).startsWith('no published numbers at hand'));
    expect(sourceOf(table)).not.toMatch(/published: no /);
  });

  it('computes every cell or says why not, and gives each tolerance a reason', () => {
    for (const { row, column, cell } of cells) {
      const where = `${row} ${column}`;
      if (cell.look === 'unavailable') {
        expect(cell.note.length, where).toBeGreaterThan(10);
        continue;
      }
      expect(cell.tolerance.abs, where).toBeGreaterThan(0);
      expect(cell.tolerance.because.length, where).toBeGreaterThan(10);
      expect(cell.note === '', where).toBe(cell.look === 'same population');
      expect(cell.experiment.seeds.length, where).toBeGreaterThan(0);
      expect(cell.experiment.seeds.length === 1, where).toBe(cell.summary === 'only');
    }
  });

  it('says where its numbers come from and what to cite', () => {
    expect(table.where.length).toBeGreaterThan(20);
    expect(table.says.length).toBeGreaterThan(20);
    expect(bibtexOf(table.cites).match(/^@/gm)).toHaveLength(new Set(table.cites).size);
  });

  it('plans each experiment once, with the first seeds of a longer run in a shorter one', () => {
    const units = (seeds: number | null): string[] => planUnits([table], seeds).map((u) => `${u.experiment.id} ${u.seed}`);
    const all = new Set(units(null));
    expect(all.size).toBe(units(null).length);
    expect(units(2).filter((unit) => !all.has(unit))).toEqual([]);
    expect(units(1)).toHaveLength(experimentsOf([table]).length);
  });
});

it('cells that several tables share are computed once', () => {
  const [rerun, figure] = tablesNamed(['zc-combine-rerun', 'graf-nb201-c10-1024']);
  const alone = planUnits([figure], null).length;
  expect(alone).toBe(3 * 7 * 50);
  expect(planUnits([rerun, figure], null).length).toBe(planUnits([rerun], null).length + alone - 4 * 20);
});
