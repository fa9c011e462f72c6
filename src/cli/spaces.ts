import { Command } from 'commander';
import { graphFamilies } from '../core/spaces/families/index.js';
import { spaces } from '../core/spaces/index.js';

export function spacesCommand(): Command {
  return new Command('spaces')
    .summary('the registered search spaces, their sizes, an example of each encoding')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  npx nascope spaces --json')
    .action((options: { json?: boolean }) => {
      const listed = Object.values(spaces).map(({ id, title, cite, size, encodings }) => ({ id, title, cite, size, encodings }));
      if (options.json) {
        process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`);
        return;
      }
      for (const space of listed) {
        process.stdout.write(
          `${space.id}: ${space.title}, ${space.size?.toLocaleString('en') ?? 'too many to list'} architectures (${space.cite})\n`,
        );
        for (const encoding of space.encodings) process.stdout.write(`    ${encoding.id.padEnd(12)} ${encoding.example}\n`);
      }
      const families = Object.values(graphFamilies).filter(({ id }) => !Object.hasOwn(spaces, id));
      process.stdout.write('\nWhole networks, for `nascope graph` (so are NAS-Bench-101, -201 and -301):\n');
      for (const { id, title, cite, example } of families) {
        process.stdout.write(`${id}: ${title} (${cite})\n    ${example}\n`);
      }
    });
}
