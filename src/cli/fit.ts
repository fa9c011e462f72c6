import { dirname } from 'node:path';
import { Command } from 'commander';
import { ParseError } from '../core/base/errors.js';
import { rng } from '../core/base/rng.js';
import { type PredictorId, predictors } from '../core/models/index.js';
import { fitArchitecturePredictor, type IntervalMethod, intervalMethods } from '../data/architecture-predictor.js';
import { makeFolder } from '../data/atomic-write.js';
import { featureSetColumns } from '../data/feature-sets.js';
import type { InputShapes } from '../data/import/input-shapes.js';
import { type BenchmarkId, benchmarks, load } from '../data/index.js';
import { saveModel } from '../data/model-file.js';
import { progressBar } from '../notebook/progress-bar.js';
import { INPUT_SHAPE, INPUT_SHAPE_SAYS, inputShape, refuseInputShape } from './input-shape.js';
import { interruptible } from './interrupt.js';
import { fitNetworkFiles } from './network-files.js';
import { oneOf, wholeNumber } from './streams.js';

const benchmarkIds = Object.keys(benchmarks) as BenchmarkId[];

export function fitCommand(): Command {
  return new Command('fit')
    .summary('train a predictor on a benchmark, or on network files of your own, and save it for predict')
    .description(
      'Learns from a benchmark’s rows (all that have target and features, or a random --train of them) and writes one JSON ' +
        'file with all that predict needs: the model, how far it is off, and what it has seen. With --networks it learns from the ' +
        'computation graphs of network files, whatever family they are of, and predict reads such files.',
    )
    .option('--benchmark <id>', `one of ${benchmarkIds.join(', ')}`, oneOf('--benchmark', benchmarkIds))
    .option(
      '--networks <csv>',
      'instead: a table with the columns network (a file’s path from there; as graph --model) and --target',
    )
    .option(INPUT_SHAPE, `with --networks: ${INPUT_SHAPE_SAYS}. The model keeps them, for predict`, inputShape)
    .requiredOption('--out <file>', 'the model file to write')
    .option('--dataset <name>', "the benchmark's data set or task (its first unless said)")
    .option('--target <name>', "the column to predict (the benchmark's default, or a table's first, unless said)")
    .option('--features <sets>', 'of graf, zcp, onehot, path, arch2vec, flops, micro, joined by +', 'graf')
    .option('--version <version>', 'GRAF definition: icml24 or main', oneOf('--version', ['icml24', 'main'] as const), 'icml24')
    .option(
      '--model <id>',
      `one of ${Object.keys(predictors).join(', ')}`,
      oneOf('--model', Object.keys(predictors) as PredictorId[]),
      'rf',
    )
    .option(
      '--intervals <method>',
      'cv (narrowest), cv+ (ten models; a bound whatever the model), normalised or split (a quarter of the labels set aside)',
      oneOf('--intervals', Object.keys(intervalMethods) as IntervalMethod[]),
      'cv',
    )
    .option('--train <n>', 'so many random rows rather than all', wholeNumber('--train', 3))
    .option('--seed <n>', 'of the choice of rows and the fit', wholeNumber('--seed', 0), 42)
    .addHelpText(
      'after',
      '\nExamples:\n  npx nascope fit --benchmark nasbench201 --features graf --train 512 --out model.json' +
        '\n  npx nascope fit --networks measured.csv --target latency --out latency.json' +
        '\n  npx nascope fit --networks open.csv --input-shape image=1,3,32,32 --out latency.json',
    )
    .action((options: FitArguments) => interruptible((signal) => run(options, signal)));
}

interface FitArguments {
  readonly benchmark?: BenchmarkId;
  readonly networks?: string;
  readonly inputShape?: InputShapes;
  readonly out: string;
  readonly dataset?: string;
  readonly target?: string;
  readonly features: string;
  readonly version: 'icml24' | 'main';
  readonly model: PredictorId;
  readonly intervals: IntervalMethod;
  readonly train?: number;
  readonly seed: number;
}

async function run(options: FitArguments, signal: AbortSignal): Promise<void> {
  const { benchmark, networks, out } = options;
  if ((benchmark === undefined) === (networks === undefined)) {
    throw new ParseError({ what: 'fit', text: '', at: 0, expected: 'either --benchmark or --networks' });
  }
  if (benchmark !== undefined) {
    refuseInputShape(options.inputShape, 'a benchmark');
    return fitBenchmark({ ...options, benchmark }, signal);
  }
  await makeFolder(dirname(out));
  const fitted = await fitNetworkFiles({ ...options, networks: networks as string }, signal);
  await saveModel(out, fitted);
  process.stderr.write(`nascope: ${out} predicts ${fitted.about.target} of networks from ${fitted.about.labels} labels\n`);
}

async function fitBenchmark(options: FitArguments & { readonly benchmark: BenchmarkId }, signal: AbortSignal): Promise<void> {
  const { features, version, model, intervals, train, seed, out } = options;
  const whole = await load(options.benchmark, { dataset: options.dataset, signal });
  const targets = whole.columns.filter((c) => c.role === 'target').map((c) => c.name);
  const target = oneOf('--target', targets)(options.target ?? whole.defaultTarget);
  const complete = whole.complete([target, ...featureSetColumns(whole, features)]);
  if (train !== undefined && train > complete.size) {
    throw new ParseError({ what: '--train', text: String(train), at: 0, expected: `at most ${complete.size} rows` });
  }
  await makeFolder(dirname(out));
  const source = rng(seed);
  const rows = train === undefined ? complete : complete.rows(source.fork('rows').choose(complete.size, train));
  const bar = progressBar(`${model} on ${features}, ${rows.size.toLocaleString('en')} labels`);
  const about = { features, model, target, version, intervals, rng: source.fork('fit'), signal, onProgress: bar.update };
  const fitted = await fitArchitecturePredictor(rows, about);
  bar.end();
  await saveModel(out, fitted);
  process.stderr.write(`nascope: ${out} predicts ${target} of ${fitted.about.space} from ${fitted.about.labels} labels\n`);
}
