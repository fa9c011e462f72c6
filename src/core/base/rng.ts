import { ShapeError } from './errors.js';

/**
 * Randomness is a parameter. A generator is made from a seed, and split by name: `rng.fork('split')` depends only
 * on the seed and the names, never on what was drawn before, so that adding a consumer changes no one else's numbers.
 * The stream is sfc32 (Chris Doty-Humphrey, PractRand), keyed by a 128-bit hash of the path of names.
 */
export interface Rng {
  /** Seed and names: `42/split`. `rngFromPath` makes the same generator again, in another thread or on another day. */
  readonly path: string;
  /** An independent stream, by name. */
  fork(label: string | number): Rng;
  /** A number in [0, 1) with 53 random bits. */
  uniform(): number;
  /** A whole number in 0 .. below − 1, without bias. */
  int(below: number): number;
  /** A standard normal number (polar method; keeps its spare). */
  normal(): number;
  /** `0 .. n − 1` in random order. */
  permutation(n: number): Int32Array;
  /** `k` different whole numbers below `n`, in random order. */
  choose(n: number, k: number): Int32Array;
}

/** The generator of a seed (any finite number; 42 and 42.5 differ). @throws ShapeError when the seed is none. */
export function rng(seed: number): Rng {
  if (!Number.isFinite(seed))
    throw new ShapeError({ argument: 'rng: seed', expected: 'a finite number, as in rng(42)', got: String(seed) });
  return rngFromPath(String(seed));
}

/** The generator that an earlier one's `path` names. */
export function rngFromPath(path: string): Rng {
  return new Sfc32(path);
}

/** Refuses what is no generator, such as a bare seed. @throws ShapeError saying how to make one. */
export function checkRng(where: string, value: unknown): void {
  if (typeof (value as Partial<Rng> | null | undefined)?.fork === 'function') return;
  throw new ShapeError({ argument: `${where}: rng`, expected: 'a generator, as rng(42) makes one', got: String(value) });
}

class Sfc32 implements Rng {
  private readonly state = new Int32Array(4);
  private spare = Number.NaN;

  constructor(readonly path: string) {
    hash128(path, this.state);
    for (let i = 0; i < 12; i++) this.bits();
  }

  fork(label: string | number): Rng {
    return new Sfc32(`${this.path}/${String(label).replaceAll('%', '%25').replaceAll('/', '%2F')}`);
  }

  uniform(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  int(below: number): number {
    if (!(Number.isInteger(below) && below > 0 && below <= 4294967296)) {
      throw new RangeError(`rng.int: expected a whole number in 1..2^32, got ${below}`);
    }
    const limit = 4294967296 - (4294967296 % below);
    for (;;) {
      const draw = this.bits() >>> 0;
      if (draw < limit) return draw % below;
    }
  }

  normal(): number {
    if (!Number.isNaN(this.spare)) {
      const kept = this.spare;
      this.spare = Number.NaN;
      return kept;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const factor = Math.sqrt((-2 * Math.log(s)) / s);
        this.spare = v * factor;
        return u * factor;
      }
    }
  }

  permutation(n: number): Int32Array {
    return this.choose(n, n);
  }

  choose(n: number, k: number): Int32Array {
    if (!(Number.isInteger(k) && k >= 0 && k <= n)) throw new RangeError(`rng.choose: expected 0..${n} of ${n}, got ${k}`);
    const all = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < k; i++) {
      const j = i + this.int(n - i);
      const kept = all[i];
      all[i] = all[j];
      all[j] = kept;
    }
    return all.slice(0, k);
  }

  private bits(): number {
    const s = this.state;
    const t = (s[0] + s[1] + s[3]) | 0;
    s[3] = (s[3] + 1) | 0;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = (s[2] + (s[2] << 3)) | 0;
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + t;
    return t;
  }
}

/** Four 32-bit words from a text: FNV-1a under four offsets, each finished with murmur3's mixer. */
function hash128(text: string, out: Int32Array): void {
  for (let lane = 0; lane < 4; lane++) {
    let h = 0x811c9dc5 ^ Math.imul(lane + 1, 0x9e3779b9);
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    out[lane] = h ^ (h >>> 16);
  }
}
