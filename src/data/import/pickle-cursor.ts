import { DataError } from '../../core/base/errors.js';

/** Python refuses longer decimal integers too: reading one takes time that grows faster than its length. */
const DECIMAL_DIGITS = 4300;
/** Binary integers are read in linear time; this is 8 million bits. */
const INTEGER_BYTES = 1 << 20;

/** Reads a pickle's bytes from front to back; anything that is not there is a DataError that says at which byte. */
export class PickleCursor {
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly path: string,
    public at: number,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  wrong(expected: string, got: string): DataError {
    return new DataError({
      path: this.path,
      expected,
      got: `${got} at byte ${this.at}`,
      fix: 'The pickle is damaged, cut short, or no pickle.',
    });
  }

  /** Advances over `count` bytes; returns where they began. */
  #over(count: number): number {
    const start = this.at;
    if (!(count <= this.bytes.length - start)) {
      throw this.wrong(`${count} more bytes`, `only ${this.bytes.length - start}`);
    }
    this.at = start + count;
    return start;
  }

  byte(): number {
    return this.bytes[this.#over(1)];
  }

  uint16(): number {
    return this.#view.getUint16(this.#over(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#over(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#over(4), true);
  }

  /** A length of 64 bits; as a number, since longer ones than a file have none of their bytes there. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#over(8), true));
  }

  /** Big-endian, as the format has it. */
  float64(): number {
    return this.#view.getFloat64(this.#over(8), false);
  }

  /** A copy, so that the file's bytes need not be kept. */
  take(count: number): Uint8Array {
    const start = this.#over(count);
    return new Uint8Array(this.bytes.subarray(start, start + count));
  }

  latin1(count: number): string {
    const start = this.#over(count);
    return latin1(this.bytes.subarray(start, start + count));
  }

  utf8(count: number): string {
    const start = this.#over(count);
    const text = pythonText(this.bytes.subarray(start, start + count));
    if (text === null) throw this.wrong('text in UTF-8', 'other bytes');
    return text;
  }

  /** The text up to the next line feed, as Latin-1. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw this.wrong('a line', 'no line feed');
    const text = latin1(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }

  /** A little-endian integer of any length in two's complement: a bigint where a number would round it. */
  long(count: number): number | bigint {
    if (count > INTEGER_BYTES) throw this.wrong(`an integer of at most ${INTEGER_BYTES} bytes`, `one of ${count}`);
    const start = this.#over(count);
    if (count === 0) return 0;
    const bits = this.bytes.subarray(start, start + count);
    const value = BigInt(`0x${Buffer.from(bits).reverse().toString('hex')}`);
    return plain(bits[count - 1] & 0x80 ? value - (1n << BigInt(8 * count)) : value);
  }

  /** A decimal integer in a text, with the `L` that Python 2 wrote after long ones. */
  decimal(text: string): number | bigint {
    const digits = text.endsWith('L') ? text.slice(0, -1) : text;
    if (!/^\s*[+-]?\d+\s*$/.test(digits) || digits.length > DECIMAL_DIGITS) {
      throw this.wrong(`an integer of at most ${DECIMAL_DIGITS} digits`, `"${text.slice(0, 40)}"`);
    }
    return plain(BigInt(digits.trim().replace(/^\+/, '')));
  }
}

function plain(value: bigint): number | bigint {
  const rounded = Number(value);
  return Number.isSafeInteger(rounded) ? rounded : value;
}

/** One character a byte. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 as Python writes it, lone surrogates included (`surrogatepass`); null where it is something else. */
function pythonText(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    // A lone surrogate is the three bytes ED A0..BF 80..BF, which no other UTF-8 text holds.
    let text = '';
    let from = 0;
    for (let i = 0; i + 2 < bytes.length; i++) {
      if (bytes[i] !== 0xed || bytes[i + 1] < 0xa0 || bytes[i + 1] > 0xbf || (bytes[i + 2] & 0xc0) !== 0x80) continue;
      try {
        text += strict.decode(bytes.subarray(from, i));
      } catch {
        return null;
      }
      text += String.fromCharCode(0xd000 | ((bytes[i + 1] & 0x3f) << 6) | (bytes[i + 2] & 0x3f));
      from = i + 3;
      i += 2;
    }
    try {
      return text + strict.decode(bytes.subarray(from));
    } catch {
      return null;
    }
  }
}

/** A text of protocol 0 with `\uXXXX` and `\UXXXXXXXX` for what Latin-1 lacks (`raw-unicode-escape`). */
export function rawUnicode(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U00([01][0-9a-fA-F]{5})/g, (whole, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** A Python 2 string literal in its quotes; null where it is none. */
export function quotedString(text: string): string | null {
  const body = text.trim();
  const quote = body[0];
  if (body.length < 2 || (quote !== "'" && quote !== '"') || body[body.length - 1] !== quote) return null;
  return body.slice(1, -1).replace(/\\(x[0-9a-f]{2}|[0-7]{1,3}|.)/gi, (whole, code: string) => {
    if (code[0] === 'x' && code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    return ESCAPES[code] ?? whole;
  });
}

const ESCAPES: Readonly<Partial<Record<string, string>>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
