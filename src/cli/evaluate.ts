import { Command } from 'commander';
import { ParseError } from '../core/base/errors.js';
import { type Evaluation, evaluate } from '../core/models/evaluate.js';
import { type PredictorId, predictors } from '../core/models/index.js';
import { targetCeiling } from '../data/compare/ceiling.js';
import { featureSetColumns, featureSets } from '../data/feature-sets.js';
import { type Benchmark, type BenchmarkId, benchmarks, load, parseFeatureSets } from '../data/index.js';
import { worstLeak } from '../data/leaks.js';
import { type ProtocolId, predictorUnder, protocols } from '../data/protocol.js';
import { seedRange } from '../data/seeds.js';
import { progressBar } from '../notebook/progress-bar.js';
import { interruptible } from './interrupt.js';
import { oneOf, wholeNumber } from './streams.js';
import { summarise, summaryText } from './summary.js';

const readSeeds = (text: string): number[] => seedRange('--seeds', text);
const benchmarkIds = Object.keys(benchmarks) as BenchmarkId[];

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .summary('how well a predictor ranks a benchmark, over seeds')
    .description(
      'Trains a predictor on few labels and ranks all other architectures, once a seed. With --protocol zc_combine the rows, ' +
        'their order and the splits are those of the published numbers; with rng every row that has target and features takes part. ' +
        Object.entries(protocols)
          .filter(([id]) => id === 'ta_gates' || id === 'naslib')
          .map(([id, { says }]) => `${id} is ${says}.`)
          .join(' '),
    )
    .requiredOption('--benchmark <id>', `one of ${benchmarkIds.join(', ')}`, oneOf('--benchmark', benchmarkIds))
    .option('--dataset <name>', "the benchmark's data set or task (its first unless said)")
    .option('--target <name>', "the column to predict (the benchmark's default unless said)")
    .option('--features <sets>', 'of graf, zcp, onehot, path, arch2vec, flops, wl, micro, joined by +', 'graf')
    .option('--version <version>', 'GRAF definition: icml24 or main', oneOf('--version', ['icml24', 'main'] as const), 'icml24')
    .option(
      '--model <id>',
      `one of ${Object.keys(predictors).join(', ')}`,
      oneOf('--model', Object.keys(predictors) as PredictorId[]),
      'rf',
    )
    .option('--train <n>', 'labels to learn from', wholeNumber('--train', 1), 128)
    .option('--seeds <range>', 'first-last, as 42-91, or one number', readSeeds, readSeeds('42-46'))
    .option(
      '--protocol <name>',
      `one of ${Object.keys(protocols).join(', ')}`,
      oneOf('--protocol', Object.keys(protocols) as ProtocolId[]),
      'rng',
    )
    .option('--json', 'one JSON object a line and seed, then the summary')
    .addHelpText(
      'after',
      '\nExample:\n  npx nascope evaluate --benchmark nasbench201 --features zcp+graf --train 128 --seeds 42-51 --protocol zc_combine',
    )
    .action((options: EvaluateArguments) => interruptible((signal) => run(options, signal)));
}

interface EvaluateArguments {
  readonly benchmark: BenchmarkId;
  readonly dataset?: string;
  readonly target?: string;
  readonly features: string;
  readonly version: 'icml24' | 'main';
  readonly model: PredictorId;
  readonly train: number;
  readonly seeds: readonly number[];
  readonly protocol: ProtocolId;
  readonly json?: boolean;
}

/** How many zero-cost proxies the published sets hold (NAS-Bench-Suite-Zero). */
const PROXIES = 13;

type SeedRow = { seed: number; train: number; test: number } & Evaluation;

async function run(options: EvaluateArguments, signal: AbortSignal): Promise<void> {
  const whole = await load(options.benchmark, { dataset: options.dataset, signal });
  const target = oneOf('--target', targetsOf(whole))(options.target ?? protocols[options.protocol].target ?? whole.defaultTarget);
  const protocol = protocols[options.protocol];
  const bench = protocol.rows(whole, target, featureSetColumns(whole, options.features));
  checkTrain(options.train, bench.size);
  const x = featureSets(bench, options.features, { version: options.version });
  const y = bench.target(target);
  const direction = bench.columns.find((c) => c.name === target)?.direction === 'lower' ? 'lower' : 'higher';

  noteMissingProxies(whole, options.features);
  const leak = worstLeak(
    bench,
    options.seeds.map((seed) => protocol.split(bench.size, options.train, seed)),
  );
  if (leak !== null) process.stderr.write(`nascope: note: in the worst split ${leak.says}\n`);
  const ceiling = targetCeiling(bench, target);
  const bar = progressBar(`${options.model} on ${options.features}, ${options.train} labels`);
  const results: SeedRow[] = [];
  for (const seed of options.seeds) {
    const parts = protocol.split(bench.size, options.train, seed);
    const fit = { rng: protocol.fitRng(seed), signal, direction } as const;
    const scored = await evaluate(predictorUnder(protocol, options.model), x, y, parts, fit);
    const row: SeedRow = { seed, train: parts.train.length, test: parts.test.length, ...scored };
    results.push(row);
    if (options.json) process.stdout.write(`${JSON.stringify(row)}\n`);
    bar.update({ done: results.length, total: options.seeds.length });
  }
  bar.end();
  const summary = {
    benchmark: bench.id,
    dataset: bench.dataset,
    target,
    features: options.features,
    columns: x.columns.length,
    version: options.version,
    model: options.model,
    protocol: options.protocol,
    seeds: options.seeds.length,
    data: bench.hash,
    // Test networks with a twin among the training networks, in the worst split; tau of the target measured twice.
    leaked: leak?.rows.length ?? 0,
    ...(ceiling === null ? {} : { ceiling: ceiling.tau, ceiling_top10: ceiling.tau_top10 }),
    ...summarise(results.map(({ seed, train, test, ...scored }) => scored)),
  };
  process.stdout.write(options.json ? `${JSON.stringify({ summary })}\n` : summaryText(summary));
}

function targetsOf(bench: Benchmark): string[] {
  return bench.columns.filter((c) => c.role === 'target').map((c) => c.name);
}

function checkTrain(train: number, size: number): void {
  if (train <= size - 2) return;
  const expected = `at most ${size - 2} labels, since ${size} rows take part and two must be left to rank`;
  throw new ParseError({ what: '--train', text: String(train), at: 0, expected });
}

/** Where a benchmark lacks proxies, `zcp` is less than the name says elsewhere, and the reader is told. */
function noteMissingProxies(bench: Benchmark, sets: string): void {
  const have = bench.columns.filter((c) => c.role === 'proxy').map((c) => c.name);
  if (!parseFeatureSets(sets).includes('zcp') || have.length >= PROXIES) return;
  const where = `${bench.id} ${bench.dataset}`;
  process.stderr.write(
    `nascope: note: zcp is ${have.length} of ${PROXIES} proxies on ${where} (${have.join(', ')}); no published number has these\n`,
  );
}
