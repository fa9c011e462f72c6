import { log } from '../exact-math.js';

/**
 * Which ReLUs are open for which picture. One pass over the activations serves both proxies that look at nothing else.
 */
export class ReluPatterns {
  private neurons = 0;
  /** Numbers on which two pictures differ, above the diagonal. */
  private readonly apart: Float64Array;
  /** For each neuron of a picture (not of a vector) the pictures for which it is open, as bits, `words` of 32 each. */
  private readonly columns: Uint32Array[] = [];
  private readonly words: number;

  constructor(private readonly batch: number) {
    this.apart = new Float64Array(batch * batch);
    this.words = Math.ceil(batch / 32);
  }

  /** @param values what a ReLU takes or gives: batch x its numbers. @param isImage whether they are of a picture. */
  add(values: Float32Array, isImage: boolean): void {
    const { batch, words } = this;
    const each = values.length / batch;
    this.neurons += each;
    const length = Math.ceil(each / 32);
    const rows = new Uint32Array(batch * length);
    const columns = new Uint32Array(isImage ? each * words : 0);
    for (let n = 0; n < batch; n++) {
      const [word, bit] = [n >>> 5, 1 << (n & 31)];
      for (let i = 0; i < each; i++) {
        if (!(values[n * each + i] > 0)) continue;
        rows[n * length + (i >>> 5)] |= 1 << (i & 31);
        if (isImage) columns[i * words + word] |= bit;
      }
    }
    if (isImage) this.columns.push(columns);
    for (let a = 0; a < batch; a++) {
      for (let b = a + 1; b < batch; b++) this.apart[a * batch + b] += distance(rows, a * length, b * length, length);
    }
  }

  /**
   * ln |K|, where K counts for each two pictures the ReLUs that are open for both or for neither. −Infinity where two
   * pictures open the same ones.
   * @see NASWOT, Mellor et al. 2021, arXiv 2006.04647; NASLib, pruners/measures/nwot.py.
   */
  nwot(): number {
    const { batch, neurons, apart } = this;
    const kernel = new Float64Array(batch * batch);
    for (let a = 0; a < batch; a++) {
      for (let b = a; b < batch; b++) {
        kernel[a * batch + b] = neurons - apart[a * batch + b];
        kernel[b * batch + a] = kernel[a * batch + b];
      }
    }
    return logVolume(kernel, batch);
  }

  /**
   * How many different rows the matrix ReLUs x pictures has.
   * @see SWAP-NAS, Peng et al. 2024, arXiv 2403.04161; pym1024/SWAP, src/metrics/swap.py (not regularised).
   */
  swap(): number {
    const { words } = this;
    const total = this.columns.reduce((sum, column) => sum + column.length / words, 0);
    let size = 16;
    while (size < 2 * total) size *= 2;
    const keys = new Uint32Array(size * words);
    const taken = new Uint8Array(size);
    let different = 0;
    for (const column of this.columns) {
      for (let from = 0; from < column.length; from += words) {
        let hash = 0;
        for (let w = 0; w < words; w++) hash = mix(hash ^ column[from + w]);
        let slot = hash & (size - 1);
        while (taken[slot] === 1 && !same(keys, slot * words, column, from, words)) slot = (slot + 1) & (size - 1);
        if (taken[slot] === 1) continue;
        taken[slot] = 1;
        for (let w = 0; w < words; w++) keys[slot * words + w] = column[from + w];
        different++;
      }
    }
    return different;
  }
}

/**
 * ln |A| of a matrix with no negative eigenvalue, by elimination without roots; −Infinity once a pivot is no more than what
 * rounding leaves of 0.
 * @param a n x n; its lower triangle is overwritten.
 */
function logVolume(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const whole = a[i * n + i];
    for (let j = 0; j <= i; j++) {
      // Row i holds l d until its pivot is known: d stands on the diagonal.
      for (let k = 0; k < j; k++) a[i * n + j] -= (a[i * n + k] * a[j * n + k]) / a[k * n + k];
    }
    const pivot = a[i * n + i];
    if (!(pivot > 16 * n * Number.EPSILON * whole)) return Number.NEGATIVE_INFINITY;
    sum += log(pivot);
  }
  return sum;
}

/** Bits that differ. */
function distance(rows: Uint32Array, a: number, b: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) {
    let x = rows[a + i] ^ rows[b + i];
    x -= (x >>> 1) & 0x55555555;
    x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
    sum += Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return sum;
}

/** The mixer of murmur3. */
function mix(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) + 0x9e3779b9;
}

function same(a: Uint32Array, fromA: number, b: Uint32Array, fromB: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[fromA + i] !== b[fromB + i]) return false;
  return true;
}
