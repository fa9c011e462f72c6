import type { FeatureTable } from '../../../src/core/base/table.js';
import { tableOf } from './rows.js';

/** Fractions by a formula that other languages can follow, rows `from .. to`. */
export function formulaTable(from: number, to: number, columns: number): FeatureTable {
  return tableOf(
    Array.from({ length: columns }, (_, c) => Float64Array.from({ length: to - from }, (_, i) => formulaCell(from + i, c))),
  );
}

export function formulaCell(r: number, c: number): number {
  return (((r * (2 * c + 3) + c) * (7 + r)) % 97) / 13;
}

export function targets(rows: number, of: (row: number) => number): Float64Array {
  return Float64Array.from({ length: rows }, (_, r) => of(r));
}

/** The greatest difference of two lists of one length; infinite when they are not. */
export function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);
}
