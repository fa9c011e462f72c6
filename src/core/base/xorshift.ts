/**
 * Marsaglia's 32-bit xorshift (13, 17, 5), of which scikit-learn's trees draw the low 31 bits. For equality with published
 * results; new work uses `rng`.
 * @see Marsaglia 2003.
 */
export class Xorshift32 {
  private state: number;

  /** @param seed a whole number in 0 .. 2^32 − 1; 0 stands for 1. */
  constructor(seed: number) {
    this.state = seed === 0 ? 1 : seed | 0;
  }

  /** A whole number in 0 .. 2^31 − 1. */
  next(): number {
    let s = this.state;
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    this.state = s;
    return s & 0x7fffffff;
  }
}
