import { join } from 'node:path';
import { Command } from 'commander';
import { DataError, ParseError } from '../core/base/errors.js';
import { progressBar } from '../notebook/progress-bar.js';
import { parallelEvaluator } from '../parallel/evaluation.js';
import { type WorkerPool, workerPool } from '../parallel/pool.js';
import {
  chosenTables,
  FEW_SEEDS,
  mergeShards,
  paperTables,
  parseShard,
  REPORT_FORMATS,
  type ReportFormat,
  type Reproduction,
  reproduce,
  reproduction,
  runUnits,
  type Shard,
  writeReport,
} from '../tables/index.js';
import { isPublished, publishedOf, sourceOf } from '../tables/paper-table.js';
import { interruptible } from './interrupt.js';
import { requireReadable, wholeNumber } from './streams.js';

export function reproduceCommand(): Command {
  return new Command('reproduce')
    .summary("papers' tables: published numbers beside computed ones")
    .description(
      'Computes the cells of published tables and sets them beside the published numbers, with difference, tolerance and verdict. ' +
        'A run that was stopped goes on where it was; shards of one plan merge when all are there.',
    )
    .argument('[tables...]', 'ids as --list shows them; all but the costly ones unless said')
    .option('--list', 'the tables that there are')
    .option('--seeds <n>', `seeds of each cell, or all for as many as were published`, readSeeds, FEW_SEEDS)
    .option('--rows <text>', 'only rows whose name holds this', '')
    .option('--shard <i/n>', 'do the i-th of n parts', parseShard)
    .option('--merge <folders...>', 'report the shards in these folders instead of computing')
    .option('--jobs <n>', 'splits worked on side by side (one a core unless said)', wholeNumber('--jobs', 1))
    .option('--out <folder>', 'where results and reports go', join('out', 'reproduce'))
    .option('--format <list>', `reports to write: ${REPORT_FORMATS.join(', ')}, joined by commas`, readFormats, [])
    .option('--json', 'one JSON object a line and cell, then the summary')
    .addHelpText(
      'after',
      "\nExamples:\n  npx nascope reproduce graf-tnb-micro --rows 'class_scene 32' --seeds all\n" +
        '  npx nascope reproduce --shard 2/8 --seeds all --out parts && npx nascope reproduce --merge parts --format csv,html',
    )
    .action((tables: string[], options: ReproduceArguments) => interruptible((signal) => run(tables, options, signal)));
}

interface ReproduceArguments {
  readonly list?: boolean;
  readonly seeds: number | 'all';
  readonly rows: string;
  readonly shard?: Shard;
  readonly merge?: readonly string[];
  readonly jobs?: number;
  readonly out: string;
  readonly format: readonly ReportFormat[];
  readonly json?: boolean;
}

async function run(ids: readonly string[], options: ReproduceArguments, signal: AbortSignal): Promise<void> {
  if (options.list) return list(options.json === true);
  if (options.merge) {
    requireReadable('--merge', options.merge);
    return report(await merged(options.merge), options);
  }
  chosenTables(ids, options.rows);
  const pool = workerPool(options.jobs === undefined ? {} : { size: options.jobs });
  try {
    const made = await compute(ids, options, pool, signal);
    if (made !== null) await report(made, options);
  } finally {
    // Threads that are in the middle of a forest would keep an interrupted run alive.
    await pool.close();
  }
}

/** null for a shard whose siblings are not all there yet. */
async function compute(
  ids: readonly string[],
  options: ReproduceArguments,
  pool: WorkerPool,
  signal: AbortSignal,
): Promise<Reproduction | null> {
  const { seeds, rows, out, shard } = options;
  const bar = progressBar('reproduce');
  const work = { signal, onProgress: bar.update, rows, out, evaluate: parallelEvaluator(pool), jobs: pool.size };
  try {
    if (shard === undefined) return await reproduce(ids, { ...work, seeds });
    await runUnits(chosenTables(ids, rows), { ...work, seeds: seeds === 'all' ? null : seeds, shard });
  } finally {
    bar.end();
  }
  try {
    return await merged([out]);
  } catch (error) {
    // Siblings are still at work, here or in other folders.
    if (!(error instanceof DataError)) throw error;
    const merge = `npx nascope reproduce --merge ${out}`;
    process.stdout.write(
      `Shard ${shard.index}/${shard.of} is done, not merged yet (${error.message})\nWhen all are done: ${merge}\n`,
    );
    return null;
  }
}

async function merged(folders: readonly string[]): Promise<Reproduction> {
  const { header, lines } = await mergeShards(folders);
  return reproduction(chosenTables(header.tables, header.rows), lines, { ...header, seeds: header.seeds ?? 'all' });
}

async function report(made: Reproduction, { out, format, json }: ReproduceArguments): Promise<void> {
  const written = await writeReport(made, out, format);
  if (json) {
    for (const cell of made.cells) process.stdout.write(`${JSON.stringify(cell)}\n`);
    process.stdout.write(`${JSON.stringify({ summary: { headline: made.headline, ...made.manifest, written } })}\n`);
    return;
  }
  process.stdout.write(`${made.text}\n${written.map((path) => `wrote ${path}\n`).join('')}`);
}

function list(json: boolean): void {
  for (const table of paperTables) {
    const { id, says, where, rows, columns, costly } = table;
    const places = rows.flatMap((row) => columns.map((column) => ({ row, column })));
    const published = places.filter(({ row, column }) => publishedOf(table, row, column) !== null).length;
    const unavailable = places.filter(({ row, column }) => table.cell(row, column).look === 'unavailable').length;
    const counts = { cells: places.length, published, unavailable };
    if (json) {
      process.stdout.write(`${JSON.stringify({ id, says, source: isPublished(table) ? where : null, ...counts, costly })}\n`);
      continue;
    }
    const notes = [
      `${counts.cells} cells`,
      isPublished(table) ? `${published} published` : '',
      unavailable > 0 ? `${unavailable} unavailable` : '',
      costly ? 'costly: runs only when named' : '',
    ];
    process.stdout.write(`${id}\n  ${says}\n  ${notes.filter((note) => note !== '').join(', ')}\n  ${sourceOf(table)}\n`);
  }
}

function readSeeds(text: string): number | 'all' {
  return text === 'all' ? 'all' : wholeNumber('--seeds', 1)(text);
}

function readFormats(text: string): ReportFormat[] {
  return text.split(',').map((part) => {
    const found = REPORT_FORMATS.find((format) => format === part.trim());
    if (found) return found;
    throw new ParseError({ what: '--format', text, at: 0, expected: `some of ${REPORT_FORMATS.join(', ')}, joined by commas` });
  });
}
