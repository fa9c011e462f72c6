import { Command } from 'commander';
import { type MicroFamilyId, microFamilies } from '../core/spaces/micro/index.js';
import { LATENCY_BATCHES } from '../data/microbench-latency.js';
import { measureLatencies } from '../micro/latency.js';
import { interruptible } from './interrupt.js';
import { tableOption } from './microbench-options.js';
import { progressReport } from './progress-report.js';
import { oneOf } from './streams.js';

const FAMILIES = Object.keys(microFamilies) as MicroFamilyId[];

/** `nascope microbench latency`. */
export function microbenchLatencyCommand(): Command {
  return new Command('latency')
    .summary('measure how long a forward pass takes on this machine')
    .description(
      'Measures a forward pass of every architecture of a family, of one scene and of 32, as the least of 48, and writes a file ' +
        'of its own beside the labels that says on what it was measured. Let the machine be idle: a minute or two for a family.',
    )
    .requiredOption('--family <id>', FAMILIES.join(', '), oneOf('--family', FAMILIES))
    .addOption(tableOption())
    .addHelpText('after', '\nExample:\n  npx nascope microbench latency --family E201 --table table')
    .action((options: { readonly family: MicroFamilyId; readonly table: string }) =>
      interruptible(async (signal) => {
        const bar = progressReport('latency');
        try {
          const { path, count, cpu, agreement } = await measureLatencies({ ...options, signal, onProgress: bar.update });
          bar.end();
          const told = LATENCY_BATCHES.map(
            (batch, b) => `${agreement[b].toFixed(3)} (${batch === 1 ? '1 scene' : `${batch} scenes`})`,
          );
          process.stdout.write(`wrote ${path} (${count} architectures, on ${cpu})\n`);
          process.stdout.write(`Spearman correlation of two halves of the measurements: ${told.join(', ')}\n`);
        } finally {
          bar.end();
        }
      }),
    );
}
