import { type NoiseCeiling, noiseCeiling } from '../../core/metrics/noise-ceiling.js';
import type { Benchmark } from '../benchmark.js';

/** A benchmark's own noise ceiling of a target, and what it was measured between. */
export interface TargetCeiling extends NoiseCeiling {
  /** The columns, in words. */
  readonly between: readonly string[];
}

/** Agreement of a target with the columns that measured it once more; null where there is none, or too few rows have both. */
export function targetCeiling(bench: Benchmark, target: string = bench.defaultTarget): TargetCeiling | null {
  const own = bench.columns.find((column) => column.name === target);
  const columns = bench.columns.filter(({ name, repeats }) => name === target || repeats === target || name === own?.repeats);
  if (own === undefined || columns.length < 2) return null;
  const sign = own.direction === 'lower' ? -1 : 1;
  const values = columns.map(({ name }) => bench.column(name).map((value) => sign * value));
  const complete = values[0].filter((_, row) => values.every((list) => !Number.isNaN(list[row]))).length;
  if (complete < 2) return null;
  return { ...noiseCeiling(values), between: columns.map((column) => column.says) };
}
