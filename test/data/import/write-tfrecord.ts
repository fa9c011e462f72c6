/** CRC-32C bit by bit, as its definition has it (RFC 3720, appendix B.4). */
export function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** As `tf.io.TFRecordWriter` writes records: length, its masked checksum, content, its masked checksum. */
export function writeTfRecords(records: readonly Uint8Array[]): Uint8Array {
  const masked = (bytes: Uint8Array): Buffer => {
    const crc = BigInt(slowCrc32c(bytes));
    const rotated = ((crc >> 15n) | (crc << 17n)) & 0xffffffffn;
    const out = Buffer.alloc(4);
    out.writeUInt32LE(Number((rotated + 0xa282ead8n) & 0xffffffffn));
    return out;
  };
  return new Uint8Array(
    Buffer.concat(
      records.flatMap((record) => {
        const length = Buffer.alloc(8);
        length.writeBigUInt64LE(BigInt(record.length));
        return [length, masked(length), record, masked(record)];
      }),
    ),
  );
}

export interface Evaluation {
  readonly seconds: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** A ModelMetrics message of NAS-Bench-101's `model_metrics.proto`, fields in order. */
export function modelMetrics(evaluations: readonly Evaluation[], parameters: number): Uint8Array {
  const field = (number: number, type: number): number => number * 8 + type;
  const double = (number: number, value: number): Buffer => {
    const out = Buffer.alloc(9);
    out.writeUInt8(field(number, 1));
    out.writeDoubleLE(value, 1);
    return out;
  };
  const varint = (value: number): Buffer => {
    const bytes: number[] = [];
    for (let rest = value; ; rest = Math.floor(rest / 128)) {
      bytes.push(rest >= 128 ? (rest % 128) + 128 : rest);
      if (rest < 128) return Buffer.from(bytes);
    }
  };
  return new Uint8Array(
    Buffer.concat([
      ...evaluations.map((e) => {
        const message = Buffer.concat([
          double(1, 0),
          double(2, e.seconds),
          double(3, e.train),
          double(4, e.validation),
          double(5, e.test),
          Buffer.from([field(6, 2), 4]),
          Buffer.from('ckpt'),
        ]);
        return Buffer.concat([Buffer.from([field(1, 2)]), varint(message.length), message]);
      }),
      Buffer.from([field(2, 0)]),
      varint(parameters),
      double(3, 1234.5),
    ]),
  );
}
