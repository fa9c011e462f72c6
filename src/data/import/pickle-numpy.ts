import { latin1 } from './pickle-cursor.js';
import { NUMBER_BYTES, type Numbers, type NumberType, readNumbers } from './pickle-numbers.js';
import type { Known, Rebuild } from './pickle-rebuild.js';
import { InertRecord, NumpyArray, type PickleValue } from './pickle-value.js';

/** The type of an array's elements while a pickle is being read. */
class NumpyType {
  readonly kind = 'dtype';
  order = '|';
  /** Of one element, in bytes, as its state gives it; -1: as its code says. */
  elementBytes = -1;
  constructor(readonly code: string) {}

  get text(): string {
    if (this.code[0] === 'O') return '|O';
    return `${this.order === '=' ? '<' : this.order}${this.code}`;
  }

  get number(): NumberType | undefined {
    return NUMBER_CODES[this.code];
  }

  /** Bytes of one element. */
  get size(): number {
    if (this.elementBytes >= 0) return this.elementBytes;
    const digits = Number(this.code.slice(1));
    return this.code[0] === 'U' ? 4 * digits : digits;
  }
}

const NUMBER_CODES: Readonly<Partial<Record<string, NumberType>>> = {
  b1: 'bool',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  c8: 'complex64',
  c16: 'complex128',
  // Counts of time units since 1970, as integers.
  M8: 'int64',
  m8: 'int64',
};

/** As many as numpy 2 allows. */
const MOST_AXES = 64;

const reconstruct: Rebuild = () => new NumpyArray();

/** `numpy.dtype('f8', align, copy)`. */
const dtype: Rebuild = ([code]) => (typeof code === 'string' && /^[a-zA-Z]\d*$/.test(code) ? asValue(new NumpyType(code)) : null);

/** `numpy.core.multiarray.scalar(dtype, bytes)`: the number itself; an object scalar is its object. */
const scalar: Rebuild = ([type, content], budget) => {
  const element = typeOf(type);
  if (element === null) return null;
  if (element.code[0] === 'O') return content ?? null;
  const bytes = bytesOf(content);
  if (bytes === null || bytes.length !== element.size) return null;
  budget.spend(bytes.length);
  const read = elements(bytes, element);
  // A complex scalar stays a pair.
  return read.length === 1 ? (read[0] as number | bigint | string) : Array.from(read as ArrayLike<number>);
};

/** `_frombuffer(bytes, dtype, shape, order)`, which protocol 5 uses. */
const fromBuffer: Rebuild = ([content, type, shape, order], budget) =>
  fill(new NumpyArray(), [null, shape ?? null, type ?? null, order === 'F', content ?? null], budget);

export const NUMPY_CLASSES: Known = {};
for (const module of ['numpy.core', 'numpy._core']) {
  NUMPY_CLASSES[`${module}.multiarray._reconstruct`] = reconstruct;
  NUMPY_CLASSES[`${module}.multiarray.scalar`] = scalar;
  NUMPY_CLASSES[`${module}.numeric._frombuffer`] = fromBuffer;
  NUMPY_CLASSES[`${module}.multiarray._frombuffer`] = fromBuffer;
}
NUMPY_CLASSES['numpy.dtype'] = dtype;

/** Gives an array or type the state that its pickle has for it. @returns false where the state is not one of its kind. */
export function setNumpyState(value: PickleValue, state: PickleValue, budget: Parameters<Rebuild>[1]): boolean {
  if (value instanceof NumpyArray) {
    // Oldest states lack the version number in front.
    const parts = Array.isArray(state) && state.length === 4 ? [null, ...state] : state;
    return Array.isArray(parts) && parts.length === 5 && fill(value, parts, budget) !== null;
  }
  const type = typeOf(value);
  if (type === null || !Array.isArray(state)) return false;
  // (version, byte order, subtype, field names, fields, element size, alignment, flags …)
  if (typeof state[1] === 'string' && '<>=|'.includes(state[1])) type.order = state[1];
  if (typeof state[5] === 'number' && state[5] >= 0) type.elementBytes = state[5];
  return true;
}

/** @returns null where the parts do not fit each other. */
function fill(array: NumpyArray, parts: readonly PickleValue[], budget: Parameters<Rebuild>[1]): NumpyArray | null {
  const [, shape, typeValue, fortran, content] = parts;
  const type = typeOf(typeValue);
  if (type === null || !Array.isArray(shape) || shape.length > MOST_AXES) return null;
  if (!shape.every((n) => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0)) return null;
  const extents = shape as number[];
  const count = extents.reduce((product, n) => product * n, 1);
  let values: Numbers | PickleValue[];
  if (Array.isArray(content)) {
    if (content.length !== count) return null;
    values = content;
    if (fortran === true) budget.spend(8 * count);
  } else {
    const bytes = bytesOf(content);
    if (bytes === null || !Number.isSafeInteger(count * type.size) || bytes.length !== count * type.size) return null;
    // Texts take an object each.
    budget.spend(2 * bytes.length + (type.number === undefined ? 40 * count : 0));
    values = elements(bytes, type);
  }
  const width = count === 0 ? 0 : values.length / count;
  // Raw records keep their own order; those of one axis have only one.
  if (fortran === true && extents.length > 1 && (width === 1 || width === 2)) values = fromFortran(values, extents, width);
  array.shape = extents;
  array.dtype = type.text;
  array.values = values;
  return array;
}

function elements(bytes: Uint8Array, type: NumpyType): Numbers | PickleValue[] {
  const { number, size } = type;
  const bigEndian = type.order === '>';
  if (number !== undefined && NUMBER_BYTES[number] === size) return readNumbers(bytes, number, bigEndian);
  const kind = type.code[0];
  if ((kind !== 'S' && kind !== 'U') || size === 0) return bytes;
  const texts: string[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; at += size) {
    const text = kind === 'S' ? latin1(bytes.subarray(at, at + size)) : utf32(view, at, at + size, !bigEndian);
    texts.push(withoutEnd(text));
  }
  return texts;
}

/** numpy fills texts up with zeros. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}

function utf32(view: DataView, from: number, to: number, littleEndian: boolean): string {
  let text = '';
  // In pieces: characters joined one by one take more memory than the text.
  for (let at = from; at < to; at += 4 * PIECE) {
    const codes: number[] = [];
    for (let i = at; i < Math.min(to, at + 4 * PIECE); i += 4) codes.push(view.getUint32(i, littleEndian));
    text += String.fromCodePoint(...codes.map((code) => (code <= 0x10ffff ? code : 0xfffd)));
  }
  return text;
}

const PIECE = 1024;

/** Columns first to rows first; `width` numbers an element. */
function fromFortran(values: Numbers | PickleValue[], shape: readonly number[], width: number): Numbers | PickleValue[] {
  // One kind of array on both sides, whichever it is.
  const from = values as PickleValue[];
  const out = values.slice() as PickleValue[];
  const index = new Array<number>(shape.length).fill(0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, n) => product * n, 1));
  for (let at = 0; at < from.length / width; at++) {
    let source = 0;
    for (let axis = 0; axis < shape.length; axis++) source += index[axis] * strides[axis];
    for (let part = 0; part < width; part++) out[at * width + part] = from[source * width + part];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return out;
}

/** Python 2 wrote bytes as texts. */
function bytesOf(value: PickleValue | undefined): Uint8Array | null {
  if (value instanceof Uint8Array) return value;
  return typeof value === 'string' ? Buffer.from(value, 'latin1') : null;
}

// A type only stands in a pickle for the sake of an array; it is an inert record to whoever reads the values.
const types = new WeakMap<InertRecord, NumpyType>();

function asValue(type: NumpyType): InertRecord {
  const record = new InertRecord('numpy.dtype', [type.code]);
  types.set(record, type);
  return record;
}

function typeOf(value: PickleValue | undefined): NumpyType | null {
  return value instanceof InertRecord ? (types.get(value) ?? null) : null;
}
