import type { Rng } from './rng.js';

/**
 * exp, log, sine, cosine and normal numbers by +, −, ×, ÷ and the square root alone, which IEEE 754 fixes to the last bit:
 * the same numbers on every machine and in every version of the language, which `Math.exp` and its like do not promise.
 * Within 2 units in the last place of the true value. The WebAssembly engine computes the same expressions in the same order.
 */

/** ln 2 in two parts; the first has 20 zero bits at its end, so that whole multiples of it are exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_LOW = 6.077100506506192e-11;
const TWO_OVER_PI = 0.6366197723675814;
const TWO_PI = 6.283185307179586;

/** e^x. Infinity from 709.79 on, 0 below −745.14, NaN of NaN. */
export function exp(x: number): number {
  if (!(x > -745.2)) return x <= -745.2 ? 0 : Number.NaN;
  if (x > 709.8) return Number.POSITIVE_INFINITY;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let p = 1 / 6227020800;
  p = p * r + 1 / 479001600;
  p = p * r + 1 / 39916800;
  p = p * r + 1 / 3628800;
  p = p * r + 1 / 362880;
  p = p * r + 1 / 40320;
  p = p * r + 1 / 5040;
  p = p * r + 1 / 720;
  p = p * r + 1 / 120;
  p = p * r + 1 / 24;
  p = p * r + 1 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  const half = k >> 1;
  return p * powerOfTwo(half) * powerOfTwo(k - half);
}

/** The natural logarithm. −Infinity of 0, NaN of a negative number. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984;
    k = -54;
  }
  double[0] = x;
  k += (words[1] >>> 20) - 1023;
  words[1] = (words[1] & 0xfffff) | 0x3ff00000;
  let m = double[0];
  if (m > Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const f = (m - 1) / (m + 1);
  const s = f * f;
  let p = 1 / 21;
  p = p * s + 1 / 19;
  p = p * s + 1 / 17;
  p = p * s + 1 / 15;
  p = p * s + 1 / 13;
  p = p * s + 1 / 11;
  p = p * s + 1 / 9;
  p = p * s + 1 / 7;
  p = p * s + 1 / 5;
  p = p * s + 1 / 3;
  const rest = 2 * f * (p * s) + k * LN2_LOW;
  return k * LN2_HIGH + (2 * f + rest);
}

/** The cosine of an angle in radians; its error grows with |x| beyond 10^5. */
export function cos(x: number): number {
  const q = Math.floor(x * TWO_OVER_PI + 0.5);
  return quadrant(x - q * HALF_PI_HIGH - q * HALF_PI_LOW, q + 1);
}

/** The sine of an angle in radians; its error grows with |x| beyond 10^5. */
export function sin(x: number): number {
  const q = Math.floor(x * TWO_OVER_PI + 0.5);
  return quadrant(x - q * HALF_PI_HIGH - q * HALF_PI_LOW, q);
}

/** A standard normal number, of two uniform ones (Box and Muller 1958). `fillGaussian` is twice as fast. */
export function gaussian(rng: Rng): number {
  const radius = Math.sqrt(-2 * log(1 - rng.uniform()));
  const turn = rng.uniform();
  const q = Math.floor(4 * turn + 0.5);
  return radius * quadrant((turn - q * 0.25) * TWO_PI, q + 1);
}

/** Fills `out` with independent normal numbers of a mean and a standard deviation. */
export function fillGaussian(out: Float32Array | Float64Array, rng: Rng, deviation = 1, mean = 0): void {
  for (let i = 0; i < out.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * log(1 - rng.uniform()));
    const turn = rng.uniform();
    const q = Math.floor(4 * turn + 0.5);
    const r = (turn - q * 0.25) * TWO_PI;
    out[i] = mean + radius * quadrant(r, q + 1);
    if (i + 1 < out.length) out[i + 1] = mean + radius * quadrant(r, q);
  }
}

/** sin(r + q π/2) for |r| up to π/4. */
function quadrant(r: number, q: number): number {
  const s = r * r;
  const value = (q & 1) === 0 ? sineNear0(r, s) : cosineNear0(s);
  return (q & 2) === 0 ? value : -value;
}

function sineNear0(r: number, s: number): number {
  let p = 1 / 355687428096000;
  p = p * s - 1 / 1307674368000;
  p = p * s + 1 / 6227020800;
  p = p * s - 1 / 39916800;
  p = p * s + 1 / 362880;
  p = p * s - 1 / 5040;
  p = p * s + 1 / 120;
  p = p * s - 1 / 6;
  return r + r * (p * s);
}

function cosineNear0(s: number): number {
  let p = -1 / 6402373705728000;
  p = p * s + 1 / 20922789888000;
  p = p * s - 1 / 87178291200;
  p = p * s + 1 / 479001600;
  p = p * s - 1 / 3628800;
  p = p * s + 1 / 40320;
  p = p * s - 1 / 720;
  p = p * s + 1 / 24;
  p = p * s - 0.5;
  return 1 + p * s;
}

/** 2^k for −1022 ≤ k ≤ 1023. */
function powerOfTwo(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20;
  return double[0];
}

/** A number and its bits; all platforms that JavaScript runs on put the low word first. */
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
