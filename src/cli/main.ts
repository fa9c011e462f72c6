import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { LabError } from '../core/base/errors.js';
import { countHistogramsWith } from '../core/base/histogram-room.js';
import { trainMlpsWith } from '../core/models/mlp-trainer.js';
import { tfjsMlpTrainer } from '../nn/mlp-trainer.js';
import { simdHistograms } from '../wasm/histograms.js';
import { WorkFailed } from './streams.js';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** In the order of the help. A command's file is loaded when it is asked for; all of them, where the help lists them. */
const commands: Readonly<Record<string, () => Promise<() => Command>>> = {
  doctor: async () => (await import('./doctor.js')).doctorCommand,
  quickstart: async () => (await import('./quickstart.js')).quickstartCommand,
  spaces: async () => (await import('./spaces.js')).spacesCommand,
  features: async () => (await import('./features.js')).featuresCommand,
  encode: async () => (await import('./encode.js')).encodeCommand,
  valid: async () => (await import('./valid.js')).validCommand,
  graph: async () => (await import('./graph.js')).graphCommand,
  data: async () => (await import('./data.js')).dataCommand,
  evaluate: async () => (await import('./evaluate.js')).evaluateCommand,
  fit: async () => (await import('./fit.js')).fitCommand,
  predict: async () => (await import('./predict.js')).predictCommand,
  reproduce: async () => (await import('./reproduce.js')).reproduceCommand,
  microbench: async () => (await import('./microbench.js')).microbenchCommand,
  proxies: async () => (await import('./proxies.js')).proxiesCommand,
  notebook: async () => (await import('./notebook.js')).notebookCommand,
  kernel: async () => (await import('./kernel.js')).kernelCommand,
  lab: async () => (await import('./lab.js')).labCommand,
  bench: async () => (await import('./bench.js')).benchCommand,
};

/** A command, and those under it, that refuse wrong usage as the program does. */
function inheriting(command: Command, program: Command): Command {
  for (const below of command.commands) inheriting(below, program);
  return command.copyInheritedSettings(program);
}

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
  const asked = Object.hasOwn(commands, args[0] ?? '') ? [commands[args[0]]] : Object.values(commands);
  for (const load of asked) program.addCommand(inheriting((await load())(), program));
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
