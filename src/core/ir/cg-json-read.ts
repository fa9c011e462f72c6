import { DataError, ShapeError } from '../base/errors.js';
import { definitionNumber } from './cg-json.js';
import { cgVocabulary, numberOfLabel } from './cg-vocabulary.js';
import type { Activation, AtomicOp, ComputeGraph, ComputeNode, Extent, Margins, Padding, TensorShape } from './compute-graph.js';
import { asImage, shapeAfter } from './shapes.js';

/**
 * A graph from the published file format: GENNAPE's, AIO-P's and AutoGO's own files, or what `writeCg` gave, whose
 * inverse this is. Attributes come from kernels, strides and metadata; shapes are inferred and, where the file has
 * resolutions, must equal them. Where a node sees another shape than its input has, a slice or reshape that the file
 * leaves out, the node `reads` what the file says.
 * @param value parsed JSON. @throws DataError that names the node and the field.
 */
export function readCg(value: unknown): ComputeGraph {
  const file = new Fields(value, 'computation graph');
  const weighted = file.list('weighted_nodes');
  const regular = file.list('regular_nodes');
  const raw = [...weighted.map((node) => rawNode(node, true)), ...regular.map((node) => rawNode(node, false))];
  const inputs: number[][] = raw.map(() => []);
  for (const pair of file.list('edge_pairs')) {
    const ends = Array.isArray(pair.value) ? pair.value : [];
    if (ends.length !== 2 || !ends.every((end) => Number.isInteger(end) && end >= 0 && end < raw.length)) {
      throw pair.problem(`two numbers of nodes, 0..${raw.length - 1}`);
    }
    inputs[ends[1]].push(ends[0]);
  }
  const order = definitionOrder(raw, inputs, file);
  const place = new Int32Array(raw.length);
  order.forEach((node, i) => {
    place[node] = i;
  });
  const written = order.every((node, i) => raw[node].number === i);
  const out: TensorShape[] = [];
  const nodes = order.map((node): ComputeNode => {
    const { id, fields, metadata } = raw[node];
    const kept = metadata.numbers('inputs');
    const from = kept ?? inputs[node].map((input) => place[input]).sort((a, b) => a - b);
    const op = operation(raw[node], from.length);
    const sees = from.map((input) => out[input]);
    const reads = metadata.numbers('reads') ?? otherShape(fields, sees);
    const seen = reads === null ? sees : sees.map(() => reads);
    out.push(fitting(op, seen, fields, id));
    return {
      name: written ? id.slice(id.indexOf('|') + 1) : id,
      op: resized(op, out[out.length - 1], seen),
      inputs: from,
      reads,
    };
  });
  return {
    kind: 'compute-graph',
    name: file.text('name'),
    nodes,
    normalisers: {
      channels: file.number('max_hidden_size', 512),
      kernel: file.number('max_kernel_size', 7),
      height: file.number('max_derived_H', 256),
      width: file.number('max_derived_W', 256),
    },
  };
}

interface RawNode {
  readonly id: string;
  readonly number: number | null;
  readonly weighted: boolean;
  readonly fields: Fields;
  readonly metadata: Fields;
}

function rawNode(fields: Fields, weighted: boolean): RawNode {
  const id = fields.text('str_id');
  return { id, number: definitionNumber(id), weighted, fields, metadata: fields.record('metadata') };
}

/**
 * By the numbers in the ids where these put each node after its inputs. Else weighted and regular nodes are merged, a
 * weighted one as soon as its inputs stand, which keeps the file's order of each; else inputs first.
 */
function definitionOrder(raw: readonly RawNode[], inputs: readonly (readonly number[])[], file: Fields): number[] {
  const numbers = raw.map((node) => node.number ?? -1);
  if (numbers.every((number, i) => number >= 0 && inputs[i].every((from) => numbers[from] < number))) {
    return raw.map((_, i) => i).sort((a, b) => numbers[a] - numbers[b] || a - b);
  }
  const placed = new Uint8Array(raw.length);
  const waiting = [true, false].map((weighted) => raw.flatMap((node, i) => (node.weighted === weighted ? [i] : [])).reverse());
  const order: number[] = [];
  for (;;) {
    const queue = waiting.find(
      (nodes) => nodes.length > 0 && inputs[nodes[nodes.length - 1]].every((from) => placed[from] === 1),
    );
    const next = queue?.pop();
    if (next === undefined) break;
    placed[next] = 1;
    order.push(next);
  }
  if (order.length < raw.length) inputsFirst(inputs, placed, order);
  if (order.length < raw.length) throw file.problem('edges without a cycle');
  return order;
}

/** Appends the nodes that are not placed yet, each after its inputs, as far as there is no cycle (Kahn 1962). */
function inputsFirst(inputs: readonly (readonly number[])[], placed: Uint8Array, order: number[]): void {
  const missing = inputs.map((from) => from.filter((node) => placed[node] === 0).length);
  const after: number[][] = inputs.map(() => []);
  inputs.forEach((from, to) => {
    for (const node of from) after[node].push(to);
  });
  let next = order.length;
  missing.forEach((count, node) => {
    if (placed[node] === 0 && count === 0) order.push(node);
  });
  for (; next < order.length; next++) for (const to of after[order[next]]) if (--missing[to] === 0) order.push(to);
}

function operation({ fields, metadata, weighted }: RawNode, inputCount: number): AtomicOp {
  const label = fields.text('label');
  const number = fields.number('op_type_idx', numberOfLabel(label));
  const name = cgVocabulary[number] ?? '<oov>';
  const bias = metadata.value !== null && metadata.get('use_bias').value === true;
  switch (name) {
    case 'conv':
    case 'depthwise': {
      const [, , k1, k2] = fields.numbers('shape') ?? [0, 0, 0, 0];
      const window = {
        kernel: [k1, k2] as Extent,
        stride: inner(fields.numbers('strides')),
        dilation: inner(metadata.numbers('dilations')),
        padding: paddingOf(metadata),
        bias,
      };
      if (name === 'depthwise') return { type: name, multiplier: metadata.number('multiplier', 1), ...window };
      return { type: 'conv2d', filters: resolutionOf(fields)[5], groups: metadata.number('groups', 1), ...window };
    }
    case 'matmul':
      if (!weighted || inputCount > 1) return { type: 'matmul' };
      return { type: 'dense', units: resolutionOf(fields)[5], bias };
    case 'maxpool':
    case 'avgpool': {
      const mode = name === 'maxpool' ? 'max' : 'avg';
      const stride = inner(fields.numbers('strides'));
      return { type: 'pool', mode, kernel: inner(metadata.numbers('ksize')), stride, padding: paddingOf(metadata) };
    }
    case 'relu':
    case 'relu6':
    case 'sigmoid':
    case 'tanh':
    case 'swish':
    case 'gelu':
      return { type: 'activation', function: name satisfies Activation };
    case 'mean':
      return { type: 'mean', keepDims: metadata.value !== null && metadata.get('keep_dims').value === true };
    case 'global':
      return { type: 'global-pool' };
    case 'concat':
      return { type: 'concat', axis: metadata.number('axis', 2) };
    case 'identity': {
      const size = metadata.numbers('size');
      return size === null ? { type: 'identity' } : { type: 'resize', size: [size[0], size[1]] };
    }
    case 'input':
    case 'zero':
      return { type: name, shape: metadata.numbers('shape') ?? imageOf(fields, 1) };
    case 'paddings':
      return { type: 'pad', margins: margins(metadata) };
    case 'spacetobatchnd':
      return { type: 'space-to-batch', block: block(metadata), margins: margins(metadata) };
    case 'batchtospacend':
      return { type: 'batch-to-space', block: block(metadata), margins: margins(metadata) };
    case 'spacetodepthnd':
      return { type: 'space-to-depth', block: metadata.number('block', 2) };
    case 'depthtospacend':
      return { type: 'depth-to-space', block: metadata.number('block', 2) };
    case 'output':
    case 'batchnorm':
    case 'add':
    case 'mul':
      return { type: name };
    default: {
      const shape = metadata.numbers('shape') ?? imageOf(fields, 1);
      return label === 'reshape' ? { type: 'reshape', shape } : { type: 'opaque', label, shape };
    }
  }
}

/** AIO-P's files call a change of height and width an identity. */
function resized(op: AtomicOp, out: TensorShape, seen: readonly TensorShape[]): AtomicOp {
  const same = op.type !== 'identity' || (out[0] === seen[0][0] && out[1] === seen[0][1]);
  return same ? op : { type: 'resize', size: [out[0], out[1]] };
}

/** The shape that the file says the node sees, where its inputs have another; null where they agree or it says nothing. */
function otherShape(fields: Fields, sees: readonly TensorShape[]): TensorShape | null {
  if (sees.length === 0 || fields.get('resolution').value === undefined) return null;
  const wanted = imageOf(fields, 0);
  return asImage(sees[0]).every((extent, i) => extent === wanted[i]) ? null : wanted;
}

/** The inferred shape, which must be the file's. */
function fitting(op: AtomicOp, seen: readonly TensorShape[], fields: Fields, id: string): TensorShape {
  const said = fields.get('resolution').value === undefined ? null : imageOf(fields, 1);
  if (op.type === 'identity' && said !== null && asImage(seen[0]).some((extent, i) => extent !== said[i])) return said;
  let shape: TensorShape;
  try {
    shape = shapeAfter(op, seen, id);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw fields.problem(error.expected, error.got);
  }
  if (said !== null && asImage(shape).some((extent, i) => extent !== said[i])) {
    throw fields.get('resolution').problem(`an output of ${asImage(shape).join(' x ')}, as its inputs make it`, said.join(' x '));
  }
  return shape;
}

function resolutionOf(fields: Fields): readonly number[] {
  const numbers = fields.numbers('resolution');
  if (numbers?.length === 6) return numbers;
  // Without resolutions, the kernel's own shape says how many channels come out.
  const shape = fields.numbers('shape');
  if (shape?.length === 4) return [0, 0, 0, 0, shape[0], shape[1]];
  throw fields.get('resolution').problem('[Hin, Hout, Win, Wout, Cin, Cout]');
}

function imageOf(fields: Fields, side: 0 | 1): TensorShape {
  const numbers = resolutionOf(fields);
  return [numbers[side], numbers[2 + side], numbers[4 + side]];
}

/** The two in the middle of `[1, height, width, 1]`. */
function inner(four: readonly number[] | null): Extent {
  return four === null || four.length < 3 ? [1, 1] : [four[1], four[2]];
}

function paddingOf(metadata: Fields): Padding {
  const sides = metadata.numbers('padding');
  if (sides !== null) return [sides[0], sides[1], sides[2], sides[3]];
  const word = metadata.value === null ? 'same' : metadata.get('padding').value;
  return word === 'valid' || word === 'VALID' ? 'valid' : 'same';
}

function margins(metadata: Fields): Margins {
  const [top, bottom, left, right] = metadata.numbers('margins') ?? [0, 0, 0, 0];
  return [top, bottom, left, right];
}

function block(metadata: Fields): Extent {
  const [height, width] = metadata.numbers('block') ?? [2, 2];
  return [height, width];
}

/** A part of the file that knows where it stands. */
class Fields {
  constructor(
    readonly value: unknown,
    private readonly path: string,
  ) {}

  get(name: string): Fields {
    if (typeof this.value !== 'object' || this.value === null) throw this.problem('an object');
    return new Fields((this.value as Record<string, unknown>)[name], `${this.path}: ${name}`);
  }

  list(name: string): Fields[] {
    const { value, path, problem } = this.get(name);
    if (!Array.isArray(value)) throw problem.call(this.get(name), 'a list');
    return value.map((item, i) => new Fields(item, `${path}[${i}]`));
  }

  text(name: string): string {
    const field = this.get(name);
    if (typeof field.value !== 'string') throw field.problem('a text');
    return field.value;
  }

  number(name: string, otherwise: number): number {
    if (this.value === null) return otherwise;
    const field = this.get(name);
    if (field.value === undefined || field.value === null) return otherwise;
    if (!Number.isInteger(field.value) || Number(field.value) < 0) throw field.problem('a whole number');
    return Number(field.value);
  }

  /** Null where the field is not a list (a padding can be a word). */
  numbers(name: string): readonly number[] | null {
    const value = this.value === null ? null : this.get(name).value;
    if (!Array.isArray(value)) return null;
    if (!value.every((item) => Number.isFinite(item))) throw this.get(name).problem('a list of numbers');
    return value;
  }

  /** An object, or null. */
  record(name: string): Fields {
    const field = this.get(name);
    if (field.value === undefined) return new Fields(null, field.path);
    if (typeof field.value !== 'object' || Array.isArray(field.value)) throw field.problem('an object or null');
    return field;
  }

  problem(expected: string, got: string = JSON.stringify(this.value)?.slice(0, 80) ?? 'nothing'): DataError {
    return new DataError({ path: this.path, expected, got, fix: 'The format is that of GENNAPE’s get_cg_state_dict.' });
  }
}
