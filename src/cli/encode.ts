import { Command } from 'commander';
import type { FeatureTable } from '../core/base/table.js';
import { onehot, pathEncoding, weisfeilerLehman } from '../core/features/index.js';
import type { CellGraph } from '../core/ir/cell-graph.js';
import { oneOf } from './streams.js';
import { writeTableCsv, writeWholeTableCsv } from './table-csv.js';

interface Encoding {
  readonly of: (graphs: readonly CellGraph[]) => FeatureTable;
  readonly write: typeof writeTableCsv;
}

const encodings = {
  onehot: { of: onehot, write: writeTableCsv },
  path: { of: pathEncoding, write: writeTableCsv },
  wl: { of: weisfeilerLehman, write: writeWholeTableCsv },
} satisfies Record<string, Encoding>;

type EncodingId = keyof typeof encodings;

export function encodeCommand(): Command {
  return new Command('encode')
    .summary('one-hot, path or Weisfeiler-Lehman encodings of architectures, as CSV')
    .description(
      'Reads one architecture a line and writes CSV: the net as given, then onehot_0…, path_0…, or the subtrees wl_0_…, whole ' +
        'numbers. The columns of wl are the subtrees that occur among the given architectures: only rows of one run compare.',
    )
    .requiredOption('--space <id>', 'search space (npx nascope spaces lists them)')
    .requiredOption(
      '--encoding <id>',
      `one of ${Object.keys(encodings).join(', ')}`,
      oneOf('--encoding', Object.keys(encodings) as EncodingId[]),
    )
    .option('--in <file>', 'architectures, one a line; - is standard input', '-')
    .option('--out <file>', 'CSV; - is standard output', '-')
    .addHelpText('after', "\nExample:\n  echo '(4, 0, 3, 1, 4, 3)' | npx nascope encode --space nasbench201 --encoding onehot")
    .action(async (options: { space: string; encoding: EncodingId; in: string; out: string }) => {
      const encoding: Encoding = encodings[options.encoding];
      await encoding.write(options, encoding.of);
    });
}
