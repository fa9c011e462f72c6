import { join } from 'node:path';
import { ParseError } from '../core/base/errors.js';
import type { WorkOptions } from '../core/base/progress.js';
import type { Evaluator } from '../core/models/evaluate-job.js';
import { writeAtomically } from '../data/atomic-write.js';
import { codeVersion } from '../data/code-version.js';
import { reproductionArrow, reproductionCsv } from './as-data.js';
import { reproductionHtml, reproductionPage } from './as-html.js';
import { reproductionLatex } from './as-latex.js';
import { reproductionText } from './as-text.js';
import { bibtexOf, type CitationId } from './citations.js';
import type { PaperTable } from './paper-table.js';
import { tablesNamed } from './registry.js';
import { type CellReport, headline, reportTables, type TableReport } from './report.js';
import type { ResultLine } from './results-file.js';
import { runUnits, tablesWithRows } from './run.js';

export interface ReproduceOptions extends WorkOptions {
  /** Seeds of each cell, the first of the paper's own; `all` (the default is 5) for as many as the published numbers have. */
  readonly seeds?: number | 'all';
  /** Only rows whose name holds this. */
  readonly rows?: string;
  /** A folder for the results, with which a stopped run goes on. */
  readonly out?: string;
  /** Who evaluates (this thread unless said), and on how many splits at a time. */
  readonly evaluate?: Evaluator;
  readonly jobs?: number;
  /** Fetch benchmarks that are not here. */
  readonly pull?: boolean;
}

/** Few enough to see within minutes where the numbers go. */
export const FEW_SEEDS = 5;

/** Published beside computed: shown as tables in a notebook, as text in a terminal; `cells` is a table of its own. */
export interface Reproduction {
  readonly kind: 'html-view';
  readonly html: string;
  readonly text: string;
  /** "12 of 46 published cells reproduced, …". */
  readonly headline: string;
  readonly cells: readonly CellReport[];
  readonly tables: readonly TableReport[];
  readonly manifest: ReproductionManifest;
  /** BibTeX of what the tables stand on. */
  readonly bibtex: string;
}

/** What the numbers were made with. */
export interface ReproductionManifest {
  readonly code: string;
  readonly node: string;
  readonly tables: readonly string[];
  readonly rows: string;
  readonly seeds: number | 'all';
  readonly results: number;
  /** Time spent in all results together. */
  readonly seconds: number;
  /** Hashes of the benchmarks, by experiment. */
  readonly data: Readonly<Record<string, string>>;
}

/**
 * Computes tables of papers and sets them beside the published numbers.
 * @param ids of `paperTables`; all but the costly ones where none is named.
 * @throws ParseError for an unknown table, DataError when data are not here.
 */
export async function reproduce(ids: readonly string[] = [], options: ReproduceOptions = {}): Promise<Reproduction> {
  const seeds = options.seeds ?? FEW_SEEDS;
  const rows = options.rows ?? '';
  const tables = chosenTables(ids, rows);
  const lines = await runUnits(tables, {
    ...options,
    seeds: seeds === 'all' ? null : seeds,
    rows,
    shard: null,
    out: options.out ?? null,
    jobs: options.jobs ?? 1,
  });
  return reproduction(tables, lines, { rows, seeds, code: codeVersion() });
}

/** @throws ParseError when no such table, or no such row in them. */
export function chosenTables(ids: readonly string[], rows: string): PaperTable[] {
  const tables = tablesWithRows(tablesNamed(ids), rows);
  if (tables.length > 0) return tables;
  throw new ParseError({ what: 'rows', text: rows, at: 0, expected: 'a part of a row’s name in the tables chosen' });
}

/** A report of results that are already there. */
export function reproduction(
  tables: readonly PaperTable[],
  lines: readonly ResultLine[],
  of: { readonly rows: string; readonly seeds: number | 'all'; readonly code: string },
): Reproduction {
  const reports = reportTables(tables, lines, of.seeds === 'all' ? null : of.seeds);
  const cites = tables.flatMap((table): readonly CitationId[] => table.cites);
  return {
    kind: 'html-view',
    get html() {
      return reproductionHtml(reports);
    },
    get text() {
      return reproductionText(reports);
    },
    headline: headline(reports),
    cells: reports.flatMap((report) => report.cells),
    tables: reports,
    manifest: {
      code: of.code,
      node: process.versions.node,
      tables: tables.map((table) => table.id),
      rows: of.rows,
      seeds: of.seeds,
      results: lines.length,
      seconds: Number(lines.reduce((sum, line) => sum + line.seconds, 0).toFixed(1)),
      data: Object.fromEntries(lines.map((line) => [line.experiment, line.data])),
    },
    bibtex: bibtexOf(cites),
  };
}

export type ReportFormat = 'csv' | 'arrow' | 'latex' | 'html';
export const REPORT_FORMATS: readonly ReportFormat[] = ['csv', 'arrow', 'latex', 'html'];

/** Writes a report into a folder, each file whole or not at all: the formats asked for, and `manifest.json`. @returns their paths. */
export async function writeReport(made: Reproduction, folder: string, formats: readonly ReportFormat[]): Promise<string[]> {
  const written: string[] = [];
  const write = async (name: string, content: string | Uint8Array): Promise<void> => {
    const path = join(folder, name);
    await writeAtomically(path, content);
    written.push(path);
  };
  if (formats.includes('csv')) await write('cells.csv', await reproductionCsv(made.tables));
  if (formats.includes('arrow')) await write('cells.arrow', reproductionArrow(made.tables));
  if (formats.includes('latex')) await write('tables.tex', reproductionLatex(made.tables));
  if (formats.includes('html')) await write('tables.html', reproductionPage(made.tables));
  await write('manifest.json', `${JSON.stringify({ headline: made.headline, ...made.manifest }, null, 2)}\n`);
  return written;
}
