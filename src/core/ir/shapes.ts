import { ShapeError } from '../base/errors.js';
import type { AtomicOp, ComputeGraph, Extent, Margins, Padding, TensorShape } from './compute-graph.js';

/** What each node sees of its first input, and what it gives. A node without inputs sees what it gives. */
export interface NodeShapes {
  readonly in: readonly TensorShape[];
  readonly out: readonly TensorShape[];
}

const known = new WeakMap<ComputeGraph, NodeShapes>();

/**
 * The shapes of all nodes, inferred from those of the inputs. Worked out once a graph: O(nodes + edges).
 * @throws ShapeError naming the node whose inputs do not fit it.
 */
export function inferShapes(graph: ComputeGraph): NodeShapes {
  const before = known.get(graph);
  if (before !== undefined) return before;
  const seen: TensorShape[] = [];
  const out: TensorShape[] = [];
  graph.nodes.forEach((node, i) => {
    const inputs = node.inputs.map((from) => {
      if (!(from >= 0 && from < i)) throw misfit(`${graph.name}: ${node.name}`, `inputs before node ${i}`, `node ${from}`);
      return node.reads ?? out[from];
    });
    out.push(shapeAfter(node.op, inputs, `${graph.name}: ${node.name}`));
    seen.push(inputs.length === 0 ? out[i] : inputs[0]);
  });
  const shapes: NodeShapes = { in: seen, out };
  known.set(graph, shapes);
  return shapes;
}

/**
 * What an operation makes of its inputs.
 * @param where names the node in errors. @throws ShapeError
 */
export function shapeAfter(op: AtomicOp, inputs: readonly TensorShape[], where: string): TensorShape {
  if (op.type === 'input' || op.type === 'zero' || op.type === 'opaque') return op.shape;
  if (inputs.length === 0) throw misfit(where, `${op.type} with an input`, 'none');
  const first = inputs[0];
  switch (op.type) {
    case 'conv2d': {
      const { height, width, channels } = image(first, where);
      if (channels % op.groups !== 0) throw misfit(where, `channels in ${op.groups} equal groups`, `${channels}`);
      if (op.filters % op.groups !== 0) throw misfit(where, `filters in ${op.groups} equal groups`, `${op.filters}`);
      return [
        positions(height, op.kernel[0], op.stride[0], op.dilation[0], sides(op.padding, 0), where),
        positions(width, op.kernel[1], op.stride[1], op.dilation[1], sides(op.padding, 2), where),
        op.filters,
      ];
    }
    case 'depthwise': {
      const { height, width, channels } = image(first, where);
      return [
        positions(height, op.kernel[0], op.stride[0], op.dilation[0], sides(op.padding, 0), where),
        positions(width, op.kernel[1], op.stride[1], op.dilation[1], sides(op.padding, 2), where),
        channels * op.multiplier,
      ];
    }
    case 'pool': {
      const { height, width, channels } = image(first, where);
      return [
        positions(height, op.kernel[0], op.stride[0], 1, sides(op.padding, 0), where),
        positions(width, op.kernel[1], op.stride[1], 1, sides(op.padding, 2), where),
        channels,
      ];
    }
    case 'dense':
      return [...first.slice(0, -1), op.units];
    case 'matmul':
      return product(inputs, where);
    case 'mean':
      return op.keepDims ? pooled(first, where) : [image(first, where).channels];
    case 'global-pool':
      return pooled(first, where);
    case 'add':
    case 'mul':
      return inputs.length === 1 ? first : inputs.reduce((a, b) => broadcast(a, b, where));
    case 'concat':
      return joined(inputs, op.axis, where);
    case 'pad':
      return grown(first, op.margins, where);
    case 'space-to-batch': {
      const [height, width, channels] = grown(first, op.margins, where);
      return [divided(height, op.block[0], where), divided(width, op.block[1], where), channels];
    }
    case 'batch-to-space': {
      const { height, width, channels } = image(first, where);
      const [top, bottom, left, right] = op.margins;
      return [height * op.block[0] - top - bottom, width * op.block[1] - left - right, channels];
    }
    case 'space-to-depth': {
      const { height, width, channels } = image(first, where);
      return [divided(height, op.block, where), divided(width, op.block, where), channels * op.block ** 2];
    }
    case 'depth-to-space': {
      const { height, width, channels } = image(first, where);
      return [height * op.block, width * op.block, divided(channels, op.block ** 2, where)];
    }
    case 'resize':
      return [...op.size, image(first, where).channels];
    case 'reshape':
      if (volume(op.shape) !== volume(first)) throw misfit(where, `${volume(op.shape)} values`, `[${first.join(', ')}]`);
      return op.shape;
    case 'batchnorm':
    case 'activation':
    case 'identity':
    case 'output':
      return first;
  }
}

/** How many values a tensor holds. */
export function volume(shape: TensorShape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/**
 * A shape as height, width and channels, as the published graphs see it: a vector is 1 x 1, a sequence is as high as
 * it is long.
 */
export function asImage(shape: TensorShape): readonly [height: number, width: number, channels: number] {
  const n = shape.length;
  if (n === 3) return [shape[0], shape[1], shape[2]];
  if (n < 2) return [1, 1, n === 0 ? 1 : shape[0]];
  if (n === 2) return [shape[0], 1, shape[1]];
  return [volume(shape.slice(0, n - 2)), shape[n - 2], shape[n - 1]];
}

function image(shape: TensorShape, where: string): { height: number; width: number; channels: number } {
  if (shape.length !== 3) throw misfit(where, 'an input of [height, width, channels]', `[${shape.join(', ')}]`);
  return { height: shape[0], width: shape[1], channels: shape[2] };
}

/** What a padding adds at the two ends of an axis; null for `same`, which depends on the extent. */
function sides(padding: Padding, from: 0 | 2): Extent | null {
  if (padding === 'same') return null;
  return padding === 'valid' ? [0, 0] : [padding[from], padding[from + 1]];
}

/** How many places a window has along an axis. */
function positions(extent: number, kernel: number, stride: number, dilation: number, pads: Extent | null, where: string): number {
  const places =
    pads === null
      ? Math.ceil(extent / stride)
      : Math.floor((extent + pads[0] + pads[1] - (kernel - 1) * dilation - 1) / stride) + 1;
  if (places < 1) throw misfit(where, `an extent that a window of ${kernel} fits into`, `${extent}`);
  return places;
}

function pooled(shape: TensorShape, where: string): TensorShape {
  return [1, 1, image(shape, where).channels];
}

function grown(shape: TensorShape, [top, bottom, left, right]: Margins, where: string): TensorShape {
  const { height, width, channels } = image(shape, where);
  return [height + top + bottom, width + left + right, channels];
}

function divided(extent: number, by: number, where: string): number {
  if (extent % by !== 0) throw misfit(where, `a multiple of ${by}`, `${extent}`);
  return extent / by;
}

function broadcast(a: TensorShape, b: TensorShape, where: string): TensorShape {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const lead = long.length - short.length;
  let same = lead === 0;
  for (let i = lead; i < long.length; i++) {
    const [x, y] = [long[i], short[i - lead]];
    if (x !== y) {
      if (x !== 1 && y !== 1) throw misfit(where, `inputs that fit [${a.join(', ')}]`, `[${b.join(', ')}]`);
      same = false;
    }
  }
  return same ? a : long.map((extent, i) => (i < lead ? extent : Math.max(extent, short[i - lead])));
}

function joined(inputs: readonly TensorShape[], axis: number, where: string): TensorShape {
  const [first] = inputs;
  for (const input of inputs) {
    if (input.length !== first.length || axis >= first.length || input.some((extent, i) => i !== axis && extent !== first[i])) {
      throw misfit(where, `inputs that fit [${first.join(', ')}] outside axis ${axis}`, `[${input.join(', ')}]`);
    }
  }
  return first.map((extent, i) => (i === axis ? inputs.reduce((sum, input) => sum + input[axis], 0) : extent));
}

function product(inputs: readonly TensorShape[], where: string): TensorShape {
  const [a, b] = inputs;
  if (inputs.length !== 2 || a.length < 2 || b.length < 2 || a[a.length - 1] !== b[b.length - 2]) {
    throw misfit(where, 'two matrices, as many columns as rows', inputs.map((input) => `[${input.join(', ')}]`).join(' and '));
  }
  return [...a.slice(0, -1), b[b.length - 1]];
}

function misfit(argument: string, expected: string, got: string): ShapeError {
  return new ShapeError({ argument, expected, got });
}
