import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { ParseError } from '../core/base/errors.js';
import { writeAtomically } from '../data/atomic-write.js';
import { progressBar } from '../notebook/progress-bar.js';
import type { Bench, BenchRow } from './bench-contract.js';
import { curvesHtml } from './bench-figures.js';
import { benchTable, withTable } from './bench-table.js';
import { wholeNumber } from './streams.js';

/** What stands in the README's table, in its order. */
const TABLE = ['forest', 'boosting', 'shap', 'metrics', 'graf', 'gemm', 'memory'];

const folder = new URL('../../bench/', import.meta.url);

export function benchCommand(): Command {
  return new Command('bench')
    .summary('measure speeds, beside the peer where one is installed')
    .argument('[names...]', `of ${names().join(', ')}; all unless said`)
    .option('--peer', 'also run the Python peers (NASCOPE_PEER_PYTHON names interpreters that have them, as in PATH)')
    .option(
      '--nets <n>',
      'networks that proxies compares with the published table (100 take four minutes on two idle cores)',
      wholeNumber('--nets', 2),
    )
    .option('--json', 'one JSON object a line and task')
    .option('--html <file>', 'also draw the curves of benchmarks that have some (scaling), as one HTML page')
    .option(
      '--table [file]',
      `a brief run as a Markdown table: of ${TABLE.join(', ')} unless named; into the file's place for it`,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  npx nascope bench graf forest\n  npx nascope bench scaling --peer --html scaling.html\n  npx nascope bench --peer --table README.md\n  npx nascope bench proxies --nets 100',
    )
    .action(run);
}

interface BenchArguments {
  readonly peer?: boolean;
  readonly nets?: number;
  readonly json?: boolean;
  readonly html?: string;
  readonly table?: string | true;
}

async function run(named: readonly string[], options: BenchArguments): Promise<void> {
  const known = names();
  for (const name of named) {
    if (!known.includes(name)) throw new ParseError({ what: 'bench', text: name, at: 0, expected: `one of ${known.join(', ')}` });
  }
  // Before hours of work: whether there is a place for what they give.
  if (typeof options.table === 'string') withTable(options.table, readText(options.table), '');
  const chosen = named.length > 0 ? named : options.table === undefined ? known : TABLE;
  const atStart = loadavg()[0];
  if (!options.json) process.stdout.write(`Node ${process.versions.node}, ${process.platform} ${process.arch}, load ${load()}\n`);
  const measured: BenchRow[] = [];
  for (const name of chosen) {
    const bench = (await import(new URL(`${name}.js`, folder).href)) as Bench;
    const bar = progressBar(name);
    const rows = await bench.run({
      peer: options.peer === true,
      brief: options.table !== undefined,
      onProgress: bar.update,
      ...(options.nets === undefined ? {} : { nets: options.nets }),
    });
    bar.end();
    measured.push(...rows);
    if (options.json)
      for (const row of rows) process.stdout.write(`${JSON.stringify({ bench: name, load: loadavg(), ...row })}\n`);
    else process.stdout.write(`\n${name}: ${bench.says} (load ${load()})\n${rows.map(line).join('')}`);
  }
  if (options.table !== undefined) {
    const table = benchTable(measured, { loads: [atStart, loadavg()[0]], date: new Date().toISOString().slice(0, 10) });
    if (options.table === true) process.stdout.write(`\n${table}`);
    else await writeAtomically(options.table, withTable(options.table, readText(options.table), table));
  }
  if (options.html === undefined) return;
  const heading = `# Time by size\n\nNode ${process.versions.node}, ${process.platform} ${process.arch}, load ${load()} at the end.`;
  await writeAtomically(options.html, await curvesHtml(heading, measured));
}

function readText(path: string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  throw new ParseError({ what: '--table', text: path, at: 0, expected: 'a file that can be read' });
}

function line(row: BenchRow): string {
  const ours = `${row.ours_ms.toPrecision(3)} ms`.padStart(12);
  const rate = `${Math.round(row.unit_per_s.value).toLocaleString('en')} ${row.unit_per_s.unit}`.padStart(22);
  const ratio = row.ratio === null ? '' : `  ${row.ratio.toPrecision(3)}x ${row.peer ?? ''}`;
  return `${ours} ${rate}  ${row.task}${ratio}${row.note === '' ? '' : `\n${' '.repeat(38)}${row.note}`}\n`;
}

/** The files that keep the contract; the others beside them are their helpers. */
function names(): string[] {
  const isBench = (file: string): boolean => /^export const says\b/m.test(readFileSync(new URL(file, folder), 'utf8'));
  return readdirSync(fileURLToPath(folder))
    .filter((file) => file.endsWith('.js') && isBench(file))
    .map((file) => file.slice(0, -3))
    .sort();
}

function load(): string {
  return loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
}
