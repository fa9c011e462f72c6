import { SetTable } from './set-table.js';
import type { Topology } from './topology.js';

/** Adds a topology's edges to its carriers' weights: `weights[i]` is carrier i's. */
export type Weigh = (topology: Topology, weights: Int8Array) => void;

/**
 * A number for each row and set of operations that is the sum of the weights of the row's carriers with these operations.
 * Single operations are looked up; a larger set's column is the sum of two smaller ones'.
 */
export class SetSums {
  private readonly table: SetTable;
  private readonly bySet = new Map<number, Int8Array>();

  constructor(
    topologies: readonly Topology[],
    maskBits: number,
    weigh: Weigh,
    private readonly keys: (ops: number) => Int32Array,
  ) {
    const weights = new Int8Array(16);
    this.table = new SetTable(topologies, maskBits, (topology, entries) => {
      weights.fill(0);
      weigh(topology, weights);
      for (let mask = 1; mask < entries.length; mask++) {
        entries[mask] = entries[mask & (mask - 1)] + weights[31 - Math.clz32(mask & -mask)];
      }
    });
  }

  /** The column of a set of operations, shared by all who ask: copy it before it is given away. O(rows). */
  of(ops: number): Int8Array {
    let column = this.bySet.get(ops);
    if (column === undefined) {
      const rest = ops & (ops - 1);
      if (rest === 0) {
        const keys = this.keys(ops);
        column = this.table.lookUp(keys, bytes(keys.length));
      } else {
        column = sum(this.of(rest), this.of(ops & -ops));
      }
      this.bySet.set(ops, column);
    }
    return column;
  }
}

/** Room for `length` bytes and for reading them as whole words. */
function bytes(length: number): Int8Array {
  return new Int8Array(new ArrayBuffer((length + 3) & ~3), 0, length);
}

/** Four rows at a time: no sum is negative or passes 127, so no byte carries into the next. */
function sum(a: Int8Array, b: Int8Array): Int8Array {
  const out = bytes(a.length);
  const [x, y, z] = [new Int32Array(a.buffer), new Int32Array(b.buffer), new Int32Array(out.buffer)];
  for (let i = 0; i < z.length; i++) z[i] = x[i] + y[i];
  return out;
}
