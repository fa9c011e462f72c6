import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { LabError } from '../core/base/errors.js';
import { load } from '../data/index.js';
import { progressBar } from '../notebook/progress-bar.js';
import { executeNotebook } from './execute-notebook.js';
import { interruptible } from './interrupt.js';
import { WorkFailed } from './streams.js';

const notebook = fileURLToPath(new URL('../../notebooks/01-first-look.ipynb', import.meta.url));

export function quickstartCommand(): Command {
  return new Command('quickstart')
    .summary('the first notebook, executed for real, as one HTML page (npm start)')
    .option('--out <folder>', 'where the page goes', 'out')
    .addHelpText('after', '\nExample:\n  npx nascope quickstart')
    .action((options: { out: string }) => interruptible((signal) => run(options.out, signal)));
}

async function run(out: string, signal: AbortSignal): Promise<void> {
  await fetchData(signal);
  const { run, written } = await executeNotebook(notebook, { out, html: true, name: 'quickstart', signal });
  const printed = run.notebook.cells
    .flatMap((cell) => (cell.cell_type === 'code' ? cell.outputs : []))
    .flatMap((output) => (output.output_type === 'stream' && output.name === 'stdout' ? [output.text] : []));
  process.stdout.write(`${printed.join('').trimEnd()}\n`);
  process.stdout.write(
    `Open ${written[1]} in a browser: the notebook with its table and figures. It ran in ${run.seconds.toFixed(0)} s.\n`,
  );
}

/** Says which data the notebook runs on, and gets it where it is not here yet. */
async function fetchData(signal: AbortSignal): Promise<void> {
  const mirror = process.env.NASCOPE_MIRROR;
  const bar = progressBar('NAS-Bench-201', { unit: 'bytes' });
  try {
    const bench = await load('nasbench201', { dataset: 'cifar10', pull: true, signal, onProgress: bar.update });
    bar.end();
    const from = mirror === undefined ? '' : ` (files from the mirror ${mirror})`;
    process.stdout.write(`Data: NAS-Bench-201, CIFAR-10, ${bench.size.toLocaleString('en')} architectures${from}\n`);
  } catch (error) {
    bar.end();
    if (!(error instanceof LabError)) throw error;
    throw new WorkFailed(
      `Data: NAS-Bench-201 is not here and could not be downloaded.\n  ${error.message}\n` +
        'What to do: connect to the network and run npm start again, or set NASCOPE_MIRROR to a folder or address that holds\n' +
        'the files as OWNER/REPO/COMMIT/PATH (npx nascope data list --json names them), or put single files in place with\n' +
        'npx nascope data import ID FILE.',
    );
  }
}
