/** TensorFlow's operations, of frozen graphs and of tfjs graph-models: one rule each, mostly one line; long for their number. */

import type { Activation, Extent } from '../../core/ir/compute-graph.js';
import {
  type Call,
  gives,
  HEAVY,
  type Meaning,
  NAMED,
  type Rule,
  type Rules,
  type Sketch,
  type Tensor,
  volumeOf,
} from './meaning.js';
import { kindOfType } from './node-def.js';
import { activations, alias, counted, onFirst, present, same } from './rule-builders.js';
import * as shapes from './shape-rules.js';
import { channelsOf, convolution, imageExtents, pooling, type Window } from './windows.js';

/** @see tensorflow/tensorflow: tensorflow/core/ops, and tfjs-converter's op lists for the fused ones */
export const tensorflowRules: Rules = {
  ...activations({ Relu: 'relu', Relu6: 'relu6', Sigmoid: 'sigmoid', Tanh: 'tanh', Gelu: 'gelu' }),
  ...same([
    ...['Elu', 'Selu', 'LeakyRelu', 'Prelu', 'Softplus', 'Softsign', 'Softmax', 'LogSoftmax', 'LRN', 'L2Normalize'],
    ...[
      'Exp',
      'Expm1',
      'Log',
      'Log1p',
      'Sin',
      'Cos',
      'Tan',
      'Asin',
      'Acos',
      'Atan',
      'Sinh',
      'Cosh',
      'Erf',
      'Cumsum',
      'ClipByValue',
    ],
    ...['IsNan', 'IsInf', 'IsFinite', 'ReverseV2', 'ZerosLike', 'OnesLike', 'Rsqrt', 'Square', 'FakeQuantWithMinMaxVars'],
    ...['HardSwish', 'TensorScatterUpdate', 'LinSpace', 'CheckNumerics'],
  ]),
  ...through([
    'Identity',
    'IdentityN',
    'Snapshot',
    'StopGradient',
    'PreventGradient',
    'PlaceholderWithDefault',
    'Cast',
    'EnsureShape',
  ]),
  ...counted({
    Neg: (x) => -x,
    Abs: Math.abs,
    Floor: Math.floor,
    Ceil: Math.ceil,
    Round: Math.round,
    Sign: Math.sign,
    Sqrt: Math.sqrt,
    Reciprocal: (x) => 1 / x,
    LogicalNot: (x) => (x === 0 ? 1 : 0),
  }),
  Const: ({ node }) => {
    const held = node.attributes.constant('value');
    return held === null ? gives([], NAMED, 'free') : gives(held.shape, NAMED, 'free', { values: held.values, kind: held.kind });
  },

  ...alias(['Add', 'AddV2', 'AddN', 'BiasAdd', 'BiasAddV1'], ({ node, inputs, channelsFirst }) => {
    const [x, b] = inputs;
    // A bias goes along the channels, wherever they stand.
    const turned = node.op === 'BiasAdd' && channelsFirst && x && b && x.shape.length > 2;
    const bias = turned ? [x, { ...b, shape: [b.shape[0], ...x.shape.slice(2).map(() => 1)] }] : inputs;
    return shapes.elementwise(present(bias), { type: 'add' }, (...values) => values.reduce((sum, value) => sum + value, 0));
  }),
  Sub: binary({ type: 'add' }, (a, b) => a - b),
  Mul: binary({ type: 'mul' }, (a, b) => a * b),
  ...alias(['RealDiv', 'Div', 'DivNoNan'], (call) => {
    const whole = call.inputs.every((input) => input?.kind === 'integer');
    return binary({ type: 'mul' }, (a, b) => (whole ? Math.trunc(a / b) : a / b))(call);
  }),
  FloorDiv: binary({ type: 'mul' }, (a, b) => Math.floor(a / b)),
  FloorMod: binary(NAMED, (a, b) => a - b * Math.floor(a / b)),
  Mod: binary(NAMED, (a, b) => a % b),
  Maximum: binary(NAMED, Math.max),
  Minimum: binary(NAMED, Math.min),
  Pow: binary(NAMED, (a, b) => a ** b),
  SquaredDifference: binary(NAMED, (a, b) => (a - b) ** 2),
  Equal: binary(NAMED, (a, b) => Number(a === b)),
  NotEqual: binary(NAMED, (a, b) => Number(a !== b)),
  Greater: binary(NAMED, (a, b) => Number(a > b)),
  GreaterEqual: binary(NAMED, (a, b) => Number(a >= b)),
  Less: binary(NAMED, (a, b) => Number(a < b)),
  LessEqual: binary(NAMED, (a, b) => Number(a <= b)),
  LogicalAnd: binary(NAMED, (a, b) => Number(a !== 0 && b !== 0)),
  LogicalOr: binary(NAMED, (a, b) => Number(a !== 0 || b !== 0)),
  ...alias(
    ['Select', 'SelectV2'],
    binary(NAMED, (condition, a, b) => (condition !== 0 ? a : b)),
  ),

  Mean: reduction(true),
  Sum: reduction(false, (values) => values.reduce((a, b) => a + b, 0)),
  Prod: reduction(false, (values) => values.reduce((a, b) => a * b, 1)),
  Max: reduction(false, (values) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
  Min: reduction(false, (values) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
  All: reduction(false),
  Any: reduction(false),
  EuclideanNorm: reduction(false),
  ...alias(
    ['ArgMax', 'ArgMin'],
    onFirst((x, call) => {
      const axis = call.inputs[1]?.values?.[0];
      const made =
        axis === undefined ? null : shapes.reduce(x, [axis], false, { mean: false, channelsFirst: call.channelsFirst });
      return made === null ? null : { ...made, outputs: [{ ...made.outputs[0], kind: 'integer' }] };
    }),
  ),

  Shape: onFirst((x) => shapes.shapeOf(x)),
  Size: onFirst((x) => gives([], NAMED, 'free', { values: [volumeOf(x.shape)], kind: 'integer', constant: true })),
  Rank: onFirst((x) => gives([], NAMED, 'free', { values: [x.shape.length], kind: 'integer', constant: true })),
  Fill: ({ inputs: [dims, value] }) =>
    dims?.values ? shapes.filled(dims.values, value?.values?.[0] ?? 0, value?.kind ?? 'float') : null,
  Reshape: onFirst((x, { inputs }) => (inputs[1]?.values ? shapes.reshape(x, inputs[1].values, false) : null)),
  Squeeze: onFirst((x, { node }) => {
    const axes = node.attributes.numbers('squeeze_dims') ?? node.attributes.numbers('axis') ?? [];
    return shapes.squeeze(x, axes.length === 0 ? null : axes);
  }),
  ExpandDims: onFirst((x, { node, inputs }) => {
    const axis = inputs[1]?.values?.[0] ?? node.attributes.numbers('dim')?.[0];
    return axis === undefined ? null : shapes.unsqueeze(x, [axis]);
  }),
  Transpose: onFirst((x, { inputs }) => (inputs[1]?.values ? shapes.transpose(x, inputs[1].values) : null)),
  ConcatV2: ({ inputs }) => {
    const axis = inputs[inputs.length - 1]?.values?.[0];
    return axis === undefined ? null : shapes.concat(present(inputs.slice(0, -1)), axis);
  },
  Concat: ({ inputs }) => {
    const axis = inputs[0]?.values?.[0];
    return axis === undefined ? null : shapes.concat(present(inputs.slice(1)), axis);
  },
  Pack: ({ node, inputs }) => shapes.pack(present(inputs), node.attributes.number('axis', 0)),
  Unpack: onFirst((x, { node }) => {
    const axis = node.attributes.number('axis', 0);
    const at = axis < 0 ? axis + x.shape.length : axis;
    if (!(x.shape[at] >= 1)) return null;
    const parts = shapes.split(x, at, x.shape[at], node.outputs.length);
    if (parts === null) return null;
    const outputs = parts.outputs.map((part) => ({ ...part, shape: part.shape.filter((_, i) => i !== at) }));
    return { ...parts, outputs, layout: 'free' };
  }),
  Split: ({ node, inputs: [axis, x] }) =>
    x && axis?.values ? shapes.split(x, axis.values[0], node.attributes.number('num_split', 1), node.outputs.length) : null,
  SplitV: onFirst((x, { node, inputs: [, sizes, axis] }) =>
    sizes?.values && axis?.values ? shapes.split(x, axis.values[0], sizes.values, node.outputs.length) : null,
  ),
  Slice: onFirst((x, { inputs: [, begin, size] }) => {
    if (!begin?.values || !size?.values) return null;
    const [starts, sizes] = [begin.values, size.values];
    return shapes.slice(
      x,
      starts.map((start, axis) => ({ axis, start, end: sizes[axis] === -1 ? x.shape[axis] : start + sizes[axis], step: 1 })),
    );
  }),
  StridedSlice: onFirst(stridedSlice),
  GatherV2: onFirst((x, { inputs: [, indices, axis] }) => (indices ? shapes.gather(x, indices, axis?.values?.[0] ?? 0) : null)),
  Gather: onFirst((x, { inputs: [, indices] }) => (indices ? shapes.gather(x, indices, 0) : null)),
  ResourceGather: onFirst((x, { inputs: [, indices] }) => (indices ? shapes.gather(x, indices, 0) : null)),
  GatherNd: onFirst((x, { inputs: [, indices] }) => {
    if (!indices || indices.shape.length === 0) return null;
    const depth = indices.shape[indices.shape.length - 1];
    return gives([...indices.shape.slice(0, -1), ...x.shape.slice(depth)], NAMED, 'free');
  }),
  Tile: onFirst((x, { inputs }) => {
    const times = inputs[1]?.values;
    return times?.length === x.shape.length
      ? gives(
          x.shape.map((extent, i) => extent * times[i]),
          NAMED,
          'carried',
        )
      : null;
  }),
  BroadcastTo: onFirst((x, { inputs }) =>
    inputs[1]?.values ? gives(inputs[1].values, NAMED, 'carried', { kind: x.kind }) : null,
  ),
  ...alias(
    ['Pad', 'PadV2', 'MirrorPad'],
    onFirst((x, { inputs, channelsFirst }) => {
      const pads = inputs[1]?.values;
      if (!pads) return null;
      const side = (k: number): number[] => pads.filter((_, i) => i % 2 === k);
      return shapes.pad(x, side(0), side(1), channelsFirst);
    }),
  ),
  Range: ({ inputs }) => {
    const [start, end, step] = inputs.map((input) => input?.values?.[0]);
    return start === undefined || end === undefined || step === undefined ? null : shapes.range(start, end, step);
  },
  OneHot: onFirst((x, { inputs }) => {
    const depth = inputs[1]?.values?.[0];
    return depth === undefined ? null : gives([...x.shape, depth], NAMED, 'free', { kind: 'float' });
  }),
  TopKV2: onFirst((x, { inputs }) => {
    const k = inputs[1]?.values?.[0];
    if (k === undefined) return null;
    const shape = [...x.shape.slice(0, -1), k];
    return { outputs: [{ shape }, { shape, kind: 'integer' }], ops: [NAMED], layout: 'carried' };
  }),
  ScatterNd: ({ inputs: [, updates, shape] }) =>
    shape?.values ? gives(shape.values, NAMED, 'free', { kind: updates?.kind }) : null,
  SparseToDense: ({ inputs: [, shape, values] }) =>
    shape?.values ? gives(shape.values, NAMED, 'free', { kind: values?.kind }) : null,
  SpaceToBatchND: onFirst((x, call) => spaceBatch(x, call, true)),
  BatchToSpaceND: onFirst((x, call) => spaceBatch(x, call, false)),
  DepthToSpace: onFirst((x, { node, channelsFirst }) => {
    const block = node.attributes.number('block_size', 0);
    const [n, h, w, c] = x.shape;
    if (channelsFirst || x.shape.length !== 4 || block < 1 || c % block ** 2 !== 0) return null;
    return gives([n, h * block, w * block, c / block ** 2], { type: 'depth-to-space', block }, 'spatial');
  }),
  SpaceToDepth: onFirst((x, { node, channelsFirst }) => {
    const block = node.attributes.number('block_size', 0);
    const [n, h, w, c] = x.shape;
    if (channelsFirst || x.shape.length !== 4 || block < 1 || h % block !== 0 || w % block !== 0) return null;
    return gives([n, h / block, w / block, c * block ** 2], { type: 'space-to-depth', block }, 'spatial');
  }),
  ...alias(
    ['ResizeBilinear', 'ResizeNearestNeighbor', 'ResizeBicubic', 'ResizeArea'],
    onFirst((x, { inputs }) => {
      const size = inputs[1]?.values;
      if (size?.length !== 2 || x.shape.length !== 4) return null;
      return gives([x.shape[0], size[0], size[1], x.shape[3]], { type: 'resized' }, 'spatial');
    }),
  ),

  Conv2D: convolved(),
  _FusedConv2D: convolved(),
  FusedConv2D: convolved(),
  DepthwiseConv2dNative: convolved(),
  FusedDepthwiseConv2dNative: convolved(),
  MaxPool: onFirst((x, call) => pool(x, call, 'max')),
  AvgPool: onFirst((x, call) => pool(x, call, 'avg')),
  Conv2DBackpropInput: ({ inputs: [sizes, w] }) =>
    sizes?.values?.length === 4 && w ? gives(sizes.values, HEAVY, 'spatial', { kind: 'float' }) : null,
  ...alias(
    ['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3', 'BatchNormWithGlobalNormalization'],
    onFirst((x) => ({
      ...gives(x.shape, { type: 'batchnorm' }, 'spatial'),
      outputs: [{ shape: x.shape }, ...[1, 2, 3, 4, 5].map(() => ({ shape: [x.shape[x.shape.length - 1]] }))],
    })),
  ),
  MatMul: (call) => matMul(call),
  _FusedMatMul: (call) => fused(matMul(call), call),
  ...alias(['BatchMatMul', 'BatchMatMulV2'], ({ node, inputs: [a, b] }) => {
    if (!a || !b || a.shape.length < 2 || b.shape.length < 2) return null;
    return shapes.matrixProduct(
      turnedIf(a, node.attributes.number('adj_x', 0)),
      turnedIf(b, node.attributes.number('adj_y', 0)),
      false,
    );
  }),
  Einsum: () => null,
};

function through(names: readonly string[]): Rules {
  return alias(
    names,
    onFirst((x, { node }) => {
      const to = node.attributes.text('DstT', '');
      const kind = to === '' ? x.kind : kindOfType(to);
      const values = kind === 'integer' && x.values !== null ? x.values.map(Math.trunc) : x.values;
      return gives(x.shape, { type: 'identity' }, 'carried', { kind, values });
    }),
  );
}

function binary(op: Sketch, f?: (...values: number[]) => number): Rule {
  return ({ inputs }) => shapes.elementwise(present(inputs), op, f);
}

function reduction(mean: boolean, f?: (values: readonly number[]) => number): Rule {
  return onFirst((x, { node, inputs, channelsFirst }) => {
    const axes = inputs[1]?.values;
    if (!axes) return null;
    const keep = node.attributes.number('keep_dims', node.attributes.number('keepdims', 0)) === 1;
    return shapes.reduce(x, axes, keep, { mean, channelsFirst, f });
  });
}

/** Begins, ends and strides with TensorFlow's masks, one bit an axis. */
function stridedSlice(x: Tensor, { node, inputs: [, begin, end, strides] }: Call): Meaning | null {
  const { attributes } = node;
  if (!begin?.values || !end?.values || attributes.number('ellipsis_mask', 0) !== 0) return null;
  const bit = (mask: string, i: number): boolean => Math.floor(attributes.number(mask, 0) / 2 ** i) % 2 === 1;
  const cuts: shapes.Cut[] = [];
  const shrunk: number[] = [];
  const widened: number[] = [];
  let axis = 0;
  for (let i = 0; i < begin.values.length; i++) {
    if (bit('new_axis_mask', i)) {
      widened.push(i);
      continue;
    }
    if (axis >= x.shape.length) return null;
    const step = strides?.values?.[i] ?? 1;
    const start = bit('begin_mask', i) ? (step > 0 ? 0 : x.shape[axis]) : begin.values[i];
    const whole = step > 0 ? x.shape[axis] : -x.shape[axis] - 1;
    if (bit('shrink_axis_mask', i)) {
      cuts.push({ axis, start, end: start === -1 ? x.shape[axis] : start + 1, step: 1 });
      shrunk.push(axis);
    } else cuts.push({ axis, start, end: bit('end_mask', i) ? whole : end.values[i], step });
    axis++;
  }
  const made = shapes.slice(x, cuts);
  if (made === null || (shrunk.length === 0 && widened.length === 0)) return made;
  const shape = made.outputs[0].shape.filter((_, i) => !shrunk.includes(i));
  for (const at of widened) shape.splice(at, 0, 1);
  return { ...made, outputs: [{ ...made.outputs[0], shape }], layout: 'free' };
}

function spaceBatch(x: Tensor, { inputs: [, block, crops], channelsFirst }: Call, toBatch: boolean): Meaning | null {
  const [n, h, w, c] = x.shape;
  if (channelsFirst || x.shape.length !== 4 || block?.values?.length !== 2 || crops?.values?.length !== 4) return null;
  const [a, b] = block.values;
  const [top, bottom, left, right] = crops.values;
  const size: Extent = [a, b];
  const margins = [top, bottom, left, right] as const;
  if (!(a >= 1 && b >= 1)) return null;
  if (toBatch) {
    const shape = [n * a * b, (h + top + bottom) / a, (w + left + right) / b, c];
    return shape.every(Number.isInteger) ? gives(shape, { type: 'space-to-batch', block: size, margins }, 'spatial') : null;
  }
  if (n % (a * b) !== 0) return null;
  return gives(
    [n / (a * b), h * a - top - bottom, w * b - left - right, c],
    { type: 'batch-to-space', block: size, margins },
    'spatial',
  );
}

/** The two of four numbers that belong to height and width. */
function inner(four: readonly number[] | null, channelsFirst: boolean): number[] {
  if (four?.length !== 4) return [1, 1];
  return channelsFirst ? [four[2], four[3]] : [four[1], four[2]];
}

function windowOf({ node, channelsFirst }: Call, kernel: readonly number[]): Window {
  const { attributes } = node;
  const explicit = attributes.numbers('explicit_paddings') ?? [];
  const [h, w] = channelsFirst ? [4, 6] : [2, 4];
  const padding =
    attributes.text('padding', 'VALID') === 'EXPLICIT' && explicit.length === 8
      ? { before: [explicit[h], explicit[w]], after: [explicit[h + 1], explicit[w + 1]] }
      : attributes.text('padding', 'VALID') === 'SAME'
        ? 'same'
        : 'valid';
  return {
    kernel,
    stride: inner(attributes.numbers('strides'), channelsFirst),
    dilation: inner(attributes.numbers('dilations'), channelsFirst),
    padding,
    ceil: false,
  };
}

/** Kernels stand as [height, width, in, out]; of depthwise ones the last is how many come out for each channel. */
function convolved(): Rule {
  return onFirst((x, call) => {
    const w = call.inputs[1];
    if (x.shape.length !== 4 || w?.shape.length !== 4) return null;
    const each = call.node.op.includes('Depthwise');
    const channels = channelsOf(x.shape, call.channelsFirst);
    const groups = each ? channels : channels / w.shape[2];
    const filters = each ? channels * w.shape[3] : w.shape[3];
    if (!Number.isInteger(groups)) return null;
    const made = convolution(x, windowOf(call, w.shape.slice(0, 2)), { filters, groups, bias: false }, call.channelsFirst);
    if (made === null) return null;
    return fused(w.constant ? made : { ...made, ops: [HEAVY] }, call);
  });
}

/** What a fused product does behind the product itself. */
function fused(made: Meaning | null, { node }: Call): Meaning | null {
  if (made === null) return null;
  const ops: Sketch[] = [...made.ops];
  for (const name of node.attributes.texts('fused_ops')) {
    if (name === 'BiasAdd' && 'bias' in ops[0]) ops[0] = { ...ops[0], bias: true };
    else if (name === 'FusedBatchNorm') ops.push({ type: 'batchnorm' });
    else if (name in FUSED) ops.push({ type: 'activation', function: FUSED[name as keyof typeof FUSED] });
    else if (name !== 'BiasAdd') ops.push(NAMED);
  }
  return { ...made, ops };
}

const FUSED = { Relu: 'relu', Relu6: 'relu6', Sigmoid: 'sigmoid', Tanh: 'tanh' } as const satisfies Record<string, Activation>;

function pool(x: Tensor, call: Call, mode: 'max' | 'avg'): Meaning | null {
  const { node, channelsFirst } = call;
  if (x.shape.length !== 4 || imageExtents(x.shape, channelsFirst).length !== 2) return null;
  return pooling(x, mode, windowOf(call, inner(node.attributes.numbers('ksize'), channelsFirst)), channelsFirst);
}

function matMul({ node, inputs: [a, b] }: Call): Meaning | null {
  if (!a || !b || a.shape.length < 2 || b.shape.length < 2) return null;
  const left = node.attributes.number('transpose_a', 0);
  const made = shapes.matrixProduct(turnedIf(a, left), turnedIf(b, node.attributes.number('transpose_b', 0)), false);
  return made === null || left === 0 ? made : { ...made, ops: [HEAVY] };
}

function turnedIf(x: Tensor, turned: number): Tensor {
  if (turned === 0) return x;
  const n = x.shape.length;
  return { ...x, values: null, shape: [...x.shape.slice(0, n - 2), x.shape[n - 1], x.shape[n - 2]] };
}
