import { Command } from 'commander';
import { ParseError } from '../core/base/errors.js';
import type { FeatureTable } from '../core/base/table.js';
import { type FamilyId, families, features } from '../core/features/index.js';
import type { CellGraph } from '../core/ir/cell-graph.js';
import { spaceNamed } from '../core/spaces/index.js';
import { csvCell } from '../data/csv-cell.js';
import { oneOf, writePieces } from './streams.js';
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
    .option('--columns', 'write what each column means (CSV name,says,family,unit) and read no architectures')
    .option('--in <file>', 'architectures, one a line; - is standard input', '-')
    .option('--out <file>', 'CSV; - is standard output', '-')
    .addHelpText(
      'after',
      "\nExamples:\n  echo '(4, 0, 3, 1, 4, 3)' | npx nascope features --space nasbench201" +
        '\n  npx nascope features --space nasbench201 --families min_path_len --columns',
    )
    .action(async (options: FeatureArguments) => {
      if (options.columns) await writePieces(options.out, meanings(options));
      else await writeTableCsv(options, (graphs) => table(options, graphs));
    });
}

function table({ families, version, config }: FeatureArguments, graphs: readonly CellGraph[]): FeatureTable {
  return features(graphs, families, { version, config });
}

/** The columns depend on the space alone: any architecture of it tells them. */
async function* meanings(options: FeatureArguments): AsyncGenerator<string> {
  const space = spaceNamed(options.space);
  const { columns } = table(options, [space.toGraph(space.parse(space.encodings[0].example))]);
  yield 'name,says,family,unit\n';
  for (const { name, says, family, unit } of columns) yield `${[name, says, family, unit].map(csvCell).join(',')}\n`;
}

interface FeatureArguments {
  readonly space: string;
  readonly version: 'icml24' | 'main';
  readonly config: 'full' | 'short';
  readonly families?: readonly FamilyId[];
  readonly columns?: boolean;
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
