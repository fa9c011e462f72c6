import { DataError } from '../../core/base/errors.js';

/** How a field's value is written. Groups, which nobody writes any more, are stepped over. */
export type WireType = 'varint' | 'fixed64' | 'bytes' | 'fixed32';

/**
 * Walks over a message in protobuf's wire format, field after field, without a schema: ONNX, TensorFlow's GraphDef and
 * the records of NAS-Bench-101 are read with it. Looks at nothing outside of its bytes and copies none of them.
 *
 *     while (reader.next()) if (reader.field === 7) readGraph(reader.message());
 *
 * A value that is not taken is stepped over.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class WireReader {
  /** Number of the field that `next` came to. */
  field = 0;
  type: WireType = 'varint';
  private at = 0;
  private taken = true;
  private readonly view: DataView;

  /**
   * @param bytes the message. @param path names the file in errors.
   * @param offset of the message in the file, for errors.
   */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly path: string,
    private readonly offset: number = 0,
    private readonly depth: number = 0,
    private readonly read: { fields: number } = { fields: 0 },
  ) {
    if (depth > MOST_DEPTH) throw this.problem(`messages at most ${MOST_DEPTH} deep`, 'deeper ones');
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Goes to the next field; false at the end. @throws DataError where the bytes are no message. */
  next(): boolean {
    if (!this.taken) this.skip(WIRE_TYPES.indexOf(this.type));
    for (;;) {
      if (this.at >= this.bytes.length) return false;
      if (++this.read.fields > MOST_FIELDS) throw this.problem(`at most ${MOST_FIELDS} fields`, 'more');
      const tag = this.varint();
      this.field = Math.floor(tag / 8);
      const wire = tag % 8;
      if (this.field < 1 || this.field > MOST_FIELD) throw this.problem('a field number', String(this.field));
      const type = WIRE_TYPES[wire];
      if (type === undefined) throw this.problem('a field of a known wire type', `wire type ${wire}`);
      if (type === 'group') {
        this.skip(wire);
        continue;
      }
      this.type = type;
      this.taken = false;
      return true;
    }
  }

  /** A whole number, two's complement if negative. Past 2^53 the nearest number that can be held. */
  int(): number {
    if (this.type === 'fixed64') return Number(this.view.getBigInt64(this.take(8), true));
    if (this.type === 'fixed32') return this.view.getInt32(this.take(4), true);
    this.expect('varint');
    this.taken = true;
    return this.varint();
  }

  /** A float, or a double where the file has one. */
  float(): number {
    if (this.type === 'fixed64') return this.view.getFloat64(this.take(8), true);
    this.expect('fixed32');
    return this.view.getFloat32(this.take(4), true);
  }

  /** A view of the field's bytes: no copy. */
  bytesField(): Uint8Array {
    this.expect('bytes');
    this.taken = true;
    const length = this.varint();
    if (length < 0 || length > this.bytes.length - this.at) {
      throw this.problem(`a field of at most ${this.bytes.length - this.at} bytes`, `one of ${length}`);
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** How long the field's bytes are, which it leaves to be read or stepped over. */
  bytesLeft(): number {
    const before = this.at;
    const { length } = this.bytesField();
    this.at = before;
    this.taken = false;
    return length;
  }

  text(): string {
    return DECODER.decode(this.bytesField());
  }

  /** A reader of the message in this field. */
  message(): WireReader {
    const inner = this.bytesField();
    return new WireReader(inner, this.path, this.offset + this.at - inner.length, this.depth + 1, this.read);
  }

  /** Appends whole numbers, packed or one by one, up to `most` in all. */
  intsInto(list: number[], most: number): void {
    if (this.type !== 'bytes') this.push(list, this.int(), most);
    else {
      const inner = this.message();
      while (inner.at < inner.bytes.length) this.push(list, inner.varint(), most);
    }
  }

  /** Appends floats of 4 bytes, packed or one by one. */
  floatsInto(list: number[], most: number): void {
    if (this.type !== 'bytes') this.push(list, this.float(), most);
    else this.packed(4, list, most, (view, at) => view.getFloat32(at, true));
  }

  /** Appends floats of 8 bytes, packed or one by one. */
  doublesInto(list: number[], most: number): void {
    if (this.type !== 'bytes') this.push(list, this.float(), most);
    else this.packed(8, list, most, (view, at) => view.getFloat64(at, true));
  }

  /** An error that says where in the file. */
  problem(expected: string, got: string): DataError {
    const path = `${this.path}: byte ${this.offset + this.at}`;
    return new DataError({ path, expected, got, fix: 'The file is damaged, cut short or of another kind.' });
  }

  private packed(size: number, list: number[], most: number, value: (view: DataView, at: number) => number): void {
    const bytes = this.bytesField();
    if (bytes.length % size !== 0) throw this.problem(`a multiple of ${size} bytes`, String(bytes.length));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.length; at += size) this.push(list, value(view, at), most);
  }

  private push(list: number[], value: number, most: number): void {
    if (list.length >= most) throw this.problem(`at most ${most} numbers`, 'more');
    list.push(value);
  }

  private expect(type: WireType): void {
    if (this.type !== type) throw this.problem(`field ${this.field} as ${type}`, this.type);
  }

  private take(size: number): number {
    this.taken = true;
    if (this.at + size > this.bytes.length) throw this.problem(`${size} bytes`, `${this.bytes.length - this.at}`);
    this.at += size;
    return this.at - size;
  }

  private varint(): number {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.at >= this.bytes.length) throw this.problem('a whole number', 'the end');
      const byte = this.bytes[this.at++];
      const bits = byte & 0x7f;
      if (shift < 28) low += bits * 2 ** shift;
      else high += bits * 2 ** (shift - 28);
      // 64 bits: 28 low ones and 36 high ones, of which the topmost is the sign.
      if (byte < 0x80) {
        high %= 2 ** 36;
        return high >= 2 ** 35 ? -((2 ** 36 - high) * 2 ** 28 - low) : high * 2 ** 28 + low;
      }
    }
    throw this.problem('a whole number of at most 10 bytes', 'a longer one');
  }

  private skip(wire: number): void {
    this.taken = true;
    switch (wire) {
      case 0:
        this.varint();
        return;
      case 1:
        this.take(8);
        return;
      case 2:
        this.type = 'bytes';
        this.bytesField();
        return;
      case 5:
        this.take(4);
        return;
      default:
        this.skipGroup();
    }
  }

  private skipGroup(): void {
    for (let open = 1; open > 0; ) {
      if (this.at >= this.bytes.length) throw this.problem('the end of a group', 'the end of the message');
      const wire = this.varint() % 8;
      if (wire === 3) open++;
      else if (wire === 4) open--;
      else if (wire === 0 || wire === 1 || wire === 2 || wire === 5) this.skip(wire);
      else throw this.problem('a field of a known wire type', `wire type ${wire}`);
    }
  }
}

const WIRE_TYPES: readonly (WireType | 'group' | undefined)[] = ['varint', 'fixed64', 'bytes', 'group', undefined, 'fixed32'];
const DECODER = new TextDecoder();
const MOST_DEPTH = 100;
/** In all; a node has some twenty. A file of nothing but empty fields would take seconds. */
const MOST_FIELDS = 5e6;
const MOST_FIELD = 2 ** 29 - 1;
