import { join } from 'node:path';
import { Command, Option } from 'commander';
import { type MicroFamilyId, microFamilies } from '../core/spaces/micro/index.js';
import { estimateLabels } from '../micro/estimate.js';
import { generateLabels } from '../micro/generate.js';
import type { LabelPlan, LabelShard } from '../micro/label-plan.js';
import { mergeLabels } from '../micro/merge-labels.js';
import type { TaskId } from '../micro/task-data.js';
import { TASK_METRICS } from '../micro/unit.js';
import { verifyLabels } from '../micro/verify-labels.js';
import { interruptible } from './interrupt.js';
import { microbenchBarsCommand } from './microbench-bars.js';
import { microbenchLatencyCommand } from './microbench-latency.js';
import { readShard, seedList, seedListOrNone, tableOption } from './microbench-options.js';
import { microbenchProxiesCommand } from './microbench-proxies.js';
import { progressReport } from './progress-report.js';
import { oneOf, WorkFailed, wholeNumber } from './streams.js';

const TASKS = Object.keys(TASK_METRICS) as TaskId[];
const FAMILIES = Object.keys(microFamilies) as MicroFamilyId[];

export function microbenchCommand(): Command {
  const command = new Command('microbench')
    .summary('the embedded benchmark: label it, merge it, check it')
    .description(
      'MicroBench holds small networks of four families, trained for real on drawn scenes. Its labels can be made again anywhere, bit for bit.',
    )
    .addHelpText('after', '\nExample:\n  npx nascope microbench verify --sample 4');
  withPlan(command.command('generate'))
    .summary('train architectures and write their labels')
    .description(
      'Trains every architecture, task and seed of a plan and adds a line to a file in --out for each. A run that was stopped goes on where it was; ' +
        'several can share a plan with --shard, counted from 0 as job arrays do.',
    )
    .option('--shard <i/n>', 'do the architectures of the i-th of n shards, from 0', readShard)
    .option('--workers <n>', 'threads; the labels do not depend on it', wholeNumber('--workers', 0), 2)
    .option('--out <folder>', 'where shard files go', 'shards')
    .option('--resume', 'go on with what --out holds (it always does)')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      '\nExample, one of 8 jobs of an array:\n  npx nascope microbench generate --family E201 --count 1200 --shard $SLURM_ARRAY_TASK_ID/8 --out shards',
    )
    .action((options: GenerateArguments) => interruptible((signal) => generate(options, signal)));
  withPlan(command.command('merge'))
    .summary('put the shards of a family together as a table')
    .description(
      'Checks that every label of the plan is there, once, made with one set of settings, and writes the table, compressed.',
    )
    .option('--in <folder>', 'the shard files', 'shards')
    .option('--out <folder>', 'the table', 'table')
    .addHelpText('after', '\nExample:\n  npx nascope microbench merge --family E201 --count 1200 --in shards --out table')
    .action(merge);
  command
    .command('verify')
    .summary('train some labels again and compare them bit for bit')
    .option('--family <ids>', 'families, joined by commas; all that the table has unless said', readFamilies)
    .option('--sample <n>', 'labels a family', wholeNumber('--sample', 1), 12)
    .option('--seed <n>', 'of the choice', wholeNumber('--seed', 0), 0)
    .option('--workers <n>', 'threads', wholeNumber('--workers', 0), 2)
    .addOption(tableOption())
    .addHelpText('after', '\nExample:\n  npx nascope microbench verify --sample 24')
    .action((options: VerifyArguments) => interruptible((signal) => verify(options, signal)));
  withPlan(command.command('estimate'))
    .summary('how long a plan takes')
    .option('--workers <n>', 'threads', wholeNumber('--workers', 1), 2)
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  npx nascope microbench estimate --family E101 --count 700')
    .action(estimate);
  command.addCommand(microbenchBarsCommand());
  command.addCommand(microbenchProxiesCommand());
  command.addCommand(microbenchLatencyCommand());
  return command;
}

interface PlanArguments {
  readonly family: MicroFamilyId;
  readonly tasks: readonly TaskId[];
  readonly seeds: readonly number[];
  readonly testSeeds: readonly number[];
  readonly count: number;
}

function withPlan(command: Command): Command {
  return command
    .requiredOption('--family <id>', FAMILIES.join(', '), readFamily)
    .option('--count <n>', 'architectures, of the family’s one fixed order', wholeNumber('--count', 1), 1200)
    .addOption(new Option('--tasks <list>', 'tasks, joined by commas').argParser(readTasks).default(TASKS, TASKS.join(',')))
    .addOption(new Option('--seeds <list>', 'seeds, joined by commas').argParser(seedList('--seeds')).default([1, 2], '1,2'))
    .addOption(
      new Option('--test-seeds <list>', 'more seeds for the test split; none for none')
        .argParser(seedListOrNone('--test-seeds'))
        .default([3], '3'),
    );
}

function planOf({ family, count, tasks, seeds, testSeeds }: PlanArguments): LabelPlan {
  return { family, count, tasks, seeds, testSeeds: testSeeds.filter((seed) => !seeds.includes(seed)) };
}

interface GenerateArguments extends PlanArguments {
  readonly shard?: LabelShard;
  readonly workers: number;
  readonly out: string;
  readonly quiet?: boolean;
}

async function generate(options: GenerateArguments, signal: AbortSignal): Promise<void> {
  const { shard, workers, out, quiet } = options;
  const progress = quiet ? { update: (): void => {}, end: (): void => {} } : progressReport('microbench');
  try {
    const made = await generateLabels(planOf(options), {
      out,
      workers,
      signal,
      onProgress: progress.update,
      ...(shard === undefined ? {} : { shard }),
    });
    progress.end();
    const cost = made.done > made.before ? `, ${made.cpuSecondsPerUnit.toFixed(2)} CPU-s each` : '';
    process.stdout.write(`${made.done} labels in ${out} (${made.before} from before${cost}), ${made.diverged} diverged\n`);
  } finally {
    progress.end();
  }
}

async function merge(options: PlanArguments & { readonly in: string; readonly out: string }): Promise<void> {
  const made = await mergeLabels(planOf(options), options);
  for (const { path, bytes, rows } of made.files) {
    process.stdout.write(`wrote ${join(options.out, path)} (${rows} rows, ${(bytes / 1e3).toFixed(0)} KB)\n`);
  }
}

interface VerifyArguments {
  readonly family?: readonly MicroFamilyId[];
  readonly sample: number;
  readonly seed: number;
  readonly workers: number;
  readonly table: string;
}

async function verify(options: VerifyArguments, signal: AbortSignal): Promise<void> {
  const progress = progressReport('verify');
  const { table: folder, ...rest } = options;
  const checks = await verifyLabels({ ...rest, folder, signal, onProgress: progress.update }).finally(progress.end);
  const wrong = checks.filter((check) => !check.same);
  for (const { unit, expected, got } of wrong) {
    process.stdout.write(`${unit.family} ${unit.arch} ${unit.task} seed ${unit.seed}: table ${expected}, trained again ${got}\n`);
  }
  process.stdout.write(`${checks.length - wrong.length} of ${checks.length} labels are bit-equal when trained again\n`);
  const elsewise = checks.filter((check) => !check.present).length;
  if (elsewise > 0)
    process.stdout.write(`${elsewise} of them were made with other settings or another engine than this package's\n`);
  if (wrong.length > 0) throw new WorkFailed(`${wrong.length} labels differ from the table`);
}

function estimate(options: PlanArguments & { readonly workers: number; readonly json?: boolean }): void {
  const made = estimateLabels(planOf(options), options.workers);
  if (options.json) process.stdout.write(`${JSON.stringify(made)}\n`);
  else {
    const minutes = (made.wallSeconds / 60).toFixed(0);
    process.stdout.write(
      `${made.archs} architectures, ${made.units} trainings: about ${(made.cpuSeconds / 3600).toFixed(2)} CPU-hours, ${minutes} min with ${options.workers} threads\n`,
    );
  }
}

const readFamily = oneOf('--family', FAMILIES);

function readFamilies(text: string): MicroFamilyId[] {
  return [...new Set(text.split(',').map((part) => readFamily(part.trim())))];
}

const readTask = oneOf('--tasks', TASKS);

/** In the order of `TASKS`, so that the same labels give the same table. */
function readTasks(text: string): TaskId[] {
  const named = text.split(',').map((part) => readTask(part.trim()));
  return TASKS.filter((task) => named.includes(task));
}
