/**
 * Gives equal sequences of small whole numbers one number, counting from 0 in the order of first sight.
 * The sequence is written into `scratch`; only a new one is copied. Rows of one benchmark mostly repeat the last
 * sequence or one of few, so the last one is compared first.
 */
export class Interner {
  readonly scratch: Int32Array;
  private readonly known: Int32Array[] = [];
  private readonly byHash = new Map<number, number[]>();
  private last = -1;

  constructor(maxLength: number) {
    this.scratch = new Int32Array(maxLength);
  }

  get size(): number {
    return this.known.length;
  }

  /** The number of `scratch[0 .. length)`. `size` grows by one when it is new. */
  intern(length: number): number {
    if (this.last >= 0 && this.matches(this.last, length)) return this.last;
    let hash = length;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ this.scratch[i], 0x9e3779b1) ^ (hash >>> 15);
    const sameHash = this.byHash.get(hash);
    if (sameHash !== undefined) {
      for (const id of sameHash) {
        if (this.matches(id, length)) {
          this.last = id;
          return id;
        }
      }
    }
    this.last = this.known.length;
    this.known.push(this.scratch.slice(0, length));
    if (sameHash === undefined) this.byHash.set(hash, [this.last]);
    else sameHash.push(this.last);
    return this.last;
  }

  private matches(id: number, length: number): boolean {
    const sequence = this.known[id];
    if (sequence.length !== length) return false;
    for (let i = 0; i < length; i++) if (sequence[i] !== this.scratch[i]) return false;
    return true;
  }
}
