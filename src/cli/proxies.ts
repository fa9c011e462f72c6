import { Command } from 'commander';
import { ParseError } from '../core/base/errors.js';
import { nearest } from '../core/base/nearest.js';
import { csvCell } from '../data/csv-cell.js';
import { PROXIES, ZERO_COST_PROXIES, type ZeroCostProxy } from '../data/engine-proxies.js';
import { manyProxies } from '../micro/proxies/many-proxies.js';
import type { ProxyValues } from '../micro/proxies/proxies.js';
import { PROXY_SPACES, proxyNetwork } from '../micro/proxies/proxy-unit.js';
import { progressBar } from '../notebook/progress-bar.js';
import { interruptible } from './interrupt.js';
import { atLine, readLines, wholeNumber } from './streams.js';

export function proxiesCommand(): Command {
  const list = ZERO_COST_PROXIES.map((name) => {
    const [says, unit] = PROXIES[name];
    return `  ${name.padEnd(14)}${says}${unit === '' ? '' : ` (${unit})`}\n`;
  });
  return new Command('proxies')
    .summary('zero-cost proxies of untrained networks, computed here')
    .description(
      'Builds the network of an architecture, draws weights and a batch, and computes zero-cost proxies: of nasbench201 at its ' +
        "real size, on pictures N(0, 1) with random labels; of MicroBench's families (E201, E101, EMB, E2P) on its scenes.",
    )
    .requiredOption('--space <id>', PROXY_SPACES.join(', '))
    .option('--arch <text...>', 'architectures, in any encoding of the space')
    .option('--in <file>', 'or: architectures, one a line; - is standard input')
    .option('--which <list>', 'proxies, joined by commas; all unless said', readWhich)
    .option('--seed <n>', 'of weights and batch', wholeNumber('--seed', 0), 1)
    .option('--batch <n>', 'pictures', wholeNumber('--batch', 2), 64)
    .option(
      '--workers <n>',
      'threads when there are several architectures; the values do not depend on it',
      wholeNumber('--workers', 0),
      2,
    )
    .option('--json', 'one JSON object a line and architecture')
    .addHelpText(
      'after',
      `\nProxies:\n${list.join('')}\nExamples:\n  npx nascope proxies --space nasbench201 --arch '(4, 0, 3, 1, 4, 3)' --which nwot,synflow` +
        '\n  npx nascope proxies --space EMB --in archs.txt --json\n\n' +
        'A proxy that is not a finite number has no value: an empty cell in CSV, null with a status in JSON. A network of\n' +
        'NAS-Bench-201 takes 5 to 25 seconds and up to 2 GB for all proxies of a batch of 64, one of MicroBench milliseconds.\n' +
        'npx nascope spaces shows how each space writes an architecture.',
    )
    .action((options: ProxyArguments) => interruptible((signal) => run(options, signal)));
}

interface ProxyArguments {
  readonly space: string;
  readonly arch?: readonly string[];
  readonly in?: string;
  readonly which?: readonly ZeroCostProxy[];
  readonly seed: number;
  readonly batch: number;
  readonly workers: number;
  readonly json?: boolean;
}

async function run(options: ProxyArguments, signal: AbortSignal): Promise<void> {
  const { space, which = ZERO_COST_PROXIES, seed, batch, json } = options;
  const archs = await readArchs(options);
  const bar = progressBar('proxies');
  if (!json) process.stdout.write(`net,${which.join(',')}\n`);
  /** Lines are written in the order of the architectures, each as soon as those before it are. */
  const lines = new Map<number, string>();
  let written = 0;
  try {
    await manyProxies(
      archs.map((arch) => ({ space, arch, seed, batch, which })),
      {
        workers: archs.length === 1 ? 0 : options.workers,
        signal,
        onProgress: bar.update,
        onUnit: (_, values, __, place) => {
          lines.set(place, json ? jsonLine(archs[place], values) : csvLine(archs[place], values, which));
          for (; lines.has(written); written++) {
            process.stdout.write(`${lines.get(written)}\n`);
            lines.delete(written);
          }
        },
      },
    );
  } finally {
    bar.end();
  }
}

/** Checked before anything is computed. */
async function readArchs({ space, arch, in: path }: ProxyArguments): Promise<string[]> {
  if ((arch === undefined) === (path === undefined)) {
    throw new ParseError({ what: 'proxies', text: '', at: 0, expected: 'either --arch or --in' });
  }
  if (arch !== undefined) {
    for (const text of arch) proxyNetwork(space, text);
    return [...arch];
  }
  const archs: string[] = [];
  for await (const line of readLines(path as string)) {
    atLine(line, (text) => proxyNetwork(space, text));
    archs.push(line.text);
  }
  return archs;
}

function jsonLine(net: string, values: ProxyValues): string {
  return JSON.stringify({ net, ...values });
}

function csvLine(net: string, values: ProxyValues, which: readonly ZeroCostProxy[]): string {
  return [csvCell(net), ...which.map((name) => values[name]?.value ?? '')].join(',');
}

function readWhich(text: string): ZeroCostProxy[] {
  return text.split(',').map((part) => {
    const found = ZERO_COST_PROXIES.find((name) => name === part.trim());
    if (found !== undefined) return found;
    const meant = nearest(part.trim(), ZERO_COST_PROXIES);
    const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
    throw new ParseError({ what: '--which', text: part, at: 0, expected: `some of ${ZERO_COST_PROXIES.join(', ')}${hint}` });
  });
}
