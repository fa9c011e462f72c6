import { Command } from 'commander';
import { onehot, pathEncoding } from '../core/features/index.js';
import { oneOf } from './streams.js';
import { writeTableCsv } from './table-csv.js';

const encodings = { onehot, path: pathEncoding };

export function encodeCommand(): Command {
  return new Command('encode')
    .summary('one-hot or path encodings of architectures, as CSV')
    .description('Reads one architecture a line and writes CSV: the net as given, then onehot_0… or path_0…, whole numbers.')
    .requiredOption('--space <id>', 'search space (npx nascope spaces lists them)')
    .requiredOption(
      '--encoding <id>',
      'onehot or path',
      oneOf('--encoding', Object.keys(encodings) as (keyof typeof encodings)[]),
    )
    .option('--in <file>', 'architectures, one a line; - is standard input', '-')
    .option('--out <file>', 'CSV; - is standard output', '-')
    .addHelpText('after', "\nExample:\n  echo '(4, 0, 3, 1, 4, 3)' | npx nascope encode --space nasbench201 --encoding onehot")
    .action(async (options: { space: string; encoding: keyof typeof encodings; in: string; out: string }) => {
      await writeTableCsv(options, encodings[options.encoding]);
    });
}
