// Protobuf without a schema, as a tree that can be changed and written again with every length right.

/** A message's fields, or null where the bytes are none. Bytes that look like a message are taken for one. */
export function parse(bytes, depth = 0) {
  const fields = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) return null;
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return null;
  };
  while (at < bytes.length) {
    const tag = varint();
    if (tag === null || tag >> 3n === 0n || tag >> 3n > 1000n) return null;
    const wire = Number(tag & 7n);
    const field = { number: Number(tag >> 3n), wire, value: null, inner: null };
    if (wire === 0) {
      field.value = varint();
      if (field.value === null) return null;
    } else {
      const length = wire === 2 ? varint() : wire === 1 ? 8n : wire === 5 ? 4n : null;
      if (length === null || BigInt(at) + length > BigInt(bytes.length)) return null;
      field.value = bytes.slice(at, at + Number(length));
      at += Number(length);
      if (wire === 2 && depth < 12 && field.value.length > 1 && field.value.length < 1e6)
        field.inner = parse(field.value, depth + 1);
    }
    fields.push(field);
  }
  return fields;
}

/** @returns {Buffer} */
export function write(fields) {
  return Buffer.concat(
    fields.flatMap(({ number, wire, value, inner }) => {
      const tag = encode(BigInt(number * 8 + wire));
      if (wire === 0) return [tag, encode(value)];
      const bytes = inner === null ? Buffer.from(value) : write(inner);
      return wire === 2 ? [tag, encode(BigInt(bytes.length)), bytes] : [tag, bytes];
    }),
  );
}

function encode(value) {
  const bytes = [];
  for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    if (rest <= 0x7fn) return Buffer.from(bytes);
  }
}
