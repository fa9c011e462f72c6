import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { LabError } from '../core/base/errors.js';
import { countHistogramsWith } from '../core/base/histogram-room.js';
import { trainMlpsWith } from '../core/models/mlp-trainer.js';
import { tfjsMlpTrainer } from '../nn/mlp-trainer.js';
import { simdHistograms } from '../wasm/histograms.js';
import { benchCommand } from './bench.js';
import { dataCommand } from './data.js';
import { doctorCommand } from './doctor.js';
import { encodeCommand } from './encode.js';
import { evaluateCommand } from './evaluate.js';
import { featuresCommand } from './features.js';
import { fitCommand } from './fit.js';
import { graphCommand } from './graph.js';
import { kernelCommand } from './kernel.js';
import { labCommand } from './lab.js';
import { microbenchCommand } from './microbench.js';
import { notebookCommand } from './notebook.js';
import { predictCommand } from './predict.js';
import { proxiesCommand } from './proxies.js';
import { quickstartCommand } from './quickstart.js';
import { reproduceCommand } from './reproduce.js';
import { spacesCommand } from './spaces.js';
import { WorkFailed } from './streams.js';
import { validCommand } from './valid.js';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/**
 * Runs one command line. Results go to stdout, progress and complaints to stderr.
 * @returns the exit code: 0 done, 1 the work failed, 2 wrong usage or bad input.
 */
export async function main(args: readonly string[]): Promise<number> {
  trainMlpsWith(tfjsMlpTrainer);
  countHistogramsWith(simdHistograms);
  const program = new Command('nascope')
    .description('Architecture benchmarks, graph features, performance predictors and their explanations.')
    .version(version)
    // Options after a command are the command's: `features --version main` is no question about the package.
    .enablePositionalOptions()
    .showHelpAfterError('(add --help to see what there is, with an example)')
    .exitOverride();
  const commands = [
    doctorCommand,
    quickstartCommand,
    spacesCommand,
    featuresCommand,
    encodeCommand,
    validCommand,
    graphCommand,
    dataCommand,
    evaluateCommand,
    fitCommand,
    predictCommand,
    reproduceCommand,
    microbenchCommand,
    proxiesCommand,
    notebookCommand,
    kernelCommand,
    labCommand,
    benchCommand,
  ];
  for (const command of commands) program.addCommand(command().copyInheritedSettings(program));
  // A reader that closes the pipe early (`| head`) has what it wanted.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof WorkFailed) {
      process.stderr.write(`${error.message}\n`);
      return 1;
    }
    if (error instanceof LabError) {
      process.stderr.write(`nascope: ${error.message}\n`);
      return error.code === 'parse' || error.code === 'shape' || error.code === 'unsupported' ? 2 : 1;
    }
    if (error instanceof DOMException && error.name === 'AbortError') {
      process.stderr.write('nascope: interrupted\n');
      return 130;
    }
    process.stderr.write(`nascope: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }
}
