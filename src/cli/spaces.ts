import { Command } from 'commander';
import { graphFamilies } from '../core/spaces/families/index.js';
import { spaces } from '../core/spaces/index.js';
import { microFamilies } from '../core/spaces/micro/index.js';

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
      process.stdout.write('Architectures are counted as they are written: equal networks under two texts count twice.\n');
      for (const space of listed) {
        process.stdout.write(`${space.id}: ${space.title}, ${counted(space.size)} architectures (${space.cite})\n`);
        for (const encoding of space.encodings) process.stdout.write(`    ${encoding.id.padEnd(12)} ${encoding.example}\n`);
      }
      const families = Object.values(graphFamilies).filter(({ id }) => !Object.hasOwn(spaces, id));
      process.stdout.write('\nWhole networks, for `nascope graph` (so are NAS-Bench-101, -201 and -301):\n');
      for (const { id, title, cite, example } of families) {
        process.stdout.write(`${id}: ${title} (${cite})\n    ${example}\n`);
      }
      process.stdout.write(
        "\nMicroBench's small networks, for `nascope proxies`, load('microbench') and trainForReal in a notebook:\n",
      );
      for (const { id, says, space } of Object.values(microFamilies)) {
        process.stdout.write(`${id}: ${says}\n    ${space.encodings[0].example}\n`);
      }
    });
}

/** More digits than a double holds would be made up. */
function counted(size: number | null): string {
  if (size === null) return 'uncounted';
  return size < 1e15 ? size.toLocaleString('en') : size.toPrecision(3).replace('e+', 'e');
}
