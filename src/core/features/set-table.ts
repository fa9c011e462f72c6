import type { Topology } from './topology.js';

/** Writes a number for every mask of allowed carriers: `entries[mask]`, masks below `2 ** topology.carriers`. */
export type Solve = (topology: Topology, entries: Int8Array) => void;

/** A small whole number for each topology and mask of allowed carriers. Far fewer than rows times sets. */
export class SetTable {
  private readonly entries: Int8Array;

  constructor(topologies: readonly Topology[], maskBits: number, solve: Solve) {
    this.entries = new Int8Array(topologies.length << maskBits);
    topologies.forEach((topology, t) => {
      const start = t << maskBits;
      solve(topology, this.entries.subarray(start, start + (1 << topology.carriers)));
    });
  }

  /** Writes each key's entry into `out`, which it gives back. O(keys). */
  lookUp(keys: Int32Array, out: Int8Array): Int8Array {
    const { entries } = this;
    for (let r = 0; r < keys.length; r++) out[r] = entries[keys[r]];
    return out;
  }
}
