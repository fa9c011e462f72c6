/**
 * The MD5 digest of a text (as UTF-8), in lower-case hex. Not for secrets: it is here because the identity of a
 * NAS-Bench-101 graph is published as one.
 * @see RFC 1321.
 */
export function md5(text: string): string {
  const bytes = encoder.encode(text);
  const blocks = (bytes.length + 8) >>> 6;
  const words = new Uint32Array((blocks + 1) * 16);
  for (let i = 0; i < bytes.length; i++) words[i >> 2] |= bytes[i] << (8 * (i & 3));
  words[bytes.length >> 2] |= 0x80 << (8 * (bytes.length & 3));
  words[words.length - 2] = bytes.length << 3;
  words[words.length - 1] = bytes.length >>> 29;

  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let block = 0; block < words.length; block += 16) digestBlock(state, words, block);
  return hex(state[0]) + hex(state[1]) + hex(state[2]) + hex(state[3]);
}

const encoder = new TextEncoder();
/** Rotations of each round's four kinds of step. */
const ROTATE = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(4294967296 * Math.abs(Math.sin(i + 1))));

function digestBlock(state: Uint32Array, words: Uint32Array, block: number): void {
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  for (let step = 0; step < 64; step++) {
    const round = step >> 4;
    let mix: number;
    let word: number;
    if (round === 0) {
      mix = (b & c) | (~b & d);
      word = step;
    } else if (round === 1) {
      mix = (b & d) | (c & ~d);
      word = (5 * step + 1) & 15;
    } else if (round === 2) {
      mix = b ^ c ^ d;
      word = (3 * step + 5) & 15;
    } else {
      mix = c ^ (b | ~d);
      word = (7 * step) & 15;
    }
    const sum = (a + mix + SINES[step] + words[block + word]) | 0;
    const by = ROTATE[4 * round + (step & 3)];
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << by) | (sum >>> (32 - by)))) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}

/** Eight digits, the lowest byte first. */
function hex(word: number): string {
  return BYTES[word & 255] + BYTES[(word >>> 8) & 255] + BYTES[(word >>> 16) & 255] + BYTES[word >>> 24];
}
