/**
 * The Mersenne Twister as numpy's `RandomState(seed)` runs it, for splits and shuffles that must equal published
 * ones bit for bit. New work uses `rng`.
 * @see Matsumoto and Nishimura 1998; numpy's legacy seeding `init_genrand`.
 */
export class Mt19937 {
  private readonly state = new Uint32Array(624);
  private next = 624;

  /** @param seed a whole number in 0 .. 2^32 − 1. */
  constructor(seed: number) {
    if (!(Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff)) {
      throw new RangeError(`Mt19937: expected a seed in 0..2^32-1, got ${seed}`);
    }
    const s = this.state;
    s[0] = seed;
    for (let i = 1; i < 624; i++) s[i] = Math.imul(1812433253, s[i - 1] ^ (s[i - 1] >>> 30)) + i;
  }

  /** The next 32 random bits, as a number in 0 .. 2^32 − 1. */
  uint32(): number {
    if (this.next === 624) this.twist();
    let y = this.state[this.next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** A whole number in 0 .. max, by numpy's masked rejection. */
  interval(max: number): number {
    if (max === 0) return 0;
    let mask = max;
    mask |= mask >>> 1;
    mask |= mask >>> 2;
    mask |= mask >>> 4;
    mask |= mask >>> 8;
    mask |= mask >>> 16;
    for (;;) {
      const draw = (this.uint32() & mask) >>> 0;
      if (draw <= max) return draw;
    }
  }

  /** `numpy.random.RandomState(seed).permutation(n)`. */
  permutation(n: number): Int32Array {
    const a = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.interval(i);
      const kept = a[i];
      a[i] = a[j];
      a[j] = kept;
    }
    return a;
  }

  private twist(): void {
    const s = this.state;
    for (let i = 0; i < 624; i++) {
      const y = (s[i] & 0x80000000) | (s[(i + 1) % 624] & 0x7fffffff);
      s[i] = s[(i + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }
}
