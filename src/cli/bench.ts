import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { ParseError } from '../core/base/errors.js';
import { writeAtomically } from '../data/atomic-write.js';
import { progressBar } from '../notebook/progress-bar.js';
import type { Bench, BenchRow } from './bench-contract.js';
import { curvesHtml } from './bench-figures.js';
import { wholeNumber } from './streams.js';

const folder = new URL('../../bench/', import.meta.url);

export function benchCommand(): Command {
  return new Command('bench')
    .summary('measure speeds, beside the peer where one is installed')
    .argument('[names...]', `of ${names().join(', ')}; all unless said`)
    .option('--peer', 'also run the Python peers (NASCOPE_PEER_PYTHON names an interpreter that has them)')
    .option(
      '--nets <n>',
      'networks that proxies compares with the published table (100 take 20 minutes)',
      wholeNumber('--nets', 2),
    )
    .option('--json', 'one JSON object a line and task')
    .option('--html <file>', 'also draw the curves of benchmarks that have some (scaling), as one HTML page')
    .addHelpText(
      'after',
      '\nExamples:\n  npx nascope bench graf forest\n  npx nascope bench scaling --html scaling.html\n  npx nascope bench proxies --nets 100',
    )
    .action(run);
}

async function run(
  chosen: readonly string[],
  options: { peer?: boolean; nets?: number; json?: boolean; html?: string },
): Promise<void> {
  const known = names();
  for (const name of chosen) {
    if (!known.includes(name)) throw new ParseError({ what: 'bench', text: name, at: 0, expected: `one of ${known.join(', ')}` });
  }
  if (!options.json) process.stdout.write(`Node ${process.versions.node}, ${process.platform} ${process.arch}, load ${load()}\n`);
  const measured: BenchRow[] = [];
  for (const name of chosen.length === 0 ? known : chosen) {
    const bench = (await import(new URL(`${name}.js`, folder).href)) as Bench;
    const bar = progressBar(name);
    const rows = await bench.run({
      peer: options.peer === true,
      onProgress: bar.update,
      ...(options.nets === undefined ? {} : { nets: options.nets }),
    });
    bar.end();
    measured.push(...rows);
    if (options.json)
      for (const row of rows) process.stdout.write(`${JSON.stringify({ bench: name, load: loadavg(), ...row })}\n`);
    else process.stdout.write(`\n${name}: ${bench.says} (load ${load()})\n${rows.map(line).join('')}`);
  }
  if (options.html === undefined) return;
  const heading = `# Time by size\n\nNode ${process.versions.node}, ${process.platform} ${process.arch}, load ${load()} at the end.`;
  await writeAtomically(options.html, await curvesHtml(heading, measured));
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
