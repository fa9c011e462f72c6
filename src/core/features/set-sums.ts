import { SetTable } from './set-table.js';
import { MAX_NODES, type Topology } from './topology.js';

/** Adds a topology's edges to its carriers' weights: `weights[i]` is carrier i's. */
export type Weigh = (topology: Topology, weights: Int8Array) => void;

/**
 * A number for each row and set of operations that is the sum of the weights of the row's carriers with these operations.
 * Single operations are looked up; a larger set's column is the sum of two smaller ones'.
 */
export class SetSums {
  private readonly table: SetTable;
  private readonly bySet = new Map<number, Int8Array>();
  private readonly perNodeBySet = new Map<number, Float64Array>();

  constructor(
    topologies: readonly Topology[],
    maskBits: number,
    weigh: Weigh,
    private readonly keys: (ops: number) => Int32Array,
    private readonly nodeCounts: Uint8Array,
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

  /** The same divided by the rows' numbers of nodes. One array a set, whoever asks: columns are not changed. O(rows). */
  perNode(ops: number): Float64Array {
    let means = this.perNodeBySet.get(ops);
    if (means === undefined) {
      const sums = this.of(ops);
      const { nodeCounts } = this;
      means = new Float64Array(sums.length);
      for (let r = 0; r < means.length; r++) means[r] = QUOTIENTS[(nodeCounts[r] << 7) | sums[r]];
      this.perNodeBySet.set(ops, means);
    }
    return means;
  }
}

/** `sum / nodes` at `(nodes << 7) | sum`: a look-up is cheaper than a division. */
const QUOTIENTS: Float64Array = Float64Array.from({ length: (MAX_NODES + 1) << 7 }, (_, i) => (i & 127) / (i >> 7));

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
