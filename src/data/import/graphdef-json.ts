import type { AttributeValue } from './attributes.js';
import { MOST_RANK, MOST_VALUES } from './constant.js';
import { type JsonRecord, list, number, numbers, record, text } from './json-fields.js';
import { DATA_TYPES, type GraphDef, kindOfType, type NodeDef } from './node-def.js';

/** A GraphDef as JSON, as tfjs writes it: both its spellings of enumerations, texts in base64 or as lists of bytes. */
export function readGraphDefJson(topology: unknown): GraphDef {
  const functions = list(record(record(topology).library).function).map((item) => text(record(record(item).signature).name));
  return { nodes: list(record(topology).node).map((node) => nodeDef(record(node))), functions };
}

function nodeDef(node: JsonRecord): NodeDef {
  const attributes = new Map<string, AttributeValue>();
  for (const [name, value] of Object.entries(record(node.attr))) {
    const read = attribute(record(value));
    if (read !== null) attributes.set(name, read);
  }
  return { name: text(node.name), op: text(node.op), inputs: list(node.input).map(text), attributes };
}

function attribute(value: JsonRecord): AttributeValue | null {
  if ('list' in value) {
    const items = record(value.list);
    const texts = list(items.s).slice(0, MOST_VALUES).map(decoded);
    if (texts.length > 0) return texts;
    return [...numbers(items.i), ...numbers(items.f)].slice(0, MOST_VALUES);
  }
  if ('s' in value) return decoded(value.s);
  if ('i' in value) return number(value.i) ?? 0;
  if ('f' in value) return number(value.f) ?? 0;
  if ('b' in value) return value.b === true ? 1 : 0;
  if ('type' in value) return dataType(value.type);
  if ('shape' in value) return extents(value.shape);
  if ('func' in value) return 'subgraph';
  if ('tensor' in value) {
    const tensor = record(value.tensor);
    const shape = extents(tensor.tensorShape);
    if (shape.length > MOST_RANK || shape.some((extent) => !(extent >= 0))) return null;
    const kind = kindOfType(dataType(tensor.dtype));
    return { constant: { shape, kind, values: null } };
  }
  return null;
}

/** -1 for an open extent. */
export function extents(shape: unknown): number[] {
  return list(record(shape).dim).map((dimension) => number(record(dimension).size) ?? 0);
}

export function dataType(value: unknown): string {
  return typeof value === 'number' ? (DATA_TYPES[value] ?? 'DT_INVALID') : text(value);
}

function decoded(value: unknown): string {
  if (Array.isArray(value)) return String.fromCharCode(...numbers(value).slice(0, 1000));
  if (typeof value !== 'string') return '';
  try {
    return atob(value);
  } catch {
    return value;
  }
}
