import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { LabError } from '../core/base/errors.js';
import { load } from '../data/index.js';
import { progressBar } from '../notebook/progress-bar.js';
import { executeNotebook } from './execute-notebook.js';
import { interruptible } from './interrupt.js';
import { WorkFailed } from './streams.js';

const notebookFile = (name: string): string => fileURLToPath(new URL(`../../notebooks/${name}`, import.meta.url));

/** The notebook on published data, and the one on the data that comes with the package. */
const NOTEBOOKS = { nasbench201: notebookFile('01-first-look.ipynb'), microbench: notebookFile('08-microbench.ipynb') };

export function quickstartCommand(): Command {
  return new Command('quickstart')
    .summary('the first notebook, executed for real, as one HTML page (npm start)')
    .description(
      'Executes the first notebook on NAS-Bench-201 and writes it as one HTML page. Where its files are neither here nor to be had from the network, the notebook on MicroBench, which comes with the package, is executed instead.',
    )
    .option('--out <folder>', 'where the page goes', 'out')
    .addHelpText('after', '\nExample:\n  npx nascope quickstart')
    .action((options: { out: string }) => interruptible((signal) => run(options.out, signal)));
}

async function run(out: string, signal: AbortSignal): Promise<void> {
  const notebook = NOTEBOOKS[await findData(signal)];
  const { run, written } = await executeNotebook(notebook, { out, html: true, name: 'quickstart', signal });
  const printed = run.notebook.cells
    .flatMap((cell) => (cell.cell_type === 'code' ? cell.outputs : []))
    .flatMap((output) => (output.output_type === 'stream' && output.name === 'stdout' ? [output.text] : []));
  process.stdout.write(`${printed.join('').trimEnd()}\n`);
  process.stdout.write(
    `Open ${written[1]} in a browser: the notebook with its table and figures. It ran in ${run.seconds.toFixed(0)} s.\n`,
  );
}

/** Says which data there is: NAS-Bench-201 from the cache or the network, else MicroBench, which is always here. */
async function findData(signal: AbortSignal): Promise<keyof typeof NOTEBOOKS> {
  const mirror = process.env.NASCOPE_MIRROR;
  const bar = progressBar('NAS-Bench-201', { unit: 'bytes' });
  try {
    const bench = await load('nasbench201', { dataset: 'cifar10', pull: true, signal, onProgress: bar.update });
    bar.end();
    const from = mirror === undefined ? '' : ` (files from the mirror ${mirror})`;
    process.stdout.write(`Data: NAS-Bench-201, CIFAR-10, ${bench.size.toLocaleString('en')} architectures${from}\n`);
    return 'nasbench201';
  } catch (error) {
    bar.end();
    if (!(error instanceof LabError)) throw error;
    return fallBack(error);
  }
}

async function fallBack(reason: LabError): Promise<'microbench'> {
  const how =
    'For NAS-Bench-201 connect to the network and run npm start again, or set NASCOPE_MIRROR to a folder or address that\n' +
    'holds the files as OWNER/REPO/COMMIT/PATH (npx nascope data list --json names them), or put single files in place with\n' +
    'npx nascope data import ID FILE.';
  const missing = `NAS-Bench-201 is not here and could not be downloaded.\n  ${reason.message}\n`;
  try {
    const bench = await load('microbench', { dataset: 'E201' });
    const size = bench.size.toLocaleString('en');
    process.stdout.write(`Data: MicroBench E201, ${size} architectures, which comes with the package (no NAS-Bench-201)\n`);
    process.stderr.write(`${missing}${how}\n`);
    return 'microbench';
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new WorkFailed(`Data: ${missing}MicroBench cannot stand in for it.\n  ${error.message}\n${how}`);
  }
}
