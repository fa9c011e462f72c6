/** The layers of tfjs layers-models, one rule each, mostly one line: Keras's names and configurations. */

import type { Activation, Extent } from '../../core/ir/compute-graph.js';
import { broadcastShape } from './fold-values.js';
import { type JsonRecord, number, numbers, text } from './json-fields.js';
import { gives, HEAVY, type Meaning, NAMED, type Sketch, type Tensor, volumeOf } from './meaning.js';
import * as shapes from './shape-rules.js';
import { channelsOf, convolution, imageExtents, pooling, type Window, withImage } from './windows.js';

/** What a layer does; null where its inputs do not fit. Absent where the class has no rule. */
export type LayerRule = (config: JsonRecord, inputs: readonly Tensor[], channelsFirst: boolean) => Meaning | null;

/** @see keras.io/api/layers, tfjs-layers/src/layers */
export const kerasLayers: Readonly<Record<string, LayerRule>> = {
  Dense: withActivation((config, [x]) => {
    const units = number(config.units) ?? 0;
    if (x.shape.length < 2 || units < 1) return null;
    return gives([...x.shape.slice(0, -1), units], { type: 'dense', units, bias: config.use_bias !== false }, 'plain');
  }),
  Conv1D: withActivation((config, [x], first) => conv(config, x, first, 1)),
  Conv2D: withActivation((config, [x], first) => conv(config, x, first, 2)),
  Conv3D: withActivation((config, [x], first) => conv(config, x, first, 3)),
  DepthwiseConv2D: withActivation((config, [x], first) => {
    const channels = channelsOf(x.shape, first);
    const filters = channels * (number(config.depth_multiplier) ?? 1);
    const window = windowOf(config, x, 'kernel_size', 2);
    return window && convolution(x, window, { filters, groups: channels, bias: config.use_bias !== false }, first);
  }),
  SeparableConv2D: withActivation((config, [x], first) => {
    const channels = channelsOf(x.shape, first);
    const filters = number(config.filters) ?? 0;
    const multiplier = number(config.depth_multiplier) ?? 1;
    const window = windowOf(config, x, 'kernel_size', 2);
    const made = window && convolution(x, window, { filters: channels * multiplier, groups: channels, bias: false }, first);
    if (made === null || filters < 1) return null;
    const shape = withImage(x.shape, imageExtents(made.outputs[0].shape, first), filters, first);
    const pointwise: Sketch = {
      type: 'conv2d',
      filters,
      kernel: [1, 1],
      stride: [1, 1],
      dilation: [1, 1],
      padding: 'valid',
      groups: 1,
      bias: config.use_bias !== false,
    };
    return { outputs: [{ shape }], ops: [...made.ops, pointwise], layout: 'spatial' };
  }),
  Conv2DTranspose: withActivation((config, [x], first) => {
    const window = windowOf(config, x, 'kernel_size', 2);
    const filters = number(config.filters) ?? 0;
    if (window === null || filters < 1) return null;
    const extents = imageExtents(x.shape, first).map((extent, i) => {
      const extra = window.padding === 'same' ? 0 : Math.max(window.kernel[i] - window.stride[i], 0);
      return extent * window.stride[i] + extra;
    });
    return gives(withImage(x.shape, extents, filters, first), HEAVY, 'spatial');
  }),
  MaxPooling1D: (config, [x], first) => pool(config, x, first, 'max', 1),
  MaxPooling2D: (config, [x], first) => pool(config, x, first, 'max', 2),
  AveragePooling1D: (config, [x], first) => pool(config, x, first, 'avg', 1),
  AveragePooling2D: (config, [x], first) => pool(config, x, first, 'avg', 2),
  GlobalAveragePooling1D: (_, [x]) => shapes.reduce(x, [1], false, { mean: true, channelsFirst: false }),
  GlobalAveragePooling2D: (config, [x], first) =>
    shapes.reduce(x, first ? [2, 3] : [1, 2], config.keepdims === true, { mean: true, channelsFirst: first }),
  GlobalMaxPooling1D: (_, [x]) => shapes.reduce(x, [1], false, { mean: false, channelsFirst: false }),
  GlobalMaxPooling2D: (config, [x], first) =>
    shapes.reduce(x, first ? [2, 3] : [1, 2], config.keepdims === true, { mean: false, channelsFirst: first }),
  BatchNormalization: (_, [x]) => gives(x.shape, { type: 'batchnorm' }, x.shape.length > 2 ? 'spatial' : 'carried'),
  LayerNormalization: (_, [x]) => shapes.unchanged(x),
  GroupNormalization: (_, [x]) => shapes.unchanged(x),
  Activation: (config, [x]) => gives(x.shape, activationOf(config.activation) ?? { type: 'identity' }, 'carried'),
  ReLU: (config, [x]) => shapes.activation(x, number(config.max_value) === 6 ? 'relu6' : 'relu'),
  LeakyReLU: (_, [x]) => shapes.unchanged(x),
  PReLU: (_, [x]) => shapes.unchanged(x),
  ELU: (_, [x]) => shapes.unchanged(x),
  ThresholdedReLU: (_, [x]) => shapes.unchanged(x),
  Softmax: (_, [x]) => shapes.unchanged(x),
  ...through(['Dropout', 'SpatialDropout1D', 'SpatialDropout2D', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise', 'Masking']),
  ...through(['ActivityRegularization', 'Identity']),
  Rescaling: (_, [x]) => gives(x.shape, { type: 'mul' }, 'carried'),
  Normalization: (_, [x]) => shapes.unchanged(x),
  Flatten: (_, [x]) => shapes.reshape(x, [x.shape[0] ?? 1, volumeOf(x.shape.slice(1))], false),
  Reshape: (config, [x]) => shapes.reshape(x, [x.shape[0] ?? 1, ...numbers(config.target_shape)], false),
  Permute: (config, [x]) => shapes.transpose(x, [0, ...numbers(config.dims)]),
  RepeatVector: (config, [x]) =>
    x.shape.length === 2 ? gives([x.shape[0], number(config.n) ?? 1, x.shape[1]], NAMED, 'free') : null,
  ZeroPadding2D: (config, [x], first) => {
    const [[top, bottom], [left, right]] = sidesOf(config.padding);
    const [before, after] = first
      ? [
          [0, 0, top, left],
          [0, 0, bottom, right],
        ]
      : [
          [0, top, left, 0],
          [0, bottom, right, 0],
        ];
    return shapes.pad(x, before, after, first);
  },
  Cropping2D: (config, [x], first) => {
    const [[top, bottom], [left, right]] = sidesOf(config.cropping);
    const [height, width] = imageExtents(x.shape, first);
    return gives(
      withImage(x.shape, [height - top - bottom, width - left - right], channelsOf(x.shape, first), first),
      NAMED,
      'spatial',
    );
  },
  UpSampling2D: (config, [x], first) => {
    const size = pairOf(config.size, 2);
    const extents = imageExtents(x.shape, first).map((extent, i) => extent * (size[i] ?? 1));
    return gives(withImage(x.shape, extents, channelsOf(x.shape, first), first), { type: 'resized' }, 'spatial');
  },
  Add: merged({ type: 'add' }),
  Subtract: merged({ type: 'add' }),
  Multiply: merged({ type: 'mul' }),
  Average: merged(NAMED),
  Maximum: merged(NAMED),
  Minimum: merged(NAMED),
  Concatenate: (config, inputs) => shapes.concat(inputs, number(config.axis) ?? -1),
  Dot: (_, [a, b]) => (b === undefined ? null : gives([a.shape[0] ?? 1, 1], HEAVY, 'free')),
  Embedding: (config, [x]) => gives([...x.shape, number(config.output_dim) ?? 1], NAMED, 'free'),
  LSTM: recurrent,
  GRU: recurrent,
  SimpleRNN: recurrent,
};

function withActivation(rule: LayerRule): LayerRule {
  return (config, inputs, channelsFirst) => {
    const made = rule(config, inputs, channelsFirst);
    const after = activationOf(config.activation);
    return made === null || after === null ? made : { ...made, ops: [...made.ops, after] };
  };
}

/** Null for none; one that the vocabulary lacks is named. */
function activationOf(value: unknown): Sketch | null {
  const name = text(value);
  if (name === '' || name === 'linear') return null;
  return name in ACTIVATIONS ? { type: 'activation', function: ACTIVATIONS[name as keyof typeof ACTIVATIONS] } : NAMED;
}

const ACTIVATIONS = {
  relu: 'relu',
  relu6: 'relu6',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  swish: 'swish',
  silu: 'swish',
  gelu: 'gelu',
} as const satisfies Record<string, Activation>;

function through(names: readonly string[]): Record<string, LayerRule> {
  return Object.fromEntries(
    names.map((name): [string, LayerRule] => [name, (_, [x]) => shapes.unchanged(x, { type: 'identity' })]),
  );
}

function merged(op: Sketch): LayerRule {
  return (_, inputs) => {
    const shape = broadcastShape(inputs.map((input) => input.shape));
    return shape === null ? null : gives(shape, op, 'carried');
  };
}

function conv(config: JsonRecord, x: Tensor, channelsFirst: boolean, axes: number): Meaning | null {
  const window = windowOf(config, x, 'kernel_size', axes);
  const weights = { filters: number(config.filters) ?? 0, groups: number(config.groups) ?? 1, bias: config.use_bias !== false };
  return window && convolution(x, window, weights, channelsFirst);
}

function pool(config: JsonRecord, x: Tensor, channelsFirst: boolean, mode: 'max' | 'avg', axes: number): Meaning | null {
  const window = windowOf({ ...config, strides: config.strides ?? config.pool_size }, x, 'pool_size', axes);
  return window && pooling(x, mode, window, channelsFirst);
}

function windowOf(config: JsonRecord, x: Tensor, size: string, axes: number): Window | null {
  if (x.shape.length !== axes + 2) return null;
  const kernel = listOf(config[size], axes, 1);
  const padding = text(config.padding) === 'same' ? 'same' : 'valid';
  const causal = text(config.padding) === 'causal';
  const dilation = listOf(config.dilation_rate, axes, 1);
  return {
    kernel,
    stride: listOf(config.strides, axes, 1),
    dilation,
    padding: causal ? { before: kernel.map((k, i) => (k - 1) * dilation[i]), after: kernel.map(() => 0) } : padding,
    ceil: false,
  };
}

/** One number for each axis, or one for all. */
function listOf(value: unknown, axes: number, otherwise: number): number[] {
  const several = numbers(value);
  return several.length === axes ? several : new Array<number>(axes).fill(several[0] ?? number(value) ?? otherwise);
}

function pairOf(value: unknown, otherwise: number): Extent {
  const [height, width] = listOf(value, 2, otherwise);
  return [height, width];
}

/** `p`, `[p, q]` or `[[top, bottom], [left, right]]`. */
function sidesOf(value: unknown): readonly [Extent, Extent] {
  if (Array.isArray(value) && Array.isArray(value[0])) return [pairOf(value[0], 0), pairOf(value[1], 0)];
  const [height, width] = pairOf(value, 1);
  return [
    [height, height],
    [width, width],
  ];
}

function recurrent(config: JsonRecord, [x]: readonly Tensor[]): Meaning | null {
  const units = number(config.units) ?? 0;
  if (x.shape.length !== 3 || units < 1) return null;
  const shape = config.return_sequences === true ? [x.shape[0], x.shape[1], units] : [x.shape[0], units];
  return gives(shape, HEAVY, 'free');
}
