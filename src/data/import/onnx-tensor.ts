import { type Constant, foldable, MOST_RANK, MOST_VALUES } from './constant.js';
import type { WireReader } from './wire-reader.js';

/** A tensor of an ONNX file. */
export interface OnnxTensor {
  readonly name: string;
  readonly constant: Constant;
  readonly empty: boolean;
}

/** TensorProto.DataType. */
const FLOATS: readonly number[] = [1, 10, 11, 16, 17, 18, 19, 20, 23];
const INTEGERS: readonly number[] = [2, 3, 4, 5, 6, 7, 12, 13, 21, 22];

/** TensorProto. @throws DataError */
export function readTensor(reader: WireReader): OnnxTensor {
  const shape: number[] = [];
  let [name, type, external] = ['', 1, false];
  let raw: Uint8Array | null = null;
  let lists = 0;
  const values: number[] = [];
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        reader.intsInto(shape, MOST_RANK);
        break;
      case 2:
        type = reader.int();
        break;
      case 8:
        name = reader.text();
        break;
      case 9:
        raw = reader.bytesField();
        break;
      case 13:
      case 14:
        external = true;
        break;
      case 4:
      case 5:
      case 7:
      case 10:
      case 11: {
        lists++;
        // Only what fits the arithmetic of shapes is kept: a number takes 8 bytes here and 4 there.
        if (reader.type === 'bytes' && reader.bytesLeft() > MOST_VALUES * 10) break;
        if (values.length >= MOST_VALUES) break;
        if (reader.field === 4) reader.floatsInto(values, MOST_VALUES * 10);
        else if (reader.field === 10) reader.doublesInto(values, MOST_VALUES * 10);
        else reader.intsInto(values, MOST_VALUES * 10);
        break;
      }
      case 6:
        lists++;
        break;
    }
  }
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (shape.some((extent) => extent < 0) || size > Number.MAX_SAFE_INTEGER) {
    throw reader.problem('the extents of a tensor', shape.join(' x '));
  }
  const kind = FLOATS.includes(type) ? 'float' : INTEGERS.includes(type) ? 'integer' : 'other';
  const empty = size > 0 && lists === 0 && !external && (raw === null || raw.length === 0);
  return { name, constant: { shape, kind, values: foldable(kind, size) ? heldValues(raw, values, type, size) : null }, empty };
}

function heldValues(raw: Uint8Array | null, list: readonly number[], type: number, size: number): readonly number[] | null {
  if (raw === null || raw.length === 0) return list.length === size ? list : null;
  const width = WIDTHS[type];
  if (width === undefined || raw.length !== size * width) return null;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: size }, (_, i) => {
    const at = i * width;
    switch (type) {
      case 1:
        return view.getFloat32(at, true);
      case 11:
        return view.getFloat64(at, true);
      case 7:
        return Number(view.getBigInt64(at, true));
      case 13:
        return Number(view.getBigUint64(at, true));
      case 6:
        return view.getInt32(at, true);
      case 12:
        return view.getUint32(at, true);
      case 5:
        return view.getInt16(at, true);
      case 4:
        return view.getUint16(at, true);
      case 3:
        return view.getInt8(at);
      default:
        return view.getUint8(at);
    }
  });
}

const WIDTHS: Readonly<Partial<Record<number, number>>> = { 1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 11: 8, 12: 4, 13: 8 };

/** A sparse tensor stands for the full one of its extents. */
export function readSparse(reader: WireReader): OnnxTensor {
  const shape: number[] = [];
  let name = '';
  let kind: Constant['kind'] = 'float';
  while (reader.next()) {
    if (reader.field === 3) reader.intsInto(shape, MOST_RANK);
    else if (reader.field === 1) {
      const values = readTensor(reader.message());
      name = values.name;
      kind = values.constant.kind;
    }
  }
  if (shape.some((extent) => extent < 0) || shape.reduce((a, b) => a * b, 1) > Number.MAX_SAFE_INTEGER) {
    throw reader.problem('the extents of a tensor', shape.join(' x '));
  }
  return { name, constant: { shape, kind, values: null }, empty: false };
}
