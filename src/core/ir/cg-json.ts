import { cgName, cgVocabulary, labelOf, numberOfLabel } from './cg-vocabulary.js';
import {
  type AtomicOp,
  type ComputeGraph,
  type ComputeNode,
  type Extent,
  isWeighted,
  type Padding,
  publishedOrder,
} from './compute-graph.js';
import { kernelOf, type Resolution, resolution } from './node-features.js';
import { inferShapes } from './shapes.js';

/** The file format of GENNAPE's computation graphs (its `get_cg_state_dict`): weighted nodes first, then regular ones. */
export interface CgJson {
  readonly name: string;
  /** With a batch of 1. */
  readonly input_shape: readonly number[];
  readonly max_hidden_size: number;
  readonly max_kernel_size: number;
  readonly max_derived_H: number;
  readonly max_derived_W: number;
  /** `[from, to]`, counted over weighted and then regular nodes, in ascending order. */
  readonly edge_pairs: readonly (readonly [number, number])[];
  readonly regular_nodes: readonly CgJsonNode[];
  readonly weighted_nodes: readonly CgJsonWeightedNode[];
}

export interface CgJsonNode {
  /** A number that ascends in order of definition, a bar, and the node's path: `16|stem/relu`. */
  readonly str_id: string;
  readonly op_type_idx: number;
  readonly label: string;
  readonly resolution: Resolution;
  readonly strides: readonly number[] | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
}

export interface CgJsonWeightedNode extends CgJsonNode {
  /** `[Cin, Cout, k1, k2]`; a matrix product's kernel is 0 x 0. */
  readonly shape: readonly [number, number, number, number];
}

/** A graph in the published file format; `readCg` is the inverse. @throws ShapeError where shapes do not fit. */
export function writeCg(graph: ComputeGraph): CgJson {
  const { nodes, normalisers } = graph;
  const shapes = inferShapes(graph);
  const order = publishedOrder(graph);
  const place = new Int32Array(nodes.length);
  order.forEach((node, i) => {
    place[node] = i;
  });
  const pairs = nodes.flatMap((node, to) => [...new Set(node.inputs)].map((from): [number, number] => [place[from], place[to]]));
  const ids = idsOf(nodes);
  const written = Array.from(order, (i): CgJsonNode => {
    const { op } = nodes[i];
    return {
      str_id: ids[i],
      op_type_idx: cgVocabulary.indexOf(cgName(op)),
      label: labelFor(op, ids[i]),
      resolution: resolution(shapes.in[i], shapes.out[i]),
      strides: 'stride' in op ? [1, ...op.stride, 1] : null,
      metadata: metadataOf(nodes[i]),
    };
  });
  const weighted = nodes.reduce((count, node) => count + (isWeighted(node.op) ? 1 : 0), 0);
  const first = nodes.find((node) => node.op.type === 'input');
  return {
    name: graph.name,
    input_shape: [1, ...(first === undefined ? [] : shapes.out[nodes.indexOf(first)])],
    max_hidden_size: normalisers.channels,
    max_kernel_size: normalisers.kernel,
    max_derived_H: normalisers.height,
    max_derived_W: normalisers.width,
    edge_pairs: pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]),
    regular_nodes: written.slice(weighted),
    weighted_nodes: written.slice(0, weighted).map((node, i) => {
      const [k1, k2] = kernelOf(nodes[order[i]].op) ?? [0, 0];
      return { ...node, shape: [node.resolution[4], node.resolution[5], k1, k2] };
    }),
  };
}

/**
 * Names as ids: as they are where they carry definition numbers already (a graph that was read from a file), else with
 * 0, 1, 2, … before them. Numbers that count just so are always the writer's own, and `readCg` takes them off.
 */
function idsOf(nodes: readonly ComputeNode[]): string[] {
  const numbers = nodes.map((node) => definitionNumber(node.name));
  const ascending = numbers.every((number, i) => number !== null && (i === 0 || number > (numbers[i - 1] ?? 0)));
  const own = numbers.every((number, i) => number === i);
  return nodes.map((node, i) => (ascending && !own ? node.name : `${i}|${node.name}`));
}

/** The number before the bar; null where there is none. */
export function definitionNumber(id: string): number | null {
  const digits = /^(\d{1,15})\|/.exec(id);
  return digits === null ? null : Number(digits[1]);
}

/** The last part of a node's path, where it says what the node does; so the released code reads it. */
function labelFor(op: AtomicOp, id: string): string {
  if (op.type === 'opaque') return op.label;
  const last = id.slice(Math.max(id.lastIndexOf('/'), id.indexOf('|')) + 1).toLowerCase();
  return numberOfLabel(last) === cgVocabulary.indexOf(cgName(op)) && numberOfLabel(last) > 0 ? last : labelOf(op);
}

const NHWC = { data_format: 'NHWC' } as const;

/** What the released code keeps there, and what it has no place for: groups, a concatenation's axis, other orders of inputs. */
function metadataOf({ op, inputs, reads }: ComputeNode): Readonly<Record<string, unknown>> | null {
  const own = { ...attributes(op), ...(reads === null ? {} : { reads }), ...(ascends(inputs) ? {} : { inputs }) };
  return Object.keys(own).length === 0 ? null : own;
}

function attributes(op: AtomicOp): Readonly<Record<string, unknown>> {
  switch (op.type) {
    case 'conv2d':
      return { ...windowed(op), ...(op.groups === 1 ? {} : { groups: op.groups }), ...(op.bias ? { use_bias: true } : {}) };
    case 'depthwise':
      return {
        ...windowed(op),
        ...(op.multiplier === 1 ? {} : { multiplier: op.multiplier }),
        ...(op.bias ? { use_bias: true } : {}),
      };
    case 'dense':
      return { use_bias: op.bias };
    case 'matmul':
      return { operands: 2 };
    case 'batchnorm':
      return NHWC;
    case 'pool':
      return { ...NHWC, padding: op.padding, ksize: [1, ...op.kernel, 1] };
    case 'mean':
      return op.keepDims ? { keep_dims: true } : {};
    case 'concat':
      return op.axis === 2 ? {} : { axis: op.axis };
    case 'input':
    case 'zero':
    case 'reshape':
    case 'opaque':
      return op.shape.length === 3 ? {} : { shape: op.shape };
    case 'pad':
      return { margins: op.margins };
    case 'space-to-batch':
    case 'batch-to-space':
      return { block: op.block, margins: op.margins };
    case 'space-to-depth':
    case 'depth-to-space':
      return { block: op.block };
    case 'resize':
      return { size: op.size };
    default:
      return {};
  }
}

function windowed(op: { readonly dilation: Extent; readonly padding: Padding }): Readonly<Record<string, unknown>> {
  return { ...NHWC, dilations: [1, ...op.dilation, 1], padding: op.padding };
}

function ascends(inputs: readonly number[]): boolean {
  return inputs.every((input, i) => i === 0 || inputs[i - 1] < input);
}
