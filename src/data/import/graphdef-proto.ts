import type { AttributeValue } from './attributes.js';
import { type Constant, foldable, MOST_RANK, MOST_VALUES } from './constant.js';
import type { ImportBudget } from './import-budget.js';
import { DATA_TYPES, type GraphDef, kindOfType, type NodeDef } from './node-def.js';
import type { WireReader } from './wire-reader.js';

/** A GraphDef in protobuf's wire format. @throws DataError where the bytes are none. */
export function readGraphDef(reader: WireReader, budget: ImportBudget): GraphDef {
  const nodes: NodeDef[] = [];
  const functions: string[] = [];
  while (reader.next()) {
    if (reader.field === 1) {
      budget.item();
      nodes.push(readNodeDef(reader.message(), budget));
    } else if (reader.field === 2) readLibrary(reader.message(), functions, budget);
  }
  return { nodes, functions };
}

function readLibrary(reader: WireReader, functions: string[], budget: ImportBudget): void {
  while (reader.next()) {
    if (reader.field !== 1) continue;
    budget.item();
    const inner = reader.message();
    while (inner.next()) {
      if (inner.field !== 1) continue;
      const signature = inner.message();
      while (signature.next()) if (signature.field === 1) functions.push(signature.text());
    }
  }
}

function readNodeDef(reader: WireReader, budget: ImportBudget): NodeDef {
  let [name, op] = ['', ''];
  const inputs: string[] = [];
  const attributes = new Map<string, AttributeValue>();
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) op = reader.text();
    else if (reader.field === 3) {
      budget.item();
      inputs.push(reader.text());
    } else if (reader.field === 5) {
      budget.item();
      const entry = reader.message();
      let key = '';
      let value: AttributeValue | null = null;
      while (entry.next()) {
        if (entry.field === 1) key = entry.text();
        else if (entry.field === 2) value = readAttribute(entry.message(), budget);
      }
      if (value !== null) attributes.set(key, value);
    }
  }
  return { name, op, inputs, attributes };
}

/** AttrValue. */
function readAttribute(reader: WireReader, budget: ImportBudget): AttributeValue | null {
  let value: AttributeValue | null = null;
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        value = readList(reader.message(), budget);
        break;
      case 2:
        value = reader.text();
        break;
      case 3:
      case 5:
        value = reader.int();
        break;
      case 4:
        value = reader.float();
        break;
      case 6:
        value = DATA_TYPES[reader.int()] ?? 'DT_INVALID';
        break;
      case 7:
        value = readShape(reader.message());
        break;
      case 8:
        value = { constant: readTensor(reader.message(), budget) };
        break;
      case 10:
        value = 'subgraph';
        break;
    }
  }
  return value;
}

function readList(reader: WireReader, budget: ImportBudget): AttributeValue | null {
  const numbers: number[] = [];
  const texts: string[] = [];
  while (reader.next()) {
    if (reader.field === 2) {
      budget.item();
      texts.push(reader.text());
    } else if (reader.field === 3 || reader.field === 5 || reader.field === 6) reader.intsInto(numbers, MOST_VALUES);
    else if (reader.field === 4) reader.floatsInto(numbers, MOST_VALUES);
  }
  if (texts.length > 0) return texts;
  return budget.keeps(numbers.length) ? numbers : null;
}

/** TensorShapeProto, -1 for an open extent; an unknown rank gives no extents. */
function readShape(reader: WireReader): number[] {
  const shape: number[] = [];
  while (reader.next()) {
    if (reader.field !== 2) continue;
    if (shape.length >= MOST_RANK) throw reader.problem(`at most ${MOST_RANK} axes`, 'more');
    const dimension = reader.message();
    let size = 0;
    while (dimension.next()) if (dimension.field === 1) size = dimension.int();
    shape.push(size);
  }
  return shape;
}

/** TensorProto: one value in a list stands for as many as the shape has. */
function readTensor(reader: WireReader, budget: ImportBudget): Constant {
  let type = 'DT_FLOAT';
  let shape: number[] = [];
  let content: Uint8Array | null = null;
  const values: number[] = [];
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        type = DATA_TYPES[reader.int()] ?? 'DT_INVALID';
        break;
      case 2:
        shape = readShape(reader.message());
        break;
      case 4:
        content = reader.bytesField();
        break;
      case 5:
      case 6:
      case 7:
      case 10:
      case 11:
        if ((reader.type === 'bytes' && reader.bytesLeft() > MOST_VALUES * 10) || values.length >= MOST_VALUES) break;
        if (reader.field === 5) reader.floatsInto(values, MOST_VALUES * 10);
        else if (reader.field === 6) reader.doublesInto(values, MOST_VALUES * 10);
        else reader.intsInto(values, MOST_VALUES * 10);
        break;
    }
  }
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (shape.some((extent) => extent < 0) || size > Number.MAX_SAFE_INTEGER) {
    throw reader.problem('the extents of a tensor', shape.join(' x '));
  }
  const kind = kindOfType(type);
  const held = foldable(kind, size) ? heldValues(content, values, type, size) : null;
  return { shape, kind, values: budget.keeps(held?.length ?? 0) ? held : null };
}

function heldValues(content: Uint8Array | null, list: readonly number[], type: string, size: number): readonly number[] | null {
  if (content !== null && content.length > 0) return fromContent(content, type, size);
  if (list.length === 0 || list.length > size) return null;
  return Array.from({ length: size }, (_, i) => list[Math.min(i, list.length - 1)]);
}

function fromContent(content: Uint8Array, type: string, size: number): number[] | null {
  const width = type === 'DT_INT64' || type === 'DT_DOUBLE' ? 8 : type === 'DT_INT32' || type === 'DT_FLOAT' ? 4 : 0;
  if (width === 0 || content.length !== size * width) return null;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  return Array.from({ length: size }, (_, i) => {
    if (type === 'DT_INT64') return Number(view.getBigInt64(i * 8, true));
    if (type === 'DT_DOUBLE') return view.getFloat64(i * 8, true);
    return type === 'DT_INT32' ? view.getInt32(i * 4, true) : view.getFloat32(i * 4, true);
  });
}
