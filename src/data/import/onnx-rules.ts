/** ONNX's operations, opsets 6 to 21 and what later ones add: one rule each, mostly one line; long because ONNX is. */

import { foldable } from './constant.js';
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
import { activations, counted, onFirst, present, same } from './rule-builders.js';
import * as shapes from './shape-rules.js';
import { channelsOf, convolution, imageExtents, pooling, type Window, withImage } from './windows.js';

/** @see https://onnx.ai/onnx/operators */
export const onnxRules: Rules = {
  ...activations({ Relu: 'relu', Sigmoid: 'sigmoid', Tanh: 'tanh', Gelu: 'gelu', Swish: 'swish' }),
  ...same([
    ...['HardSwish', 'HardSigmoid', 'Mish', 'Elu', 'Selu', 'Celu', 'LeakyRelu', 'PRelu', 'ThresholdedRelu', 'Softplus'],
    ...['Softsign', 'Softmax', 'LogSoftmax', 'Hardmax', 'LRN', 'LpNormalization', 'MeanVarianceNormalization', 'Shrink'],
    ...['InstanceNormalization', 'GroupNormalization', 'RMSNormalization', 'SimplifiedLayerNormalization'],
    ...['Exp', 'Log', 'Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Asinh', 'Acosh', 'Atanh', 'Erf', 'CumSum'],
    ...['Trilu', 'DequantizeLinear', 'QuantizeLinear', 'Bernoulli', 'ScatterND', 'ScatterElements'],
    ...['Scatter', 'ReverseSequence', 'EyeLike', 'RandomNormalLike', 'RandomUniformLike', 'TensorScatter', 'BitwiseNot'],
    ...['IsNaN', 'IsInf', 'RotaryEmbedding'],
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
    Not: (x) => (x === 0 ? 1 : 0),
  }),
  Identity: onFirst((x) => shapes.unchanged(x, { type: 'identity' }, x.values)),
  Dropout: onFirst((x) => shapes.unchanged(x, { type: 'identity' }, x.values)),
  Cast: onFirst((x, { node }) => {
    const whole = [2, 3, 4, 5, 6, 7, 12, 13].includes(node.attributes.number('to', 1));
    const kind = whole ? 'integer' : 'float';
    return gives(x.shape, { type: 'identity' }, 'carried', {
      kind,
      values: x.values?.map((v) => (whole ? Math.trunc(v) : v)) ?? null,
    });
  }),
  CastLike: onFirst((x) => shapes.unchanged(x, { type: 'identity' }, x.values)),
  Clip: onFirst((x, { node, inputs }) => {
    const least = inputs[1]?.values?.[0] ?? node.attributes.number('min', Number.NEGATIVE_INFINITY);
    const most = inputs[2]?.values?.[0] ?? node.attributes.number('max', Number.POSITIVE_INFINITY);
    if (least === 0 && most === 6) return shapes.activation(x, 'relu6');
    if (least === 0 && most > 1e30) return shapes.activation(x, 'relu');
    return shapes.unchanged(x);
  }),

  Add: binary({ type: 'add' }, (a, b) => a + b),
  Sub: binary({ type: 'add' }, (a, b) => a - b),
  Mul: binary({ type: 'mul' }, (a, b) => a * b),
  Div: (call) => {
    const whole = call.inputs.every((input) => input?.kind === 'integer');
    return binary({ type: 'mul' }, (a, b) => (whole ? Math.trunc(a / b) : a / b))(call);
  },
  Sum: binary({ type: 'add' }, (...values) => values.reduce((a, b) => a + b, 0)),
  Mean: binary(NAMED),
  Max: binary(NAMED, Math.max),
  Min: binary(NAMED, Math.min),
  Pow: binary(NAMED, (a, b) => a ** b),
  Mod: (call) =>
    binary(NAMED, (a, b) => (call.node.attributes.number('fmod', 0) === 1 ? a % b : a - b * Math.floor(a / b)))(call),
  Equal: binary(NAMED, (a, b) => Number(a === b)),
  Greater: binary(NAMED, (a, b) => Number(a > b)),
  GreaterOrEqual: binary(NAMED, (a, b) => Number(a >= b)),
  Less: binary(NAMED, (a, b) => Number(a < b)),
  LessOrEqual: binary(NAMED, (a, b) => Number(a <= b)),
  And: binary(NAMED, (a, b) => Number(a !== 0 && b !== 0)),
  Or: binary(NAMED, (a, b) => Number(a !== 0 || b !== 0)),
  Xor: binary(NAMED, (a, b) => Number((a !== 0) !== (b !== 0))),
  Where: binary(NAMED, (condition, a, b) => (condition !== 0 ? a : b)),
  BitShift: binary(NAMED),
  BitwiseAnd: binary(NAMED),
  BitwiseOr: binary(NAMED),
  BitwiseXor: binary(NAMED),

  ReduceMean: reduction(true),
  ReduceSum: reduction(false, (values) => values.reduce((a, b) => a + b, 0)),
  ReduceProd: reduction(false, (values) => values.reduce((a, b) => a * b, 1)),
  ReduceMax: reduction(false, (values) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
  ReduceMin: reduction(false, (values) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
  ReduceL1: reduction(false),
  ReduceL2: reduction(false),
  ReduceLogSum: reduction(false),
  ReduceLogSumExp: reduction(false),
  ReduceSumSquare: reduction(false),
  ArgMax: argument,
  ArgMin: argument,

  Shape: onFirst((x, { node }) => {
    const rank = x.shape.length;
    const place = (name: string, otherwise: number): number => {
      const at = node.attributes.number(name, otherwise);
      return Math.min(Math.max(at < 0 ? at + rank : at, 0), rank);
    };
    return shapes.shapeOf(x, place('start', 0), place('end', rank));
  }),
  Size: onFirst((x) => gives([], NAMED, 'free', { values: [volumeOf(x.shape)], kind: 'integer', constant: true })),
  Constant: ({ node: { attributes } }) => {
    const held = attributes.constant('value') ?? attributes.constant('sparse_value');
    if (held !== null) return gives(held.shape, NAMED, 'free', { values: held.values, kind: held.kind });
    for (const [name, kind] of [
      ['value_int', 'integer'],
      ['value_float', 'float'],
    ] as const) {
      if (attributes.has(name)) return gives([], NAMED, 'free', { values: [attributes.number(name, 0)], kind });
      const list = attributes.numbers(`${name}s`);
      if (list !== null) return gives([list.length], NAMED, 'free', { values: list, kind });
    }
    return gives([], NAMED, 'free', { kind: 'other' });
  },
  ConstantOfShape: onFirst((x, { node }) => {
    const value = node.attributes.constant('value');
    const shape = x.shape.length === 1 && x.shape[0] === 0 ? [] : x.values;
    const made = shape === null ? null : shapes.filled(shape, value?.values?.[0] ?? 0, value?.kind ?? 'float');
    return made;
  }),
  Reshape: onFirst((x, { node, inputs, version }) => {
    const target = inputs[1]?.values ?? (version < 5 ? node.attributes.numbers('shape') : null);
    return target === null ? null : shapes.reshape(x, target, node.attributes.number('allowzero', 0) === 0);
  }),
  Flatten: onFirst((x, { node }) => {
    const axis = node.attributes.number('axis', 1);
    const at = axis < 0 ? axis + x.shape.length : axis;
    return shapes.reshape(x, [volumeOf(x.shape.slice(0, at)), volumeOf(x.shape.slice(at))], false);
  }),
  Squeeze: onFirst((x, call) => {
    const axes = axesOfCall(call);
    return axes === undefined ? null : shapes.squeeze(x, axes);
  }),
  Unsqueeze: onFirst((x, call) => {
    const axes = axesOfCall(call);
    return axes === undefined || axes === null ? null : shapes.unsqueeze(x, axes);
  }),
  Transpose: onFirst((x, { node }) => shapes.transpose(x, node.attributes.numbers('perm'))),
  Concat: ({ node, inputs }) => shapes.concat(present(inputs), node.attributes.number('axis', 1)),
  Split: onFirst((x, { node, inputs }) => {
    if (inputs[1] && inputs[1].values === null) return null;
    const sizes =
      inputs[1]?.values ?? node.attributes.numbers('split') ?? node.attributes.number('num_outputs', node.outputs.length);
    return shapes.split(x, node.attributes.number('axis', 0), sizes, node.outputs.length);
  }),
  Slice: onFirst((x, { node, inputs, version }) => {
    const list = (name: string, place: number): readonly number[] | null =>
      version < 10 ? node.attributes.numbers(name) : (inputs[place]?.values ?? null);
    const [starts, ends] = [list('starts', 1), list('ends', 2)];
    if (starts === null || ends === null || starts.length !== ends.length) return null;
    const axes = list('axes', 3) ?? starts.map((_, i) => i);
    const steps = version < 10 ? null : (inputs[4]?.values ?? null);
    return shapes.slice(
      x,
      starts.map((start, i) => ({ axis: axes[i] ?? -1, start, end: ends[i], step: steps?.[i] ?? 1 })),
    );
  }),
  Gather: onFirst((x, { node, inputs }) => {
    const [, indices] = inputs;
    return indices ? shapes.gather(x, indices, node.attributes.number('axis', 0)) : null;
  }),
  GatherElements: onFirst((_, { inputs }) => (inputs[1] ? gives(inputs[1].shape, NAMED, 'carried') : null)),
  GatherND: onFirst((x, { node, inputs }) => {
    const indices = inputs[1]?.shape;
    if (indices === undefined || indices.length === 0) return null;
    const depth = indices[indices.length - 1] + node.attributes.number('batch_dims', 0);
    return gives([...indices.slice(0, -1), ...x.shape.slice(depth)], NAMED, 'free');
  }),
  Expand: onFirst((x, { inputs }) => {
    const target = inputs[1]?.values;
    if (!target) return null;
    const ones: Tensor = { shape: target, values: null, constant: true, kind: x.kind };
    if (!x.constant || !foldable(x.kind, volumeOf(target))) return shapes.elementwise([ones, x], NAMED);
    return shapes.elementwise([x, { ...ones, values: new Array<number>(volumeOf(target)).fill(0) }], NAMED, (value) => value);
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
  Pad: onFirst((x, { node, inputs, version, channelsFirst }) => {
    const pads = version < 11 ? (node.attributes.numbers('pads') ?? node.attributes.numbers('paddings')) : inputs[1]?.values;
    if (!pads) return null;
    const axes = inputs[3]?.values ?? x.shape.map((_, i) => i);
    const before = x.shape.map(() => 0);
    const after = x.shape.map(() => 0);
    if (pads.length !== 2 * axes.length) return null;
    axes.forEach((axis, i) => {
      before[axis < 0 ? axis + x.shape.length : axis] = pads[i];
      after[axis < 0 ? axis + x.shape.length : axis] = pads[axes.length + i];
    });
    return shapes.pad(x, before, after, channelsFirst);
  }),
  Range: ({ inputs }) => {
    const [start, end, step] = inputs.map((input) => input?.values?.[0]);
    return start === undefined || end === undefined || step === undefined ? null : shapes.range(start, end, step);
  },
  OneHot: onFirst((x, { node, inputs }) => {
    const depth = inputs[1]?.values?.[0];
    const axis = node.attributes.number('axis', -1);
    const at = axis < 0 ? axis + x.shape.length + 1 : axis;
    return depth === undefined ? null : gives([...x.shape.slice(0, at), depth, ...x.shape.slice(at)], NAMED, 'free');
  }),
  TopK: onFirst((x, { node, inputs, version }) => {
    const k = version < 10 ? node.attributes.number('k', 1) : inputs[1]?.values?.[0];
    const axis = node.attributes.number('axis', -1);
    const at = axis < 0 ? axis + x.shape.length : axis;
    if (k === undefined) return null;
    const shape = x.shape.map((extent, i) => (i === at ? Math.min(k, extent) : extent));
    return { outputs: [{ shape }, { shape, kind: 'integer' }], ops: [NAMED], layout: 'carried' };
  }),
  DepthToSpace: onFirst((x, { node }) => {
    const block = node.attributes.number('blocksize', 0);
    const [n, c, h, w] = x.shape;
    if (x.shape.length !== 4 || block < 1 || c % block ** 2 !== 0) return null;
    return gives([n, c / block ** 2, h * block, w * block], { type: 'depth-to-space', block }, 'spatial');
  }),
  SpaceToDepth: onFirst((x, { node }) => {
    const block = node.attributes.number('blocksize', 0);
    const [n, c, h, w] = x.shape;
    if (x.shape.length !== 4 || block < 1 || h % block !== 0 || w % block !== 0) return null;
    return gives([n, c * block ** 2, h / block, w / block], { type: 'space-to-depth', block }, 'spatial');
  }),
  Resize: resize,
  Upsample: resize,

  Conv: onFirst((x, call) => conv(x, call, call.inputs[1], call.inputs[2] !== null && call.inputs[2] !== undefined)),
  ConvInteger: onFirst((x, call) => conv(x, call, call.inputs[1], false)),
  QLinearConv: onFirst((x, call) => conv(x, call, call.inputs[3], call.inputs[8] !== null && call.inputs[8] !== undefined)),
  ConvTranspose: onFirst(transposedConv),
  MaxPool: onFirst((x, call) => pool(x, call, 'max')),
  AveragePool: onFirst((x, call) => pool(x, call, 'avg')),
  LpPool: onFirst((x, call) => {
    const made = pool(x, call, 'avg');
    return made === null ? null : { ...made, ops: [NAMED] };
  }),
  GlobalAveragePool: onFirst((x) => globalPool(x, { type: 'mean', keepDims: true })),
  GlobalMaxPool: onFirst((x) => globalPool(x, { type: 'global-pool' })),
  GlobalLpPool: onFirst((x) => globalPool(x, { type: 'global-pool' })),
  BatchNormalization: onFirst((x) => {
    // Old opsets could give the statistics too.
    const statistics = Array.from({ length: 4 }, () => ({ shape: [x.shape[1] ?? 1] }));
    const layout = x.shape.length > 2 ? 'spatial' : 'carried';
    return { outputs: [{ shape: x.shape }, ...statistics], ops: [{ type: 'batchnorm' }], layout };
  }),
  LayerNormalization: onFirst((x, { node }) => {
    const axis = node.attributes.number('axis', -1);
    const from = axis < 0 ? axis + x.shape.length : axis;
    const mean = { shape: x.shape.map((extent, i) => (i < from ? extent : 1)) };
    return { outputs: [{ shape: x.shape }, mean, mean], ops: [NAMED], layout: 'carried' };
  }),
  DynamicQuantizeLinear: onFirst((x) => ({
    outputs: [{ shape: x.shape }, { shape: [] }, { shape: [] }],
    ops: [NAMED],
    layout: 'carried',
  })),
  Det: onFirst((x) => gives(x.shape.slice(0, -2), NAMED, 'free')),
  GridSample: onFirst((x, { inputs: [, grid] }) =>
    grid?.shape.length === x.shape.length ? gives([...x.shape.slice(0, 2), ...grid.shape.slice(1, -1)], NAMED, 'spatial') : null,
  ),
  RoiAlign: onFirst((x, { node: { attributes }, inputs: [, rois] }) => {
    const size = [attributes.number('output_height', 1), attributes.number('output_width', 1)];
    return rois && x.shape.length === 4 ? gives([rois.shape[0], x.shape[1], ...size], NAMED, 'spatial') : null;
  }),

  MatMul: ({ inputs: [a, b] }) => (a && b ? shapes.matrixProduct(a, b, false) : null),
  MatMulInteger: ({ inputs: [a, b] }) => (a && b ? shapes.matrixProduct(a, b, false) : null),
  QLinearMatMul: ({ inputs }) => (inputs[0] && inputs[3] ? shapes.matrixProduct(inputs[0], inputs[3], false) : null),
  Gemm: ({ node, inputs: [a, b, c] }) => {
    if (!a || !b || a.shape.length !== 2 || b.shape.length !== 2) return null;
    const turned = (x: Tensor, name: string): Tensor =>
      node.attributes.number(name, 0) === 0 ? x : { ...x, values: null, shape: [x.shape[1], x.shape[0]] };
    const made = shapes.matrixProduct(turned(a, 'transA'), turned(b, 'transB'), c?.constant === true);
    return made === null || node.attributes.number('transA', 0) === 0 ? made : { ...made, ops: [HEAVY] };
  },
  Einsum: einsum,
  LSTM: onFirst((x, call) => recurrent(x, call, 3)),
  GRU: onFirst((x, call) => recurrent(x, call, 2)),
  RNN: onFirst((x, call) => recurrent(x, call, 2)),
};

/** Of two inputs or any number; before opset 7 the second one could be laid along the first from `axis` on. */
function binary(op: Sketch, f?: (...values: number[]) => number): Rule {
  return ({ node, inputs, version }) => {
    const [a, b, ...rest] = present(inputs);
    if (a === undefined) return null;
    if (b === undefined) return shapes.elementwise([a], op, f);
    const axis = node.attributes.number('axis', -1);
    const old = version < 7 && node.attributes.number('broadcast', 0) === 1 && axis >= 0;
    const fill = old ? Math.max(0, a.shape.length - axis - b.shape.length) : 0;
    const second = fill === 0 ? b : { ...b, shape: [...b.shape, ...new Array<number>(fill).fill(1)] };
    return shapes.elementwise([a, second, ...rest], op, f);
  };
}

/** Axes as an attribute or, in later opsets, as an input: null for none, undefined where they are not known. */
function axesOfCall({ node, inputs }: Call): readonly number[] | null | undefined {
  if (inputs[1]) return inputs[1].values ?? undefined;
  return node.attributes.numbers('axes');
}

function reduction(mean: boolean, f?: (values: readonly number[]) => number): Rule {
  return onFirst((x, call) => {
    const axes = axesOfCall(call);
    if (axes === undefined) return null;
    const { attributes } = call.node;
    if ((axes === null || axes.length === 0) && attributes.number('noop_with_empty_axes', 0) === 1) return shapes.unchanged(x);
    const all = axes === null || axes.length === 0 ? null : axes;
    return shapes.reduce(x, all, attributes.number('keepdims', 1) === 1, { mean, channelsFirst: call.channelsFirst, f });
  });
}

function argument({ node, inputs: [x], channelsFirst }: Call): Meaning | null {
  if (!x) return null;
  const made = shapes.reduce(x, [node.attributes.number('axis', 0)], node.attributes.number('keepdims', 1) === 1, {
    mean: false,
    channelsFirst,
  });
  return made === null ? null : { ...made, outputs: [{ ...made.outputs[0], kind: 'integer' }] };
}

/** Kernel, strides and the rest of a convolution or pooling; null where they do not fit together. */
function windowOf(call: Call, kernel: readonly number[]): Window {
  const { attributes } = call.node;
  const ones = kernel.map(() => 1);
  const pads = attributes.numbers('pads') ?? kernel.flatMap(() => [0, 0]);
  const auto = attributes.text('auto_pad', 'NOTSET');
  const padding =
    auto === 'SAME_UPPER' || auto === 'SAME_LOWER'
      ? 'same'
      : auto === 'VALID'
        ? 'valid'
        : { before: pads.slice(0, kernel.length), after: pads.slice(kernel.length) };
  return {
    kernel,
    stride: attributes.numbers('strides') ?? ones,
    dilation: attributes.numbers('dilations') ?? ones,
    padding,
    ceil: attributes.number('ceil_mode', 0) === 1,
  };
}

function fits(window: Window, rank: number): boolean {
  const { padding, kernel } = window;
  const pads = typeof padding === 'string' ? [] : [...padding.before, ...padding.after];
  const sized =
    typeof padding === 'string' || (padding.before.length === kernel.length && padding.after.length === kernel.length);
  return kernel.length === rank - 2 && sized && pads.every((margin) => margin >= 0);
}

function conv(x: Tensor, call: Call, w: Tensor | null | undefined, bias: boolean): Meaning | null {
  if (!w || w.shape.length !== x.shape.length) return null;
  const window = windowOf(call, w.shape.slice(2));
  if (!fits(window, x.shape.length)) return null;
  const weights = { filters: w.shape[0], groups: call.node.attributes.number('group', 1), bias };
  const made = convolution(x, window, weights, true);
  // A kernel that the network computes holds no parameters.
  return made === null || w.constant ? made : { ...made, ops: [HEAVY] };
}

function transposedConv(x: Tensor, call: Call): Meaning | null {
  const { attributes } = call.node;
  const w = call.inputs[1];
  if (!w || w.shape.length !== x.shape.length) return null;
  const window = windowOf(call, w.shape.slice(2));
  if (!fits(window, x.shape.length)) return null;
  const extra = attributes.numbers('output_padding') ?? window.kernel.map(() => 0);
  const stated = attributes.numbers('output_shape');
  const extents = imageExtents(x.shape, true).map((extent, i) => {
    const full = window.stride[i] * (extent - 1) + (extra[i] ?? 0) + (window.kernel[i] - 1) * window.dilation[i] + 1;
    if (stated !== null) return stated[stated.length - window.kernel.length + i];
    if (window.padding === 'same') return extent * window.stride[i];
    return window.padding === 'valid' ? full : full - window.padding.before[i] - window.padding.after[i];
  });
  if (!extents.every((extent) => extent >= 1)) return null;
  return gives(withImage(x.shape, extents, w.shape[1] * attributes.number('group', 1), true), HEAVY, 'spatial');
}

function pool(x: Tensor, call: Call, mode: 'max' | 'avg'): Meaning | null {
  const kernel = call.node.attributes.numbers('kernel_shape');
  if (kernel === null) return null;
  const window = windowOf(call, kernel);
  if (!fits(window, x.shape.length)) return null;
  const made = pooling(x, mode, window, true);
  // The second output of a maximum says where it was found.
  return made === null ? null : { ...made, outputs: [made.outputs[0], made.outputs[0]] };
}

function globalPool(x: Tensor, op: Sketch): Meaning | null {
  if (x.shape.length < 3) return null;
  const shape = withImage(
    x.shape,
    imageExtents(x.shape, true).map(() => 1),
    channelsOf(x.shape, true),
    true,
  );
  return gives(shape, x.shape.length <= 4 ? op : NAMED, 'spatial');
}

/** Upsample and Resize: scales or sizes, as attributes or as inputs whose places differ by opset. */
function resize({ node, inputs, version }: Call): Meaning | null {
  const [x] = inputs;
  if (!x) return null;
  const rank = x.shape.length;
  const axes = node.attributes.numbers('axes') ?? x.shape.map((_, i) => i);
  const old = node.op === 'Upsample' || version < 11;
  const scales = node.attributes.numbers('scales') ?? (old ? inputs[1] : inputs[2])?.values ?? null;
  const sizes = old ? null : (inputs[3]?.values ?? null);
  const shape = [...x.shape];
  if (sizes !== null && sizes.length === axes.length)
    axes.forEach((axis, i) => {
      shape[axis < 0 ? axis + rank : axis] = sizes[i];
    });
  else if (scales !== null && scales.length === axes.length) {
    axes.forEach((axis, i) => {
      const at = axis < 0 ? axis + rank : axis;
      shape[at] = Math.floor(x.shape[at] * scales[i] + 1e-6);
    });
  } else return null;
  if (!shape.every((extent) => extent >= 1)) return null;
  const image = rank === 4 && shape[0] === x.shape[0] && shape[1] === x.shape[1];
  return gives(shape, image ? { type: 'resized' } : NAMED, rank > 2 ? 'spatial' : 'carried');
}

/** `bij,bjk->bik`: extents by letter. */
function einsum({ node, inputs }: Call): Meaning | null {
  const [left, right] = node.attributes.text('equation', '').replaceAll(' ', '').split('->');
  if (right === undefined || !/^[A-Za-z]*$/.test(right)) return null;
  const extents = new Map<string, number>();
  const terms = left.split(',');
  for (let i = 0; i < terms.length; i++) {
    const shape = inputs[i]?.shape;
    if (shape === undefined || shape.length !== terms[i].length) return null;
    for (let k = 0; k < shape.length; k++) extents.set(terms[i][k], shape[k]);
  }
  const shape = Array.from(right, (letter) => extents.get(letter) ?? Number.NaN);
  return shape.every((extent) => extent >= 0) ? gives(shape, HEAVY, 'plain') : null;
}

/** All steps, then the last states. */
function recurrent(x: Tensor, { node, inputs }: Call, outputs: number): Meaning | null {
  const hidden = node.attributes.number('hidden_size', inputs[2]?.shape[2] ?? 0);
  const directions = node.attributes.text('direction', 'forward') === 'bidirectional' ? 2 : 1;
  if (x.shape.length !== 3 || hidden < 1) return null;
  const batchFirst = node.attributes.number('layout', 0) === 1;
  const [steps, batch] = batchFirst ? [x.shape[1], x.shape[0]] : x.shape;
  const all = batchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden];
  const last = batchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
  const shapesOut = [all, last, last].slice(0, outputs);
  return { outputs: shapesOut.map((shape) => ({ shape })), ops: [HEAVY], layout: 'free' };
}
