import { Command } from 'commander';
import { type KernelName, kernelNames } from '../kernel/kernel-process.js';
import { parseParameter } from '../kernel/parameters.js';
import { executeNotebook } from './execute-notebook.js';
import { interruptible } from './interrupt.js';
import { oneOf, requireReadable, wholeNumber } from './streams.js';

export function notebookCommand(): Command {
  const notebook = new Command('notebook')
    .summary('execute notebooks without Jupyter')
    .addHelpText('after', '\nExample:\n  npx nascope notebook run notebooks/01-first-look.ipynb --html');
  notebook
    .command('run')
    .summary('execute notebooks in the kernel, from top to bottom')
    .argument('<files...>', 'notebooks')
    .option('--out <folder>', 'where executed notebooks go', 'out')
    .option('--html', 'also write one HTML file each, with its figures inside')
    .option('--timeout <seconds>', 'how long one cell may take', wholeNumber('--timeout', 1), 600)
    .option('--kernel <name>', 'nascope, or the one that tslab brings: tslab', oneOf('--kernel', kernelNames), 'nascope')
    .option(
      '--param <k=v>',
      'another value for a constant of the cell tagged parameters; may be repeated',
      (text: string, before: readonly (readonly [string, string])[]) => [...before, parseParameter(text)],
      [],
    )
    .addHelpText('after', '\nExample:\n  npx nascope notebook run notebooks/01-first-look.ipynb --html --param trainSize=512')
    .action((files: string[], options: RunArguments) =>
      interruptible(async (signal) => {
        requireReadable('notebook run', files);
        for (const file of files) {
          const params = Object.fromEntries(options.param);
          const { run, written } = await executeNotebook(file, {
            out: options.out,
            html: options.html === true,
            timeoutS: options.timeout,
            kernel: options.kernel,
            params,
            signal,
          });
          process.stdout.write(`${file}: all cells ran in ${run.seconds.toFixed(1)} s; ${written.join(', ')}\n`);
        }
      }),
    );
  return notebook;
}

interface RunArguments {
  readonly out: string;
  readonly html?: boolean;
  readonly timeout: number;
  readonly kernel: KernelName;
  readonly param: readonly (readonly [string, string])[];
}
