/**
 * Rows in ascending order of their values; equal values keep their order. −0 equals 0; NaN is not allowed.
 *
 * A radix sort on the upper 32 bits of each double (three passes of 11 bits), then a comparison sort of the few runs
 * that those bits do not tell apart. Takes O(n) for values that differ by more than one part in a million.
 */
export function ascending(values: ArrayLike<number>): Uint32Array {
  const n = values.length;
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  if (n < RADIX_FROM) {
    insertionSort(order, values, 0, n);
    return order;
  }
  const keys = upperBits(values);
  const sorted = radixSort(order, keys);
  for (let start = 0; start < n; ) {
    const key = keys[sorted[start]];
    let end = start + 1;
    let settled = true;
    for (; end < n && keys[sorted[end]] === key; end++) {
      if (values[sorted[end]] < values[sorted[end - 1]]) settled = false;
    }
    if (!settled) {
      if (end - start < RADIX_FROM) insertionSort(sorted, values, start, end);
      else sorted.subarray(start, end).sort((a, b) => values[a] - values[b] || a - b);
    }
    start = end;
  }
  return sorted;
}

/** Each row's place among the distinct values: 0 for the smallest. `counts[d]` rows share place `d`. */
export interface DenseRanks {
  readonly ranks: Int32Array;
  readonly counts: Int32Array;
}

/** @param order the values' `ascending` order. */
export function denseRanks(values: ArrayLike<number>, order: Uint32Array): DenseRanks {
  const n = values.length;
  const ranks = new Int32Array(n);
  const counts = new Int32Array(n);
  let distinct = -1;
  let last = Number.NaN;
  for (let i = 0; i < n; i++) {
    const row = order[i];
    const value = values[row];
    if (value !== last) {
      distinct++;
      last = value;
    }
    ranks[row] = distinct;
    counts[distinct]++;
  }
  return { ranks, counts: counts.subarray(0, distinct + 1) };
}

/** Ranks from 1, where equal values share the mean of their places: `scipy.stats.rankdata`'s default. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const order = ascending(values);
  const ranks = new Float64Array(n);
  for (let start = 0; start < n; ) {
    const value = values[order[start]];
    let end = start + 1;
    while (end < n && values[order[end]] === value) end++;
    const rank = (start + end + 1) / 2;
    for (let i = start; i < end; i++) ranks[order[i]] = rank;
    start = end;
  }
  return ranks;
}

const RADIX_FROM = 64;
const DIGIT = 2048;

/** Bits 63..32 of each double, flipped so that unsigned order is numeric order. */
function upperBits(values: ArrayLike<number>): Uint32Array {
  const n = values.length;
  const doubles = new Float64Array(n);
  for (let i = 0; i < n; i++) doubles[i] = values[i] + 0;
  const words = new Int32Array(doubles.buffer);
  const high = LITTLE_ENDIAN ? 1 : 0;
  const keys = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const bits = words[2 * i + high];
    keys[i] = bits ^ ((bits >> 31) | 0x80000000);
  }
  return keys;
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function radixSort(order: Uint32Array, keys: Uint32Array): Uint32Array {
  const n = order.length;
  const starts = new Uint32Array(3 * DIGIT);
  for (let i = 0; i < n; i++) {
    const key = keys[i];
    starts[key & 2047]++;
    starts[DIGIT + ((key >>> 11) & 2047)]++;
    starts[2 * DIGIT + (key >>> 22)]++;
  }
  let from: Uint32Array = order;
  let to: Uint32Array = new Uint32Array(n);
  for (let pass = 0; pass < 3; pass++) {
    const base = pass * DIGIT;
    const shift = pass * 11;
    if (starts[base + ((keys[0] >>> shift) & 2047)] === n) continue;
    let sum = 0;
    for (let d = base; d < base + DIGIT; d++) {
      const count = starts[d];
      starts[d] = sum;
      sum += count;
    }
    for (let i = 0; i < n; i++) {
      const row = from[i];
      to[starts[base + ((keys[row] >>> shift) & 2047)]++] = row;
    }
    const kept = from;
    from = to;
    to = kept;
  }
  return from;
}

function insertionSort(order: Uint32Array, values: ArrayLike<number>, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const row = order[i];
    const value = values[row];
    let j = i - 1;
    while (j >= start && values[order[j]] > value) {
      order[j + 1] = order[j];
      j--;
    }
    order[j + 1] = row;
  }
}
