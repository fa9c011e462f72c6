const ENCODER = new TextEncoder();

/** Builds a message in protobuf's wire format; `WireReader` reads it. Whole numbers up to 2^53. */
export class WireWriter {
  private readonly parts: Uint8Array[] = [];
  private size = 0;

  int(field: number, value: number): this {
    return this.put(varint(field * 8)).put(varint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.put(varint(field * 8 + 5)).put(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.put(varint(field * 8 + 2))
      .put(varint(value.length))
      .put(value);
  }

  text(field: number, value: string): this {
    return this.bytes(field, ENCODER.encode(value));
  }

  message(field: number, inner: WireWriter): this {
    return this.bytes(field, inner.finish());
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  private put(part: Uint8Array): this {
    this.parts.push(part);
    this.size += part.length;
    return this;
  }
}

/** Seven bits a byte, the lowest first; negative numbers as 64 bits of two's complement. */
function varint(value: number): Uint8Array {
  if (value >= 0 && value < 0x80) return Uint8Array.of(value);
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}
