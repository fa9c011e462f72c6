import type { Topology } from './topology.js';

/** Adds a topology's edges to its carriers' weights: `weights[i]` is carrier i's. */
export type Weigh = (topology: Topology, weights: Int8Array) => void;

/**
 * A number for each row and set of operations that is the sum of the weights of the row's carriers with these operations.
 * Single operations are looked up; a larger set's column is the sum of two smaller ones'.
 */
export class SetSums {
  private readonly entries: Int8Array;
  private readonly bySet = new Map<number, Int8Array>();

  constructor(
    topologies: readonly Topology[],
    maskBits: number,
    weigh: Weigh,
    private readonly keys: (ops: number) => Int32Array,
  ) {
    const size = 1 << maskBits;
    this.entries = new Int8Array(topologies.length * size);
    const weights = new Int8Array(16);
    topologies.forEach((topology, t) => {
      weights.fill(0);
      weigh(topology, weights);
      const start = t * size;
      for (let mask = 1; mask < size; mask++) {
        const lowest = 31 - Math.clz32(mask & -mask);
        this.entries[start + mask] = this.entries[start + (mask & (mask - 1))] + weights[lowest];
      }
    });
  }

  /** The column of a set of operations, shared by all who ask: copy it before it is given away. O(rows). */
  of(ops: number): Int8Array {
    let column = this.bySet.get(ops);
    if (column === undefined) {
      const rest = ops & (ops - 1);
      column = rest === 0 ? this.lookUp(this.keys(ops)) : sum(this.of(rest), this.of(ops & -ops));
      this.bySet.set(ops, column);
    }
    return column;
  }

  private lookUp(keys: Int32Array): Int8Array {
    const { entries } = this;
    const out = bytes(keys.length);
    for (let r = 0; r < keys.length; r++) out[r] = entries[keys[r]];
    return out;
  }
}

/** Room for `length` bytes and for reading them as whole words. */
function bytes(length: number): Int8Array {
  return new Int8Array(new ArrayBuffer((length + 3) & ~3), 0, length);
}

/** Four rows at a time: neither sums nor weights are negative or pass 127, so no byte carries into the next. */
function sum(a: Int8Array, b: Int8Array): Int8Array {
  const out = bytes(a.length);
  const [x, y, z] = [new Int32Array(a.buffer), new Int32Array(b.buffer), new Int32Array(out.buffer)];
  for (let i = 0; i < z.length; i++) z[i] = x[i] + y[i];
  return out;
}
