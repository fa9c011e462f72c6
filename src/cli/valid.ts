import { Command } from 'commander';
import { spaceNamed } from '../core/spaces/index.js';
import { csvCell } from '../data/csv-cell.js';
import { atLine, CHUNK, inChunks, readLines, writePieces } from './streams.js';

export function validCommand(): Command {
  return new Command('valid')
    .summary('which architectures are in the cleaned form that the published numbers use')
    .description(
      'Reads one architecture a line and writes CSV net,valid,canonical. Canonical is the net without operations that ' +
        'cannot matter (nasbench201, transnas-micro) or without dead vertices (nasbench101); elsewhere the net itself. ' +
        'valid is 1 where the net is canonical already.',
    )
    .requiredOption('--space <id>', 'search space (npx nascope spaces lists them)')
    .option('--in <file>', 'architectures, one a line; - is standard input', '-')
    .option('--out <file>', 'CSV; - is standard output', '-')
    .addHelpText('after', "\nExample:\n  echo '(0, 0, 0, 0, 0, 1)' | npx nascope valid --space nasbench201")
    .action(async (options: { space: string; in: string; out: string }) => {
      await writePieces(options.out, rows(options.space, options.in));
    });
}

async function* rows(spaceId: string, input: string): AsyncGenerator<string> {
  const space = spaceNamed(spaceId);
  let header = 'net,valid,canonical\n';
  for await (const lines of inChunks(readLines(input), CHUNK)) {
    const checked = lines.map((line) => {
      const arch = atLine(line, (text) => space.parse(text));
      const canonical = space.canonical(arch);
      return `${csvCell(line.text)},${canonical === arch ? 1 : 0},${csvCell(canonical)}\n`;
    });
    yield header + checked.join('');
    header = '';
  }
  yield header;
}
