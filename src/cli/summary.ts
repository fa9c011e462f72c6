import type { Evaluation } from '../core/models/evaluate.js';

/** A metric over seeds. null where it is not defined: no spread of one seed, nothing at all where every seed was undefined. */
export interface Moments {
  /** Seeds in which the metric was defined; the other fields are about these. */
  readonly n: number;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly median: number | null;
}

export function summarise(rows: readonly Evaluation[]): Record<keyof Evaluation, Moments> {
  const names = Object.keys(rows[0]) as (keyof Evaluation)[];
  const entries = names.map((name) => [name, moments(rows.map((row) => row[name]))]);
  return Object.fromEntries(entries) as Record<keyof Evaluation, Moments>;
}

export function moments(values: readonly number[]): Moments {
  const sorted = values.filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) return { n, mean: null, sd: null, median: null };
  const mean = sorted.reduce((a, b) => a + b, 0) / n;
  const sd = n === 1 ? null : Math.sqrt(sorted.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
  return { n, mean, sd, median: (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2 };
}

/** A summary for a terminal: what was evaluated, then a line a metric. */
export function summaryText(summary: Readonly<Record<string, unknown>>): string {
  const isMoments = (value: unknown): value is Moments => typeof value === 'object' && value !== null;
  const entries = Object.entries(summary);
  const fact = (value: unknown): string =>
    typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(4) : String(value);
  const about = entries.filter(([, value]) => !isMoments(value)).map(([name, value]) => `${name.padEnd(13)} ${fact(value)}\n`);
  const head = `\n${''.padEnd(13)} ${['mean', 'sd', 'median', 'seeds'].map((name) => name.padStart(10)).join(' ')}\n`;
  const lines = entries.map(([name, value]) => {
    if (!isMoments(value)) return '';
    const cells = [value.mean, value.sd, value.median].map((v) => (v === null ? '–' : v.toFixed(4)).padStart(10));
    return `${name.padEnd(13)} ${cells.join(' ')} ${String(value.n).padStart(10)}\n`;
  });
  return about.join('') + head + lines.join('');
}
