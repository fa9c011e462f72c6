import { ShapeError } from '../base/errors.js';
import { CgFields } from './cg-fields.js';
import { definitionNumber } from './cg-json.js';
import { imageOf, type RawNode, readOperation } from './cg-operation.js';
import type { AtomicOp, ComputeGraph, ComputeNode, TensorShape } from './compute-graph.js';
import { asImage, shapeAfter } from './shapes.js';

/**
 * A graph from the published file format: GENNAPE's, AIO-P's and AutoGO's own files, or what `writeCg` gave, whose
 * inverse this is. Attributes come from kernels, strides and metadata; shapes are inferred and, where the file has
 * resolutions, must equal them. Where a node sees another shape than its input has, a slice or reshape that the file
 * leaves out, the node `reads` what the file says.
 * @param value parsed JSON. @throws DataError that names the node and the field.
 */
export function readCg(value: unknown): ComputeGraph {
  const file = new CgFields(value, 'computation graph');
  const weighted = file.list('weighted_nodes');
  const regular = file.list('regular_nodes');
  const raw = [...weighted.map((node) => rawNode(node, true)), ...regular.map((node) => rawNode(node, false))];
  const inputs: number[][] = raw.map(() => []);
  for (const pair of file.list('edge_pairs')) {
    const ends = Array.isArray(pair.value) ? pair.value : [];
    if (ends.length !== 2 || !Array.from(ends).every((end) => Number.isInteger(end) && end >= 0 && end < raw.length)) {
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
    const kept = metadata.numbers('inputs', null);
    if (kept?.some((input) => input >= out.length)) throw metadata.get('inputs').problem('nodes that are defined before');
    const from = kept ?? inputs[node].map((input) => place[input]).sort((a, b) => a - b);
    const op = readOperation(raw[node], from.length);
    const sees = from.map((input) => out[input]);
    const reads = metadata.numbers('reads', null, 1) ?? otherShape(fields, sees);
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

function rawNode(fields: CgFields, weighted: boolean): RawNode {
  const id = fields.text('str_id');
  return { id, number: definitionNumber(id), weighted, fields, metadata: fields.record('metadata') };
}

/**
 * By the numbers in the ids where these put each node after its inputs. Else weighted and regular nodes are merged, a
 * weighted one as soon as its inputs stand, which keeps the file's order of each; else inputs first.
 */
function definitionOrder(raw: readonly RawNode[], inputs: readonly (readonly number[])[], file: CgFields): number[] {
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

/** AIO-P's files call a change of height and width an identity. */
function resized(op: AtomicOp, out: TensorShape, seen: readonly TensorShape[]): AtomicOp {
  const same = op.type !== 'identity' || seen.length === 0 || (out[0] === seen[0][0] && out[1] === seen[0][1]);
  return same ? op : { type: 'resize', size: [out[0], out[1]] };
}

/** The shape that the file says the node sees, where its inputs have another; null where they agree or it says nothing. */
function otherShape(fields: CgFields, sees: readonly TensorShape[]): TensorShape | null {
  if (sees.length === 0 || fields.get('resolution').value === undefined) return null;
  const wanted = imageOf(fields, 0);
  return asImage(sees[0]).every((extent, i) => extent === wanted[i]) ? null : wanted;
}

/** The inferred shape, which must be the file's. */
function fitting(op: AtomicOp, seen: readonly TensorShape[], fields: CgFields, id: string): TensorShape {
  const said = fields.get('resolution').value === undefined ? null : imageOf(fields, 1);
  if (op.type === 'identity' && said !== null && seen.length > 0 && asImage(seen[0]).some((extent, i) => extent !== said[i]))
    return said;
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
