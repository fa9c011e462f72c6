import type { Benchmark, BenchmarkId } from '../data/index.js';
import type { Workbench } from './workbench.js';

/**
 * One way to make numbers, once a seed. Cells of several tables may show numbers of the same experiment: it runs once.
 */
export interface Experiment {
  /** All that its numbers depend on besides seed, data and code: two experiments of one id are the same. */
  readonly id: string;
  readonly benchmark: BenchmarkId;
  readonly dataset: string;
  /** The seeds of the published number, in its order. A shorter run takes the first of them. */
  readonly seeds: readonly number[];
  /** @returns numbers by name; NaN where one is not defined. */
  run(seed: number, bench: Workbench): Promise<Readonly<Record<string, number>>>;
}

/** The seeds of an experiment that has no randomness. */
export const ONCE: readonly number[] = [0];

/** The paper's seeds: 42, 43, … */
export function seedsFrom42(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => 42 + i);
}

/** The columns' direction decides what "best" is. */
export function directionOf(bench: Benchmark, target: string): 'higher' | 'lower' {
  return bench.columns.find((c) => c.name === target)?.direction === 'lower' ? 'lower' : 'higher';
}
