import { ShapeError } from '../../core/base/errors.js';
import { ComputeBuilder } from '../../core/ir/compute-builder.js';
import type { AtomicOp, ComputeGraph, TensorShape } from '../../core/ir/compute-graph.js';
import { shapeAfter } from '../../core/ir/shapes.js';
import { imageLayout } from './image-layout.js';
import type { NamedShape, WarningList } from './imported-model.js';
import { HEAVY, type Sketch, type Tensor, volumeOf } from './meaning.js';
import type { SourceNetwork, SourceNode } from './source-network.js';
import type { Step } from './step.js';

/** The computation graph of what was understood: channels last, without the batch, biases with their products. */
export function emitGraph(
  source: SourceNetwork,
  inputs: readonly NamedShape[],
  tensors: ReadonlyMap<string, Tensor>,
  steps: readonly Step[],
  warnings: WarningList,
): ComputeGraph {
  const builder = new ComputeBuilder();
  const places = new Map<string, number>();
  const isImage = imageLayout(source, tensors, steps);
  const batch = tensors.get(inputs[0]?.name ?? '')?.shape[0] ?? 1;
  const shapeOf = (name: string): TensorShape => {
    const shape = tensors.get(name)?.shape ?? [];
    return canonical(shape, batch, isImage(name), source.channelsFirst);
  };
  for (const { name } of inputs) places.set(name, builder.add({ type: 'input', shape: shapeOf(name) }, [], name));
  const biases = biasSteps(source, steps, isImage);
  steps.forEach((step, i) => {
    const { node, meaning } = step;
    if (biases.absorbed.has(i)) {
      places.set(node.outputs[0], places.get(step.inputs[0]) ?? 0);
      return;
    }
    const from = step.inputs.flatMap((name) => places.get(name) ?? []);
    const ops = meaning.ops.map((op) => (biases.gains.has(i) && 'bias' in op ? { ...op, bias: true } : op));
    node.outputs.forEach((name, k) => {
      if (name === '' || tensors.get(name)?.constant !== false) return;
      // Further outputs stand as nodes of their own, where anything reads them.
      if (k > 0 && !biases.readers.has(name)) return;
      const wanted = shapeOf(name);
      const label = node.outputs.length > 1 && k > 0 ? `${node.name}:${k}` : node.name;
      let last = from;
      ops.forEach((sketch, n) => {
        const op = settled(
          sketch,
          wanted,
          last.map((place) => builder.shape(place)),
          isImage(name),
          source,
          node,
          warnings,
          n === ops.length - 1,
        );
        const part = n === 0 ? label : `${label}/${op.type === 'activation' ? op.function : op.type}`;
        last = [builder.add(op, last, part)];
      });
      places.set(name, last[0]);
    });
  });
  for (const { name } of source.outputs) {
    const place = places.get(name);
    if (place !== undefined) builder.add({ type: 'output' }, [place], name);
    else warnings.add('ignored', name, 'this output does not depend on the inputs: it is not part of the graph');
  }
  return builder.graph(source.name);
}

/** Channels last, without the batch; extents of 0 as 1, since nothing that is costed is empty. */
function canonical(shape: readonly number[], batch: number, image: boolean, channelsFirst: boolean): TensorShape {
  const inner = shape.length > 0 && (shape[0] === batch || shape[0] === 1) ? shape.slice(1) : shape;
  const held = inner.map((extent) => Math.max(extent, 1));
  if (!image || inner.length !== shape.length - 1) return held;
  const [first, ...rest] = held;
  const turned = channelsFirst ? [...rest, first] : held;
  return turned.length === 2 ? [turned[0], 1, turned[1]] : turned;
}

/** The operation with its attributes in the graph's layout; an opaque one of the right shape where it does not fit. */
function settled(
  sketch: Sketch,
  wanted: TensorShape,
  seen: readonly TensorShape[],
  image: boolean,
  source: SourceNetwork,
  node: SourceNode,
  warnings: WarningList,
  last: boolean,
): AtomicOp {
  const label = node.domain === '' ? node.op : `${node.domain}:${node.op}`;
  const op = sketched(sketch, wanted, image, source.channelsFirst, label);
  if (op.type === 'opaque') {
    if (sketch === HEAVY) warnings.add('not-costed', label, 'its shape is known, its multiplications are not counted');
    return op;
  }
  try {
    const shape = shapeAfter(op, seen, node.name);
    if (!last || shape.join() === wanted.join()) return op;
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
  }
  const costs = op.type === 'conv2d' || op.type === 'depthwise' || op.type === 'dense' || op.type === 'matmul';
  if (costs) warnings.add('not-costed', label, 'its shape is known, its multiplications are not counted');
  return { type: 'opaque', label, shape: wanted };
}

function sketched(sketch: Sketch, wanted: TensorShape, image: boolean, channelsFirst: boolean, label: string): AtomicOp {
  switch (sketch.type) {
    case 'named':
      return { type: 'opaque', label, shape: wanted };
    case 'reshaped':
      return { type: 'reshape', shape: wanted };
    case 'resized':
      return { type: 'resize', size: [wanted[0], wanted[1]] };
    case 'concat-along': {
      const inner = sketch.axis - 1;
      const turned = image && channelsFirst ? (inner === 0 ? wanted.length - 1 : inner - 1) : inner;
      // A sequence as an image of width 1 has its channels one axis later.
      const axis = image && !channelsFirst && wanted.length === 3 && inner === 1 ? sketch.axis : turned;
      return axis < 0 ? { type: 'opaque', label, shape: wanted } : { type: 'concat', axis };
    }
    default:
      return sketch;
  }
}

interface Biases {
  /** Steps that only add a constant for each channel to a product before them. */
  readonly absorbed: ReadonlySet<number>;
  /** The products that so have a bias. */
  readonly gains: ReadonlySet<number>;
  readonly readers: ReadonlyMap<string, number>;
}

/** Sums that are the bias of the convolution or matrix product right before them, which nothing else reads. */
function biasSteps(source: SourceNetwork, steps: readonly Step[], isImage: (name: string) => boolean): Biases {
  const readers = new Map<string, number>();
  const read = (name: string): void => void readers.set(name, (readers.get(name) ?? 0) + 1);
  for (const { inputs } of steps) inputs.forEach(read);
  for (const { name } of source.outputs) read(name);
  const producer = new Map<string, number>();
  const absorbed = new Set<number>();
  const gains = new Set<number>();
  steps.forEach((step, i) => {
    const { node, meaning, inputs, constants } = step;
    producer.set(node.outputs[0], i);
    const only = meaning.ops.length === 1 ? meaning.ops[0] : null;
    if (only?.type !== 'add' || inputs.length !== 1 || constants.length !== 1 || readers.get(inputs[0]) !== 1) return;
    const by = producer.get(inputs[0]);
    const before = by === undefined ? undefined : steps[by];
    const op = before?.meaning.ops.length === 1 ? before.meaning.ops[0] : undefined;
    if (by === undefined || before === undefined || op === undefined || !('bias' in op) || op.bias || gains.has(by)) return;
    const shape = before.meaning.outputs[0].shape;
    const axis = source.channelsFirst && op.type !== 'dense' && isImage(inputs[0]) ? 1 : shape.length - 1;
    const own = constants[0].shape;
    const lead = shape.length - own.length;
    const alongChannels = own.every((extent, k) => extent === 1 || (k + lead === axis && extent === shape[axis]));
    if (lead < 0 || volumeOf(own) !== shape[axis] || !alongChannels) return;
    absorbed.add(i);
    gains.add(by);
  });
  return { absorbed, gains, readers };
}
