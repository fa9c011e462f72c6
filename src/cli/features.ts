import { Command } from 'commander';
import { type FamilyId, families, features } from '../core/features/index.js';
import { oneOf } from './streams.js';
import { writeTableCsv } from './table-csv.js';

export function featuresCommand(): Command {
  return new Command('features')
    .summary('GRAF features of architectures, as CSV')
    .description(
      'Reads one architecture a line, in any upstream encoding of its space, and writes CSV: the net as given, then its ' +
        'GRAF features in the names and order of the reference implementation.',
    )
    .requiredOption('--space <id>', 'search space (npx nascope spaces lists them)')
    .option(
      '--version <version>',
      'icml24 (the published numbers) or main',
      oneOf('--version', ['icml24', 'main'] as const),
      'icml24',
    )
    .option(
      '--config <config>',
      'full, or short (node degrees of single operations only)',
      oneOf('--config', ['full', 'short'] as const),
      'full',
    )
    .option('--families <list>', `comma-separated, of ${Object.keys(families).join(', ')}`)
    .option('--in <file>', 'architectures, one a line; - is standard input', '-')
    .option('--out <file>', 'CSV; - is standard output', '-')
    .addHelpText('after', "\nExample:\n  echo '(4, 0, 3, 1, 4, 3)' | npx nascope features --space nasbench201")
    .action(async (options: FeatureArguments) => {
      const chosen = options.families?.split(',').map((f) => f.trim() as FamilyId);
      await writeTableCsv(options, (graphs) => features(graphs, chosen, { version: options.version, config: options.config }));
    });
}

interface FeatureArguments {
  readonly space: string;
  readonly version: 'icml24' | 'main';
  readonly config: 'full' | 'short';
  readonly families?: string;
  readonly in: string;
  readonly out: string;
}
