/**
 * Gives equal sequences of small whole numbers one number, counting from 0 in the order of first sight.
 * The sequence is written into `scratch`; only a new one is copied. Rows of one benchmark repeat few sequences, so the
 * last one is compared first, and all lie in one array, each behind its number and length.
 */
export class Interner {
  readonly scratch: Int32Array;
  private count = 0;
  private pool: Int32Array = new Int32Array(1024);
  private used = 1;
  /** Open addressing: a sequence's place in the pool, 0 = free. The length is a power of two. */
  private slots: Int32Array = new Int32Array(256);
  private last = 0;

  constructor(maxLength: number) {
    this.scratch = new Int32Array(maxLength);
  }

  /** The number of the sequence `scratch[0 .. length)`. */
  intern(length: number): number {
    if (this.last !== 0 && this.matches(this.last, length)) return this.pool[this.last];
    let slot = this.hash(this.scratch, 0, length);
    for (;;) {
      slot &= this.slots.length - 1;
      const place = this.slots[slot];
      if (place === 0) return this.add(length, slot);
      if (this.matches(place, length)) {
        this.last = place;
        return this.pool[place];
      }
      slot++;
    }
  }

  private matches(place: number, length: number): boolean {
    const { pool, scratch } = this;
    if (pool[place + 1] !== length) return false;
    for (let i = 0; i < length; i++) if (pool[place + 2 + i] !== scratch[i]) return false;
    return true;
  }

  private add(length: number, slot: number): number {
    if (this.used + length + 2 > this.pool.length) {
      const larger = new Int32Array(2 * this.pool.length + length + 2);
      larger.set(this.pool);
      this.pool = larger;
    }
    this.last = this.used;
    this.slots[slot] = this.used;
    this.pool[this.used] = this.count++;
    this.pool[this.used + 1] = length;
    this.pool.set(this.scratch.subarray(0, length), this.used + 2);
    this.used += length + 2;
    if (4 * this.count > this.slots.length) this.grow();
    return this.count - 1;
  }

  private grow(): void {
    this.slots = new Int32Array(4 * this.slots.length);
    for (let place = 1; place < this.used; place += this.pool[place + 1] + 2) {
      let slot = this.hash(this.pool, place + 2, this.pool[place + 1]) & (this.slots.length - 1);
      while (this.slots[slot] !== 0) slot = (slot + 1) & (this.slots.length - 1);
      this.slots[slot] = place;
    }
  }

  private hash(numbers: Int32Array, start: number, length: number): number {
    let hash = length;
    for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ numbers[i], 0x9e3779b1) ^ (hash >>> 15);
    return hash ^ (hash >>> 16);
  }
}
