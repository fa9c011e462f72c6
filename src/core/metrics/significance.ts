import { ShapeError } from '../base/errors.js';
import { type FriedmanResult, friedman } from './friedman.js';
import { holm } from './holm.js';
import { quantile } from './quantile.js';
import { wilcoxon } from './wilcoxon.js';

/** One competitor's numbers, one a block (seed). NaN where a number is not defined. */
export interface Competitor {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/** Two competitors against each other. */
export interface PairTest {
  readonly a: string;
  readonly b: string;
  /** Of Wilcoxon's signed-rank test, two-sided. */
  readonly p: number;
  /** The same after Holm's correction for all pairs. */
  readonly corrected: number;
}

/** Who is best, and who cannot be told apart from it. */
export interface Significance {
  /** Blocks in which every competitor's number is defined: those that the tests stand on. */
  readonly blocks: number;
  /** Do any differ? null with fewer than 3 competitors or 2 blocks. */
  readonly friedman: FriedmanResult | null;
  readonly pairs: readonly PairTest[];
  /** The name with the best median. */
  readonly best: string;
  /** Names whose p against the best, corrected for as many tests as there are others, is 0.05 or more; best median first. */
  readonly alike: readonly string[];
  /** Names that are worse than the best by the test, best median first. */
  readonly worse: readonly string[];
  /** The verdict in plain words. */
  readonly says: string;
}

const LEVEL = 0.05;

/** With fewer blocks than this no p can fall below the level, whatever the numbers: the least is 2^(1−n), times the tests made. */
function fewestBlocks(tests: number): number {
  return Math.ceil(1 + Math.log2((tests / LEVEL) * (1 + Number.EPSILON)));
}

/**
 * Friedman's test over all competitors, Wilcoxon's signed-rank test of each pair with Holm's correction, and the group that
 * cannot be told apart from the best median at 0.05 (Holm over the tests against the best): the GRAF paper's bold numbers.
 * @param options `better`: whether higher (unless said) or lower numbers win.
 * @throws ShapeError when there is no competitor, two share a name, their lengths differ, or no block is complete.
 */
export function significance(
  competitors: readonly Competitor[],
  options: { readonly better?: 'higher' | 'lower' } = {},
): Significance {
  const complete = completeBlocks(competitors);
  const lists = competitors.map(({ values }) => Float64Array.from(complete, (block) => values[block]));
  const sign = options.better === 'lower' ? -1 : 1;
  const medians = lists.map((list) => sign * quantile(list.slice().sort(), 0.5));
  const order = competitors.map((_, i) => i).sort((i, j) => medians[j] - medians[i] || i - j);

  const couples = lists.flatMap((_, j) => lists.slice(0, j).map((_, i) => [i, j] as const));
  const raw = couples.map(([i, j]) => wilcoxon(lists[i], lists[j]).p);
  const corrected = holm(raw);
  const name = (i: number): string => competitors[i].name;
  const pairs = couples.map(([i, j], k) => ({ a: name(i), b: name(j), p: raw[k], corrected: corrected[k] }));

  const [best, ...others] = order;
  const pOf = (i: number): number => raw[couples.findIndex(([a, b]) => a === Math.min(i, best) && b === Math.max(i, best))];
  const against = holm(others.map(pOf));
  const alike = others.filter((_, k) => against[k] >= LEVEL).map(name);
  const worse = others.filter((_, k) => against[k] < LEVEL).map(name);
  const largest = Math.max(0, ...against.filter((p) => p < LEVEL));
  const tested = {
    blocks: complete.length,
    friedman: lists.length >= 3 && complete.length >= 2 ? friedman(lists) : null,
    pairs,
    best: name(best),
    alike,
    worse,
  };
  return { ...tested, says: verdict(tested, largest) };
}

function completeBlocks(competitors: readonly Competitor[]): number[] {
  const wrong = (expected: string, got: string): ShapeError =>
    new ShapeError({ argument: 'significance: competitors', expected, got });
  if (competitors.length === 0) throw wrong('at least one', 'none');
  if (new Set(competitors.map((c) => c.name)).size < competitors.length) throw wrong('names that differ', 'one name twice');
  const { length } = competitors[0].values;
  const odd = competitors.find(({ values }) => values.length !== length);
  if (odd !== undefined) throw wrong(`${length} numbers each`, `${odd.values.length} of ${odd.name}`);
  const blocks = Array.from({ length }, (_, block) => block).filter((block) =>
    competitors.every(({ values }) => !Number.isNaN(values[block])),
  );
  if (blocks.length === 0) throw wrong('a block in which every number is defined', 'none');
  return blocks;
}

function verdict({ blocks, best, alike, worse }: Omit<Significance, 'says' | 'friedman' | 'pairs'>, largest: number): string {
  if (alike.length + worse.length === 0) return `${best} ran alone.`;
  const fewest = fewestBlocks(alike.length + worse.length);
  if (blocks < fewest) {
    const seeds = blocks === 1 ? 'One seed says' : `${blocks} seeds say`;
    return `${best} has the best median. ${seeds} nothing about chance: a verdict takes at least ${fewest}.`;
  }
  const rest = worse.length === 0 ? '' : `${listed(worse)} ${worse.length === 1 ? 'is' : 'are'} worse (p ${pText(largest)}).`;
  if (alike.length === 0) return `${best} is best; ${rest}`;
  const near = `${best} has the best median; ${listed(alike)} cannot be told apart from it`;
  return rest === '' ? `${near}.` : `${near}; ${rest}`;
}

function listed(names: readonly string[]): string {
  if (names.length === 1) return names[0];
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : `≤ ${p.toPrecision(2)}`;
}
