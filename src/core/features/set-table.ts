import type { Topology } from './topology.js';

const UNKNOWN = -128;

/** A small whole number for each topology and mask of allowed carriers, worked out when first asked for. */
export class SetTable {
  private readonly entries: Int8Array;

  constructor(
    private readonly topologies: readonly Topology[],
    private readonly maskBits: number,
    private readonly solve: (topology: Topology, mask: number) => number,
  ) {
    this.entries = new Int8Array(topologies.length << maskBits).fill(UNKNOWN);
  }

  /** Each key's entry. O(keys) and one solution for each key not seen before. */
  lookUp(keys: Int32Array): Int8Array {
    const { entries } = this;
    const out = new Int8Array(keys.length);
    for (let r = 0; r < keys.length; r++) {
      const entry = entries[keys[r]];
      out[r] = entry === UNKNOWN ? this.fill(keys[r]) : entry;
    }
    return out;
  }

  private fill(key: number): number {
    const entry = this.solve(this.topologies[key >> this.maskBits], key & ((1 << this.maskBits) - 1));
    this.entries[key] = entry;
    return entry;
  }
}
