import { Command } from 'commander';
import { MICRO_METRICS } from '../data/microbench.js';
import { MICROBENCH_FOLDER, type MicroFamilyEntry, readMicroManifest } from '../data/microbench-table.js';
import { type SeedAgreement, seedAgreement } from '../micro/seed-agreement.js';

/** `nascope microbench bars`: what the table's page says of its seeds. */
export function microbenchBarsCommand(): Command {
  return new Command('bars')
    .summary('how far seeds agree, and whether that is what was aimed at')
    .description(
      "For every family and metric: Spearman's correlation between seeds on the test split, their mean beside the aim where there is " +
        'one, and the distribution of the means of the seeds that every network has. As Markdown, as the page of the table has it.',
    )
    .option('--table <folder>', 'the table', MICROBENCH_FOLDER)
    .option('--json', 'one JSON object a line, family and metric')
    .addHelpText('after', '\nExample:\n  npx nascope microbench bars')
    .action(run);
}

async function run({ table, json }: { readonly table: string; readonly json?: boolean }): Promise<void> {
  const { families } = await readMicroManifest(table);
  for (const [family, entry] of Object.entries(families)) {
    const all = await seedAgreement(entry, table);
    if (json) for (const one of all) process.stdout.write(`${JSON.stringify({ family, ...one })}\n`);
    else process.stdout.write(`${familyText(family, entry, all)}\n`);
  }
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

/** `.947`, `-.02`, `12.5`, `0`. */
function share(value: number, digits = 3): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? '0' : text.replace(/^(-?)0\./, '$1.');
}
