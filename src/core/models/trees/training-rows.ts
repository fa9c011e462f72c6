import type { ColumnValues, FeatureTable } from '../../base/table.js';
import { ascending } from '../../metrics/ranks.js';

/** Columns with at most this many distinct values are counted in histograms ("coarse"), others are kept sorted ("fine"). */
export const COARSE = 32;

/**
 * The training table as trees want it, made once a forest. Rows are renumbered so that targets ascend: a node's rows,
 * kept in order, are then sorted by target, which makes purity and the best conceivable split quick to tell.
 *
 * Columns with identical codes make one *group*, evaluated once a node. Every column still takes part in the random
 * order by itself, so that a tie is won in proportion to the columns that share it, as when all are evaluated.
 * Groups 0 .. coarseCount − 1 are coarse, the following fineCount ones fine. Constant columns are left out.
 */
export interface TrainingRows {
  readonly rowCount: number;
  readonly columnCount: number;
  /** The table's row of each row. */
  readonly tableRow: Uint32Array;
  /** Targets, ascending. */
  readonly target: Float64Array;
  /** The same, centred and scaled into −2 .. 2, for sums that neither overflow nor cancel. */
  readonly scaled: Float64Array;
  /** Table columns that are not constant. */
  readonly column: Int32Array;
  /** The group of each of them. */
  readonly group: Int32Array;
  /** Distinct values, ascending: those of `column[i]` stand from `valueStart[i]`. A code is a place among them. */
  readonly values: Float64Array;
  readonly valueStart: Int32Array;
  readonly coarseCount: number;
  /** Coarse group `g` owns the bins `binStart[g] .. binStart[g + 1]`. */
  readonly binStart: Int32Array;
  /** Row-major, rows × coarseCount: `binStart[g]` + code. For what looks at all columns of a row. */
  readonly bins: Uint16Array | Uint32Array;
  /** Column-major, coarseCount × rows: the code. For what looks at one column of many rows. */
  readonly codes: Uint8Array;
  readonly fineCount: number;
  /** Column-major, fineCount × rows: the code. */
  readonly ranks: Int32Array;
  /** Column-major, fineCount × rows: rows in ascending order of code. */
  readonly sorted: Int32Array;
}

/** Where a column's codes stand: row `r`'s is `list[offset + r]`. */
export interface CodesOfColumn {
  readonly list: Uint8Array | Int32Array;
  readonly offset: number;
}

/** @param column a place in `data.column`. */
export function codesOf(data: TrainingRows, column: number): CodesOfColumn {
  const g = data.group[column];
  if (g < data.coarseCount) return { list: data.codes, offset: g * data.rowCount };
  return { list: data.ranks, offset: (g - data.coarseCount) * data.rowCount };
}

/**
 * @param coarseLimit `COARSE`, or another number up to 256; 0 keeps every column sorted.
 * The inputs are already checked: equal lengths, finite, at least one row. Takes O(rows × columns).
 */
export function trainingRows(x: FeatureTable, y: Float64Array, coarseLimit: number): TrainingRows {
  const rowCount = y.length;
  const byTarget = ascending(y);
  const target = Float64Array.from(byTarget, (row) => y[row]);

  const column: number[] = [];
  const group: number[] = [];
  const valueStart: number[] = [];
  const values: number[] = [];
  const groups: Codes[] = [];
  const seen = new Map<number, number[]>();
  for (let c = 0; c < x.values.length; c++) {
    const codes = encode(x.values[c], byTarget);
    if (codes.values.length < 2) continue;
    column.push(c);
    valueStart.push(values.length);
    for (const value of codes.values) values.push(value);
    group.push(groupOf(codes, groups, seen));
  }

  const isCoarse = groups.map((codes) => codes.values.length <= coarseLimit);
  const coarse = groups.filter((_, g) => isCoarse[g]);
  const fine = groups.filter((_, g) => !isCoarse[g]);
  let nextCoarse = 0;
  let nextFine = coarse.length;
  const place = isCoarse.map((yes) => (yes ? nextCoarse++ : nextFine++));

  return {
    rowCount,
    columnCount: x.values.length,
    tableRow: byTarget,
    target,
    scaled: scale(target),
    column: Int32Array.from(column),
    group: Int32Array.from(group, (g) => place[g]),
    values: Float64Array.from(values),
    valueStart: Int32Array.from(valueStart),
    coarseCount: coarse.length,
    ...coarseBins(coarse, rowCount),
    fineCount: fine.length,
    ...fineOrders(fine, rowCount),
  };
}

interface Codes {
  readonly codes: Int32Array;
  readonly values: readonly number[] | Float64Array;
}

/** Each row's place among the column's distinct values. */
function encode(column: ColumnValues, byTarget: Uint32Array): Codes {
  return encodeFew(column, byTarget) ?? encodeMany(column, byTarget);
}

function encodeFew(column: ColumnValues, byTarget: Uint32Array): Codes | undefined {
  const n = byTarget.length;
  const codes = new Int32Array(n);
  const found: number[] = [];
  for (let i = 0; i < n; i++) {
    const value = column[byTarget[i]];
    let at = 0;
    while (at < found.length && found[at] !== value) at++;
    if (at === found.length) {
      if (at === COARSE) return undefined;
      found.push(value);
    }
    codes[i] = at;
  }
  const values = [...found].sort((a, b) => a - b);
  const rank = Int32Array.from(found, (value) => values.indexOf(value));
  for (let i = 0; i < n; i++) codes[i] = rank[codes[i]];
  return { codes, values };
}

function encodeMany(column: ColumnValues, byTarget: Uint32Array): Codes {
  const n = byTarget.length;
  const own = Float64Array.from(byTarget, (row) => column[row]);
  const order = ascending(own);
  const codes = new Int32Array(n);
  const values = new Float64Array(n);
  let last = -1;
  for (let i = 0; i < n; i++) {
    const value = own[order[i]];
    if (last < 0 || value !== values[last]) values[++last] = value;
    codes[order[i]] = last;
  }
  return { codes, values: values.subarray(0, last + 1) };
}

function groupOf(codes: Codes, groups: Codes[], seen: Map<number, number[]>): number {
  let hash = codes.values.length;
  for (let i = 0; i < codes.codes.length; i++) hash = Math.imul(hash ^ codes.codes[i], 0x01000193);
  const alike = seen.get(hash) ?? [];
  for (const g of alike) if (sameCodes(groups[g].codes, codes.codes)) return g;
  seen.set(hash, [...alike, groups.length]);
  return groups.push(codes) - 1;
}

function sameCodes(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function scale(target: Float64Array): Float64Array {
  const n = target.length;
  const largest = Math.max(Math.abs(target[0]), Math.abs(target[n - 1]));
  const scaled = new Float64Array(n);
  if (largest === 0) return scaled;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += target[i] / largest / n;
  for (let i = 0; i < n; i++) scaled[i] = target[i] / largest - mean;
  return scaled;
}

function coarseBins(coarse: readonly Codes[], rowCount: number): Pick<TrainingRows, 'binStart' | 'bins' | 'codes'> {
  const binStart = new Int32Array(coarse.length + 1);
  for (let g = 0; g < coarse.length; g++) binStart[g + 1] = binStart[g] + coarse[g].values.length;
  const cells = rowCount * coarse.length;
  const bins = binStart[coarse.length] <= 65536 ? new Uint16Array(cells) : new Uint32Array(cells);
  const codes = new Uint8Array(cells);
  for (let g = 0; g < coarse.length; g++) {
    const own = coarse[g].codes;
    codes.set(own, g * rowCount);
    for (let row = 0; row < rowCount; row++) bins[row * coarse.length + g] = binStart[g] + own[row];
  }
  return { binStart, bins, codes };
}

function fineOrders(fine: readonly Codes[], rowCount: number): Pick<TrainingRows, 'ranks' | 'sorted'> {
  const ranks = new Int32Array(fine.length * rowCount);
  const sorted = new Int32Array(fine.length * rowCount);
  for (let f = 0; f < fine.length; f++) {
    const { codes, values } = fine[f];
    ranks.set(codes, f * rowCount);
    const next = new Int32Array(values.length + 1);
    for (let row = 0; row < rowCount; row++) next[codes[row] + 1]++;
    for (let v = 0; v < values.length; v++) next[v + 1] += next[v];
    for (let row = 0; row < rowCount; row++) sorted[f * rowCount + next[codes[row]]++] = row;
  }
  return { ranks, sorted };
}
