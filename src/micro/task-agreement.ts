import { kendallMatrix } from '../core/metrics/kendall-matrix.js';
import type { BenchmarkTable } from '../data/benchmark.js';

/** The main metric of each task, and the size of a network, which many a proxy and predictor stands on. */
const TASKS = ['cls.acc', 'den.psnr', 'seg.iou'] as const;
const SIZE = 'params_live';
const COLUMNS: readonly string[] = [...TASKS, SIZE];

/** The pairs that are told: what two tasks have in common, and what size tells of each. */
export const TOLD_PAIRS: readonly (readonly [string, string])[] = [
  ...TASKS.flatMap((a, i) => TASKS.slice(i + 1).map((b) => [a, b] as const)),
  ...TASKS.map((task) => [SIZE, task] as const),
];

/** How far what is good for one task is good for another, in one family. */
export interface TaskAgreement {
  /** Networks with a value of every task: none of their trainings diverged. */
  readonly networks: number;
  /** Kendall's tau of each of `TOLD_PAIRS` over them. */
  readonly taus: readonly number[];
}

/** Of a family's table; null where it lacks a task or holds less than two networks with all of them. Takes O(n log n). */
export function taskAgreement(table: BenchmarkTable): TaskAgreement | null {
  const place = (name: string): number => table.columns.findIndex((column) => column.name === name);
  const found = COLUMNS.map((name) => table.values[place(name)]);
  if (found.includes(undefined as never)) return null;
  const rows = table.archs.flatMap((_, row) => (found.every((values) => Number.isFinite(values[row])) ? [row] : []));
  if (rows.length < 2) return null;
  const { taus } = kendallMatrix(found.map((values) => Float64Array.from(rows, (row) => values[row])));
  const at = (name: string): number => COLUMNS.indexOf(name);
  return { networks: rows.length, taus: TOLD_PAIRS.map(([a, b]) => taus[at(a) * COLUMNS.length + at(b)]) };
}
