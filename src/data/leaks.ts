import type { Split } from '../core/base/split.js';
import type { Benchmark } from './benchmark.js';

/** Networks that compute the same function on both sides of a split: the test asks for what was learned by heart. */
export interface Leak {
  /** Test rows that have a twin among the training rows. */
  readonly rows: Int32Array;
  /** Test rows in all. */
  readonly of: number;
  /** One warning in plain words, with the way out. */
  readonly says: string;
}

const known = new WeakMap<Benchmark, readonly string[]>();

/** Each row's `identity` by its space's published rule; kept, since making it takes some time. */
function identities(bench: Benchmark): readonly string[] {
  const made = known.get(bench) ?? bench.archs.map((arch) => bench.space.identity(arch));
  known.set(bench, made);
  return made;
}

/**
 * Twins on both sides of a split of a benchmark's rows, by `space.identity`; null where there are none.
 * Takes about 20 µs a row, once a benchmark.
 */
export function findLeak(bench: Benchmark, split: Split): Leak | null {
  const same = identities(bench);
  const learned = new Set(Array.from(split.train, (row) => same[row]));
  const rows = split.test.filter((row) => learned.has(same[row]));
  if (rows.length === 0) return null;
  const share = ((100 * rows.length) / split.test.length).toPrecision(2);
  const says =
    `${rows.length.toLocaleString('en')} of ${split.test.length.toLocaleString('en')} test networks (${share} %) compute the same ` +
    `function as a training network (space.identity of ${bench.space.id}); withoutTwins(bench, split) leaves them out.`;
  return { rows, of: split.test.length, says };
}

/** The leak of the split that has most of them, null where none has any: what to say of several seeds at once. */
export function worstLeak(bench: Benchmark, splits: Iterable<Split>): Leak | null {
  let worst: Leak | null = null;
  for (const split of splits) {
    const leak = findLeak(bench, split);
    if ((leak?.rows.length ?? 0) > (worst?.rows.length ?? 0)) worst = leak;
  }
  return worst;
}

/** The split without the test rows that have a twin among the training rows. */
export function withoutTwins(bench: Benchmark, split: Split): Split {
  const leaked = new Set(findLeak(bench, split)?.rows);
  return { train: split.train, test: split.test.filter((row) => !leaked.has(row)) };
}

const told = new Set<string>();

/** Tells of a leak in one line on stderr (a cell's own, in a notebook), each once a process. */
export function warnOfLeak(leak: Leak | null): void {
  if (leak === null || told.has(leak.says)) return;
  told.add(leak.says);
  process.stderr.write(`nascope: note: ${leak.says}\n`);
}
