import { quantile } from '../core/metrics/quantile.js';
import { spearman } from '../core/metrics/spearman.js';
import { type ComputedCell, type PaperTable, publishedOf } from './paper-table.js';
import type { ResultLine } from './results-file.js';

/**
 * `reproduced` and `not reproduced` need the paper's own population and all its seeds; `preliminary` has fewer seeds, and a
 * `stand-in` another population, wherever they land.
 */
export type Verdict = 'reproduced' | 'not reproduced' | 'preliminary' | 'stand-in' | 'unpublished' | 'unavailable';

/** One cell, published beside computed: a flat row. null where there is no such number. */
export interface CellReport {
  readonly table: string;
  readonly row: string;
  readonly column: string;
  readonly look: 'same population' | 'stand-in' | 'unavailable';
  readonly published: number | null;
  readonly published_q1: number | null;
  readonly published_q3: number | null;
  readonly computed: number | null;
  readonly computed_q1: number | null;
  readonly computed_q3: number | null;
  readonly difference: number | null;
  readonly tolerance: number | null;
  readonly because: string;
  /** Whether the difference is at most the tolerance. */
  readonly within: boolean | null;
  readonly verdict: Verdict;
  readonly seeds: number;
  readonly paper_seeds: number;
  readonly note: string;
  readonly experiment: string;
  readonly data: string;
}

export interface TableReport {
  readonly table: PaperTable;
  readonly cells: readonly CellReport[];
  /** How well the computed cells keep the published ones' order (Spearman); null below three. */
  readonly agreement: number | null;
}

/** Tables with their cells filled from results. @param lines results of at least the units that were planned. */
export function reportTables(tables: readonly PaperTable[], lines: readonly ResultLine[], seeds: number | null): TableReport[] {
  const found = new Map(lines.map((line) => [`${line.experiment} ${line.seed}`, line]));
  return tables.map((table) => {
    const cells = table.rows.flatMap((row) => table.columns.map((column) => reportCell(table, row, column, found, seeds)));
    return { table, cells, agreement: table.oneQuantity ? agreementOf(cells) : null };
  });
}

/** "12 of 46 published cells reproduced", and what became of the others. */
export function headline(tables: readonly TableReport[]): string {
  const cells = tables.flatMap((t) => t.cells);
  const published = cells.filter((cell) => cell.published !== null);
  const count = (verdict: Verdict): number => published.filter((cell) => cell.verdict === verdict).length;
  const within = (verdict: Verdict): number => published.filter((cell) => cell.verdict === verdict && cell.within).length;
  const parts = [
    `${count('reproduced')} of ${published.length} published cells reproduced`,
    count('not reproduced') > 0 ? `${count('not reproduced')} not reproduced` : '',
    count('preliminary') > 0
      ? `${count('preliminary')} preliminary (fewer seeds than published; ${within('preliminary')} within tolerance so far)`
      : '',
    count('stand-in') > 0 ? `${count('stand-in')} on stand-ins (${within('stand-in')} within tolerance)` : '',
    count('unavailable') > 0 ? `${count('unavailable')} unavailable` : '',
  ];
  const unpublished = cells.filter((cell) => cell.verdict === 'unpublished').length;
  const more = unpublished > 0 ? `; ${unpublished} more computed that no source shows` : '';
  return `${parts.filter((part) => part !== '').join(', ')}${more}`;
}

function reportCell(
  table: PaperTable,
  row: string,
  column: string,
  found: ReadonlyMap<string, ResultLine>,
  seeds: number | null,
): CellReport {
  const theirs = publishedOf(table, row, column);
  const [published, q1, q3] = typeof theirs === 'object' && theirs !== null ? theirs : [theirs, null, null];
  const cell = table.cell(row, column);
  const shared = {
    table: table.id,
    row,
    column,
    look: cell.look,
    note: cell.note,
    published,
    published_q1: q1,
    published_q3: q3,
  };
  if (cell.look === 'unavailable') return { ...shared, ...NOTHING };

  const used = cell.experiment.seeds.slice(0, seeds ?? undefined).map((seed) => found.get(`${cell.experiment.id} ${seed}`));
  const values = used.map((line) => line?.values[cell.value] ?? Number.NaN).filter((v) => !Number.isNaN(v));
  const ours = summarise(values, cell);
  const difference = ours.computed === null || published === null ? null : ours.computed - published;
  const within = published === null ? null : difference !== null && Math.abs(difference) <= cell.tolerance.abs;
  return {
    ...shared,
    ...ours,
    difference,
    tolerance: cell.tolerance.abs,
    because: cell.tolerance.because,
    within,
    verdict: verdictOf(cell, within, values.length),
    seeds: values.length,
    paper_seeds: cell.experiment.seeds.length,
    experiment: cell.experiment.id,
    data: used[0]?.data ?? '',
  };
}

function verdictOf(cell: ComputedCell, within: boolean | null, seeds: number): Verdict {
  if (within === null) return 'unpublished';
  if (cell.look === 'stand-in') return 'stand-in';
  if (seeds < cell.experiment.seeds.length) return 'preliminary';
  return within ? 'reproduced' : 'not reproduced';
}

const NOTHING = {
  computed: null,
  computed_q1: null,
  computed_q3: null,
  difference: null,
  tolerance: null,
  because: '',
  within: null,
  verdict: 'unavailable',
  seeds: 0,
  paper_seeds: 0,
  experiment: '',
  data: '',
} as const;

function summarise(
  values: readonly number[],
  { summary }: ComputedCell,
): Pick<CellReport, 'computed' | 'computed_q1' | 'computed_q3'> {
  if (values.length === 0) return { computed: null, computed_q1: null, computed_q3: null };
  const sorted = Float64Array.from(values).sort();
  const quartiles = { computed_q1: quantile(sorted, 0.25), computed_q3: quantile(sorted, 0.75) };
  switch (summary) {
    case 'median':
      return { computed: quantile(sorted, 0.5), ...quartiles };
    case 'mean':
      return { computed: values.reduce((a, b) => a + b, 0) / values.length, ...quartiles };
    case 'only':
      return { computed: values[0], computed_q1: null, computed_q3: null };
  }
}

function agreementOf(cells: readonly CellReport[]): number | null {
  const both = cells.filter((cell) => cell.published !== null && cell.computed !== null);
  if (both.length < 3) return null;
  const rho = spearman(
    both.map((cell) => cell.computed as number),
    both.map((cell) => cell.published as number),
  );
  return Number.isNaN(rho) ? null : rho;
}
