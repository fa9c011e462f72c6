import { Command } from 'commander';
import { installKernel, kernelSpec, type SpecPlace, uninstallKernel } from '../kernel/kernelspec.js';

export function kernelCommand(): Command {
  const kernel = new Command('kernel')
    .summary('make the kernel known to Jupyter')
    .addHelpText('after', '\nExample:\n  npx nascope kernel install --user');
  const placed = (command: Command): Command =>
    command.option('--user', 'for this user (unless a prefix is said)').option('--prefix <folder>', 'for one Python environment');
  placed(kernel.command('install').summary('write the kernelspec')).action(async (options: PlaceOptions) => {
    process.stdout.write(`${await installKernel(placeOf(options))}\n`);
  });
  placed(kernel.command('uninstall').summary('remove the kernelspec')).action((options: PlaceOptions) => {
    const folder = uninstallKernel(placeOf(options));
    if (folder === null) process.stderr.write('nascope: the kernel was not installed there; nothing was removed\n');
    else process.stdout.write(`${folder}\n`);
  });
  kernel
    .command('spec')
    .summary('print the kernelspec')
    .action(() => void process.stdout.write(`${JSON.stringify(kernelSpec(), null, 2)}\n`));
  return kernel;
}

interface PlaceOptions {
  readonly user?: boolean;
  readonly prefix?: string;
}

function placeOf(options: PlaceOptions): SpecPlace {
  return options.prefix === undefined ? 'user' : { prefix: options.prefix };
}
