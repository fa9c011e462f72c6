import { ParseError } from '../core/base/errors.js';
import type { Experiment } from './experiment.js';
import type { PaperTable } from './paper-table.js';

/** The smallest piece of work: one experiment with one seed. */
export interface Unit {
  readonly experiment: Experiment;
  readonly seed: number;
}

/** One of several runs that share a plan: the `index`-th of `of`, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** The experiments behind a table's cells, each once. */
export function experimentsOf(tables: readonly PaperTable[]): Experiment[] {
  const found = new Map<string, Experiment>();
  for (const table of tables) {
    for (const row of table.rows) {
      for (const column of table.columns) {
        const cell = table.cell(row, column);
        if (cell.look === 'unavailable') continue;
        const { experiment } = cell;
        // Tables may ask for more or fewer seeds of one experiment: the longest list serves all.
        const known = found.get(experiment.id);
        if (!known || known.seeds.length < experiment.seeds.length) found.set(experiment.id, experiment);
      }
    }
  }
  return [...found.values()];
}

/** All units of tables with the first `seeds` seeds (null: as many as the published numbers have), in a fixed order. */
export function planUnits(tables: readonly PaperTable[], seeds: number | null): Unit[] {
  return experimentsOf(tables).flatMap((experiment) =>
    experiment.seeds.slice(0, seeds ?? undefined).map((seed) => ({ experiment, seed })),
  );
}

/** Every `of`-th unit: neighbours cost alike, so that shards do too. */
export function shardUnits(units: readonly Unit[], shard: Shard | null): Unit[] {
  return shard === null ? [...units] : units.filter((_, i) => i % shard.of === shard.index - 1);
}

/** `2/8`: the second of eight. @throws ParseError. */
export function parseShard(text: string): Shard {
  const found = /^(\d+)\/(\d+)$/.exec(text.trim());
  const [index, of] = [Number(found?.[1]), Number(found?.[2])];
  if (found === null || index < 1 || index > of || of > 100_000) {
    throw new ParseError({ what: '--shard', text, at: 0, expected: 'I/N with I from 1 to N, as 2/8' });
  }
  return { index, of };
}
