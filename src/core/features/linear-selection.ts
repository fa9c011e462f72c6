import type { FeatureTable } from '../base/table.js';

/** Arithmetic modulo this prime is exact in doubles: products stay below 2^53. */
const PRIME = 67_108_859;
/** Turns quotients with denominators 1 to 7 into whole numbers. */
const SCALE = 420;

/** What is left of a table when columns that follow from others are taken out. */
export interface LinearSelection {
  /** Columns that are kept, by number, in their order. */
  readonly kept: readonly number[];
  /** Columns that were linear in the others before any was taken out. */
  readonly redundant: readonly number[];
}

/**
 * The GRAF paper's selection of features: of the columns that a linear regression (with intercept) predicts exactly from
 * all others, the last is dropped, then from the front each that the remaining columns still predict. Regressions are
 * replaced by what they test for, exact linear dependence over all rows.
 * @param table counts, or quotients of counts with denominators up to 7; other numbers are rounded to 1/420.
 * @see graf.md section 5, "Linear redundancy selection" (zc_combine, scripts/select_independent_feature_set.py).
 * Takes O(rows × columns × rank): a second for 9,445 rows and 87 columns.
 */
export function linearSelection(table: FeatureTable): LinearSelection {
  const relations = nullSpace(table);
  const count = table.columns.length;
  const columns = Array.from({ length: count }, (_, c) => c);
  const redundant = columns.filter((c) => relations.some((relation) => relation[c] !== 0));
  const dropped = new Set<number>();
  for (const column of [...redundant.slice(-1), ...redundant.slice(0, -1)]) {
    const at = relations.findIndex((relation) => relation[column] !== 0);
    if (at < 0) continue;
    dropped.add(column);
    // What is left are the relations among the columns that remain.
    const [used] = relations.splice(at, 1);
    for (const relation of relations) eliminate(relation, used, column);
  }
  return { kept: columns.filter((c) => !dropped.has(c)), redundant };
}

/** A basis of the linear relations between the columns and a column of ones (the last entry), modulo the prime. */
function nullSpace({ rowCount, columns, values }: FeatureTable): Float64Array[] {
  const width = columns.length + 1;
  const pivots: { readonly row: Float64Array; readonly at: number }[] = [];
  const seen = new Set<string>();
  for (let r = 0; r < rowCount && pivots.length < width; r++) {
    const row = new Float64Array(width).fill(1);
    for (let c = 0; c < width - 1; c++) row[c] = modulo(Math.round(values[c][r] * SCALE));
    const key = row.join();
    if (seen.has(key)) continue;
    seen.add(key);
    for (const pivot of pivots) eliminate(row, pivot.row, pivot.at);
    const at = row.findIndex((v) => v !== 0);
    if (at < 0) continue;
    scale(row, inverse(row[at]));
    for (const pivot of pivots) eliminate(pivot.row, row, at);
    pivots.push({ row, at });
  }
  const bound = new Set(pivots.map(({ at }) => at));
  return Array.from({ length: width }, (_, free) => free)
    .filter((free) => !bound.has(free))
    .map((free) => {
      const relation = new Float64Array(width);
      relation[free] = 1;
      for (const { row, at } of pivots) relation[at] = modulo(-row[free]);
      return relation;
    });
}

/** Takes a multiple of `by` from `row` so that its entry `at` becomes 0. */
function eliminate(row: Float64Array, by: Float64Array, at: number): void {
  if (row[at] === 0) return;
  const factor = (row[at] * inverse(by[at])) % PRIME;
  for (let c = 0; c < row.length; c++) if (by[c] !== 0) row[c] = modulo(row[c] - ((factor * by[c]) % PRIME));
}

function scale(row: Float64Array, factor: number): void {
  for (let c = 0; c < row.length; c++) row[c] = (row[c] * factor) % PRIME;
}

function modulo(value: number): number {
  const rest = value % PRIME;
  return rest < 0 ? rest + PRIME : rest;
}

/** By Fermat: value^(p − 2). */
function inverse(value: number): number {
  if (value === 1) return 1;
  let result = 1;
  let power = value;
  for (let exponent = PRIME - 2; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) result = (result * power) % PRIME;
    power = (power * power) % PRIME;
  }
  return result;
}
