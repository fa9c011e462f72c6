import { join } from 'node:path';
import { Command } from 'commander';
import { type MicroFamilyId, microFamilies } from '../core/spaces/micro/index.js';
import type { LabelShard } from '../micro/label-plan.js';
import { proxyTable } from '../micro/proxies/table.js';
import { interruptible } from './interrupt.js';
import { readShard, seedList, tableOption } from './microbench-options.js';
import { progressReport } from './progress-report.js';
import { oneOf, wholeNumber } from './streams.js';

const FAMILIES = Object.keys(microFamilies) as MicroFamilyId[];

/** `nascope microbench proxies`. */
export function microbenchProxiesCommand(): Command {
  return new Command('proxies')
    .summary('zero-cost proxies of all architectures of the table')
    .description(
      'Computes all proxies of every architecture of a family and, when all are there, writes them next to its labels. A run ' +
        'that was stopped goes on where it was; several can share the work with --shard, and the last one writes the table.',
    )
    .requiredOption('--family <id>', FAMILIES.join(', '), oneOf('--family', FAMILIES))
    .option('--seeds <list>', 'of weights and batch, joined by commas', seedList('--seeds'), [1])
    .option('--batch <n>', 'scenes', wholeNumber('--batch', 2), 64)
    .option('--shard <i/n>', 'do the architectures of the i-th of n shards, from 0', readShard)
    .option('--workers <n>', 'threads; the values do not depend on it', wholeNumber('--workers', 0), 2)
    .addOption(tableOption())
    .option('--lines <folder>', 'where lines are kept until all are there', 'proxies')
    .addHelpText('after', '\nExample:\n  npx nascope microbench proxies --family E201 --table table')
    .action((options: Arguments) => interruptible((signal) => run(options, signal)));
}

interface Arguments {
  readonly family: MicroFamilyId;
  readonly seeds: readonly number[];
  readonly batch: number;
  readonly shard?: LabelShard;
  readonly workers: number;
  readonly table: string;
  readonly lines: string;
}

async function run(options: Arguments, signal: AbortSignal): Promise<void> {
  const bar = progressReport('proxies');
  try {
    const { done, total, file } = await proxyTable({ ...options, signal, onProgress: bar.update });
    bar.end();
    process.stdout.write(
      file === null
        ? `${done} of ${total} in ${options.lines}; run the other shards for the rest\n`
        : `wrote ${join(options.table, file.path)} (${file.rows} rows, ${(file.bytes / 1e3).toFixed(0)} KB)\n`,
    );
  } finally {
    bar.end();
  }
}
