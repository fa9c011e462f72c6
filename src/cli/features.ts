import { Command } from 'commander';
import { ParseError } from '../core/base/errors.js';
import { type FamilyId, families, features } from '../core/features/index.js';
import { oneOf } from './streams.js';
import { writeTableCsv } from './table-csv.js';

const familyIds = Object.keys(families) as FamilyId[];

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
    .option('--families <list>', `comma-separated, of ${familyIds.join(', ')}`, readFamilies)
    .option('--in <file>', 'architectures, one a line; - is standard input', '-')
    .option('--out <file>', 'CSV; - is standard output', '-')
    .addHelpText('after', "\nExample:\n  echo '(4, 0, 3, 1, 4, 3)' | npx nascope features --space nasbench201")
    .action(async (options: FeatureArguments) => {
      await writeTableCsv(options, (graphs) =>
        features(graphs, options.families, { version: options.version, config: options.config }),
      );
    });
}

interface FeatureArguments {
  readonly space: string;
  readonly version: 'icml24' | 'main';
  readonly config: 'full' | 'short';
  readonly families?: readonly FamilyId[];
  readonly in: string;
  readonly out: string;
}

function readFamilies(text: string): FamilyId[] {
  let at = 0;
  return text.split(',').map((part) => {
    const id = familyIds.find((known) => known === part.trim());
    if (id === undefined) throw new ParseError({ what: '--families', text, at, expected: `one of ${familyIds.join(', ')}` });
    at += part.length + 1;
    return id;
  });
}
