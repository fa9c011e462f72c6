import type { FeatureTable } from '../../base/table.js';
import type { Tree } from './tree.js';

/**
 * What an ensemble's trees ask, by number: a value is replaced by how many of its column's thresholds are below it, once a
 * row. Every node then compares two small integers.
 */
export interface ThresholdCodes {
  /** The columns that are asked at all. A column's place here is its slot. */
  readonly columns: Int32Array;
  /** The different thresholds of each, ascending. */
  readonly thresholds: readonly Float64Array[];
  /** The slot of each column of the table; 0 where it is never asked. */
  readonly slots: Int32Array;
  /** Where to look a value's code up, one a slot. */
  readonly lookups: readonly Lookup[];
  /** Codes a row. */
  readonly width: number;
  /** Whether they fit 16 bits. */
  readonly small: boolean;
}

/** Shortcuts to the code of a value. */
interface Lookup {
  /** Of each of the 256 values of a byte, from −128 up. */
  readonly bytes: Uint16Array;
  /**
   * Of doubles: their range is cut into equal cells, and a value has at least `cells[cell]` thresholds below it and at most
   * `cells[cell + 1]`. Rounding does no harm, because it never changes the order of two values.
   */
  readonly cells: Int32Array;
  readonly low: number;
  readonly scale: number;
}

export function thresholdCodes(trees: readonly Tree[], columnCount: number): ThresholdCodes {
  const asked: number[][] = Array.from({ length: columnCount }, () => []);
  for (const tree of trees) {
    for (let i = 0; i < tree.feature.length; i++) if (tree.feature[i] >= 0) asked[tree.feature[i]].push(tree.value[i]);
  }
  const columns = Int32Array.from(asked.keys()).filter((c) => asked[c].length > 0);
  const thresholds = Array.from(columns, (c) => distinct(Float64Array.from(asked[c]).sort()));
  const slots = new Int32Array(columnCount);
  columns.forEach((c, slot) => {
    slots[c] = slot;
  });
  return {
    columns,
    thresholds,
    slots,
    lookups: thresholds.map(lookupOf),
    width: Math.max(1, columns.length),
    small: thresholds.every((t) => t.length < 65536),
  };
}

/** Cells a threshold: most hold none or one. */
const CELLS = 4;

function lookupOf(thresholds: Float64Array): Lookup {
  const count = thresholds.length;
  const bytes = new Uint16Array(256);
  for (let byte = 0; byte < 256; byte++) bytes[byte] = countBelow(thresholds, byte - 128);
  const low = thresholds[0];
  const last = CELLS * count - 1;
  const range = thresholds[count - 1] - low;
  const scale = range > 0 && Number.isFinite(range) ? last / range : 0;
  const cells = new Int32Array(last + 2);
  for (const threshold of thresholds) cells[cellOf(threshold, low, scale, last) + 1]++;
  for (let cell = 0; cell <= last; cell++) cells[cell + 1] += cells[cell];
  return { bytes, cells, low, scale };
}

function cellOf(value: number, low: number, scale: number, last: number): number {
  const cell = (value - low) * scale;
  // NaN, which no threshold is below, comes into the first.
  return cell > last ? last : cell > 0 ? Math.trunc(cell) : 0;
}

/** How the codes of a block of rows lie: that of row `r` and slot `s` at `r * rowStep + s * slotStep`. */
export interface CodeBlock {
  readonly codes: Uint16Array | Int32Array;
  readonly rowStep: number;
  readonly slotStep: number;
}

/** Writes the codes of rows `start … start + rows` of a table whose columns are already checked. */
export function encodeRows(
  { columns, thresholds, lookups }: ThresholdCodes,
  x: FeatureTable,
  start: number,
  rows: number,
  { codes, rowStep, slotStep }: CodeBlock,
): void {
  for (let slot = 0; slot < columns.length; slot++) {
    const values = x.values[columns[slot]];
    const to = slot * slotStep;
    if (values instanceof Int8Array) encodeBytes(values, start, rows, lookups[slot], codes, to, rowStep);
    else encodeDoubles(values, start, rows, thresholds[slot], lookups[slot], codes, to, rowStep);
  }
}

function encodeBytes(
  values: Int8Array,
  start: number,
  rows: number,
  { bytes }: Lookup,
  codes: Uint16Array | Int32Array,
  to: number,
  step: number,
): void {
  for (let r = start; r < start + rows; r++, to += step) codes[to] = bytes[values[r] + 128];
}

function encodeDoubles(
  values: Float64Array,
  start: number,
  rows: number,
  thresholds: Float64Array,
  { cells, low, scale }: Lookup,
  codes: Uint16Array | Int32Array,
  to: number,
  step: number,
): void {
  const last = cells.length - 2;
  for (let r = start; r < start + rows; r++, to += step) {
    const value = values[r];
    const cell = cellOf(value, low, scale, last);
    let least = cells[cell];
    let most = cells[cell + 1];
    while (least < most) {
      const middle = (least + most) >>> 1;
      if (thresholds[middle] < value) least = middle + 1;
      else most = middle;
    }
    codes[to] = least;
  }
}

/** How many of the ascending thresholds are below a value. */
export function countBelow(thresholds: Float64Array, value: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (thresholds[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Each value of an ascending list once. */
export function distinct(ascending: Float64Array): Float64Array {
  return ascending.filter((value, i) => i === 0 || value !== ascending[i - 1]);
}
