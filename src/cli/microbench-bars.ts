import { Command } from 'commander';
import { microFamilyNamed } from '../core/spaces/micro/index.js';
import type { SearchSpace } from '../core/spaces/space.js';
import { MICRO_METRICS, microTable } from '../data/microbench.js';
import { type MicroFamilyEntry, readMicroFamilies } from '../data/microbench-table.js';
import { GRAF_GAIN_AIM, type GrafGain, grafGain } from '../micro/graf-gain.js';
import { type SeedAgreement, SPREAD_AIM, seedAgreement, TOLD_QUANTILES } from '../micro/seed-agreement.js';
import { type TaskAgreement, TOLD_PAIRS, taskAgreement } from '../micro/task-agreement.js';
import { tableOption } from './microbench-options.js';

/** `nascope microbench bars`: what the table's page says of its seeds. */
export function microbenchBarsCommand(): Command {
  return new Command('bars')
    .summary('how far seeds and tasks agree, and whether that is what was aimed at')
    .description(
      "For every family and metric: Spearman's correlation between seeds on the test split, their mean beside the aim where there is " +
        'one, and the distribution of the means of the seeds that every network has; of E201 also what GRAF gains on parameters. ' +
        "Then Kendall's tau between tasks, and of each with the number of weights. As Markdown, as the page of the table has it. " +
        'Takes some seconds.',
    )
    .addOption(tableOption())
    .option('--json', 'one JSON object a line, family and metric')
    .addHelpText('after', '\nExample:\n  npx nascope microbench bars')
    .action(run);
}

async function run({ table: folder, json }: { readonly table: string; readonly json?: boolean }): Promise<void> {
  const tasks: FamilyTasks[] = [];
  for (const [family, entry] of await readMicroFamilies(folder)) {
    const all = await seedAgreement(entry, folder);
    const table = await microTable(family, microFamilyNamed(family).space as unknown as SearchSpace, entry, { folder });
    const gain = family === 'E201' ? await grafGain(table) : null;
    const agreement = taskAgreement(table);
    if (agreement !== null) tasks.push({ family, ...agreement });
    if (json) {
      for (const one of all) process.stdout.write(`${JSON.stringify({ family, ...one })}\n`);
      if (gain !== null) process.stdout.write(`${JSON.stringify({ family, ...gain })}\n`);
    } else {
      process.stdout.write(`${familyText(family, entry, all)}\n`);
      if (gain !== null) process.stdout.write(`${spreadText(all)}\n${gainText(gain)}\n\n`);
    }
  }
  if (json) for (const one of tasks) process.stdout.write(`${JSON.stringify({ ...one, pairs: TOLD_PAIRS })}\n`);
  else if (tasks.length > 0) process.stdout.write(`Tasks, Kendall's tau:\n\n${tasksTable(tasks)}\n`);
}

/** How far the tasks of a family agree. */
export interface FamilyTasks extends TaskAgreement {
  readonly family: string;
}

/** A Markdown table, a row a family. */
export function tasksTable(all: readonly FamilyTasks[]): string {
  const header = ['family', 'networks', ...TOLD_PAIRS.map(([a, b]) => `\`${a}\`, \`${b}\``)];
  const rows = all.map(({ family, networks, taus }) => [
    family,
    networks.toLocaleString('en'),
    ...taus.map((value) => share(value, 2)),
  ]);
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A section: what there is, the table, a sentence for each aim that is missed. */
function familyText(family: string, entry: MicroFamilyEntry, all: readonly SeedAgreement[]): string {
  const { count, tasks, seeds, testSeeds, splits, labels, diverged } = entry;
  const head =
    `${family}: ${count} networks, tasks ${tasks.join(', ')}, seeds ${seeds.join(', ')}, and ${testSeeds.join(', ')} on the ` +
    `${splits.test} of the test split; ${labels.rows} values, ${diverged} trainings diverged.`;
  return [head, '', agreementTable(all), ...all.flatMap((one) => missed(family, one) ?? []), ''].join('\n');
}

/** A Markdown table, a row a metric. */
export function agreementTable(all: readonly SeedAgreement[]): string {
  const header = '| metric | between seeds | mean | aim | least | 10 % | 25 % | 50 % | 75 % | 90 % | most |';
  const rule = '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |';
  const rows = all.map(({ metric, pairs, mean, bar, quantiles }) => {
    const [, unit] = MICRO_METRICS[metric];
    const digits = unit === '%' || unit === 'dB' ? 1 : 2;
    const aim = bar === null ? '' : `${share(bar, 2)} ${mean >= bar ? 'met' : 'missed'}`;
    const cells = [`\`${metric}\` ${unit}`.trim(), pairs.map((value) => share(value)).join(' '), share(mean), aim];
    return `| ${[...cells, ...quantiles.map((value) => share(value, digits))].join(' | ')} |`;
  });
  return [header, rule, ...rows].join('\n');
}

/** Of an aim that is missed: by how much, and how much of it is networks that lie closer than the noise. Null where it is met. */
export function missed(family: string, { metric, mean, bar, seedSd, close }: SeedAgreement): string | null {
  if (bar === null || mean >= bar) return null;
  const [, unit] = MICRO_METRICS[metric];
  const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
  return (
    `${family} misses ${share(bar, 2)} on \`${metric}\` (${share(mean)}): one training's standard deviation is ` +
    `${share(seedSd, 2)} ${unit}; ${percent(close.ofAll)} of all pairs of networks lie closer than that, and ` +
    `${percent(close.ofSwapped)} of the pairs that two seeds order differently.`
  );
}

/** How E201's accuracies are spread, beside what was aimed at. */
export function spreadText(all: readonly SeedAgreement[]): string {
  const { quantiles } = all.find(({ metric }) => metric === 'cls.acc') as SeedAgreement;
  const [tenth, low, high, best] = [0.1, 0.25, 0.75, 1].map((p) => quantiles[TOLD_QUANTILES.indexOf(p)]);
  const { tenth: most, apart, best: range } = SPREAD_AIM;
  const verdict = (met: boolean): string => (met ? 'met' : 'missed');
  return (
    `A tenth of the networks have a \`cls.acc\` below ${tenth.toFixed(1)} % (aim: at most ${most}, ${verdict(tenth <= most)}), the quartiles are ` +
    `${(high - low).toFixed(1)} points apart (aim: at least ${apart}, ${verdict(high - low >= apart)}), the best reaches ${best.toFixed(1)} % ` +
    `(aim: ${range.join(' to ')}, ${verdict(best >= range[0] && best <= range[1])}).`
  );
}

/** What GRAF gains on parameters, beside what was aimed at. */
export function gainText({ graf, paramsRaw, paramsLive }: GrafGain): string {
  return (
    `A forest that learned from 128 networks ranks the rest with a Kendall tau of ${share(graf)} by GRAF of the cells in use, ` +
    `${share(paramsRaw)} by \`params_raw\` and ${share(paramsLive)} by \`params_live\`: GRAF gains ${share(graf - paramsRaw)} on the first ` +
    `(aim: at least ${share(GRAF_GAIN_AIM, 2)}, ${graf - paramsRaw >= GRAF_GAIN_AIM ? 'met' : 'missed'}).`
  );
}

/** `.947`, `-.02`, `12.5`, `0`. */
function share(value: number, digits = 3): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? '0' : text.replace(/^(-?)0\./, '$1.');
}
