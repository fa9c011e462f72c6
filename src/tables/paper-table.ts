import type { CitationId } from './citations.js';
import type { Experiment } from './experiment.js';

/** A published number; quartiles where the source gives them. */
export type PublishedValue = number | readonly [value: number, q1: number, q3: number];

/** How far a computed number may lie from the published one to count as the same, and why that far. */
export interface Tolerance {
  readonly abs: number;
  readonly because: string;
}

/** How the numbers of an experiment's seeds become a cell; `only` where there is but one. */
export type Summary = 'median' | 'mean' | 'only';

/** A cell that we compute: on the paper's own population, or on something that stands in for it. */
export interface ComputedCell {
  readonly look: 'same population' | 'stand-in';
  /** What stands in for what; '' for the same population. */
  readonly note: string;
  readonly experiment: Experiment;
  /** Which of the experiment's numbers it shows. */
  readonly value: string;
  readonly summary: Summary;
  readonly tolerance: Tolerance;
}

/** A cell that cannot be computed here, and why. */
export interface UnavailableCell {
  readonly look: 'unavailable';
  readonly note: string;
}

export type CellSource = ComputedCell | UnavailableCell;

/** A table of a paper: theirs as data, ours as the experiments that fill the same cells. */
export interface PaperTable {
  readonly kind: 'paper-table';
  readonly id: string;
  /** One line: what is in the cells. */
  readonly says: string;
  readonly cites: readonly CitationId[];
  /** Where the published numbers were copied from; of a table without any, why there are none. */
  readonly where: string;
  readonly rowsAre: string;
  readonly rows: readonly string[];
  readonly columnsAre: string;
  readonly columns: readonly string[];
  /** By row, one a column; null where the source has no number. Rows without an entry have none at all. */
  readonly published: Readonly<Record<string, readonly (PublishedValue | null)[]>>;
  /** Takes so long that it only runs when named. */
  readonly costly: boolean;
  /** All cells are of one quantity, so that their order can be compared with the published one. */
  readonly oneQuantity: boolean;
  cell(row: string, column: string): CellSource;
}

/** A table's definition, as its file writes it. */
export type TableDefinition = Omit<PaperTable, 'kind' | 'costly' | 'oneQuantity'> &
  Partial<Pick<PaperTable, 'costly' | 'oneQuantity'>>;

export function defineTable(definition: TableDefinition): PaperTable {
  return { kind: 'paper-table', costly: false, oneQuantity: true, ...definition };
}

export function unavailable(because: string): UnavailableCell {
  return { look: 'unavailable', note: because };
}

/** A cell on the paper's own population. */
export function computed(
  experiment: Experiment,
  value: string,
  options: { readonly summary: Summary; readonly tolerance: Tolerance },
): ComputedCell {
  return { look: 'same population', note: '', experiment, value, ...options };
}

/** Whether a source of the paper shows any of its numbers. */
export function isPublished({ published }: PaperTable): boolean {
  return Object.keys(published).length > 0;
}

/** One line: where the published numbers are from, or why there are none. */
export function sourceOf(table: PaperTable): string {
  return isPublished(table) ? `published: ${table.where}` : table.where;
}

/** The published number of a cell; null where there is none. */
export function publishedOf(table: PaperTable, row: string, column: string): PublishedValue | null {
  return table.published[row]?.[table.columns.indexOf(column)] ?? null;
}
