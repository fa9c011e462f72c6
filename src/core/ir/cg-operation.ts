import type { CgFields } from './cg-fields.js';
import { cgVocabulary, numberOfLabel } from './cg-vocabulary.js';
import type { Activation, AtomicOp, Extent, Margins, Padding, TensorShape } from './compute-graph.js';

/** A node of the file, its parts found but not yet understood. */
export interface RawNode {
  readonly id: string;
  readonly number: number | null;
  readonly weighted: boolean;
  readonly fields: CgFields;
  readonly metadata: CgFields;
}

/** The operation of a node, from its number in the vocabulary, its kernel, strides and metadata. @throws DataError */
export function readOperation({ fields, metadata, weighted }: RawNode, inputCount: number): AtomicOp {
  const label = fields.text('label');
  const number = fields.number('op_type_idx', numberOfLabel(label));
  const name = cgVocabulary[number] ?? '<oov>';
  const bias = metadata.value !== null && metadata.get('use_bias').value === true;
  switch (name) {
    case 'conv':
    case 'depthwise': {
      const window = {
        kernel: kernelOf(fields),
        stride: inner(fields.numbers('strides', 4, 1)),
        dilation: inner(metadata.numbers('dilations', 4, 1)),
        padding: paddingOf(metadata),
        bias,
      };
      if (name === 'depthwise') return { type: name, multiplier: metadata.number('multiplier', 1, 1), ...window };
      return { type: 'conv2d', filters: resolutionOf(fields)[5], groups: metadata.number('groups', 1, 1), ...window };
    }
    case 'matmul':
      if (!weighted || inputCount > 1) return { type: 'matmul' };
      return { type: 'dense', units: resolutionOf(fields)[5], bias };
    case 'maxpool':
    case 'avgpool': {
      const mode = name === 'maxpool' ? 'max' : 'avg';
      const stride = inner(fields.numbers('strides', 4, 1));
      return { type: 'pool', mode, kernel: inner(metadata.numbers('ksize', 4, 1)), stride, padding: paddingOf(metadata) };
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
      const size = metadata.numbers('size', 2, 1);
      return size === null ? { type: 'identity' } : { type: 'resize', size: [size[0], size[1]] };
    }
    case 'input':
    case 'zero':
      return { type: name, shape: metadata.numbers('shape', null, 1) ?? imageOf(fields, 1) };
    case 'paddings':
      return { type: 'pad', margins: margins(metadata) };
    case 'spacetobatchnd':
      return { type: 'space-to-batch', block: block(metadata), margins: margins(metadata) };
    case 'batchtospacend':
      return { type: 'batch-to-space', block: block(metadata), margins: margins(metadata) };
    case 'spacetodepthnd':
      return { type: 'space-to-depth', block: metadata.number('block', 2, 1) };
    case 'depthtospacend':
      return { type: 'depth-to-space', block: metadata.number('block', 2, 1) };
    case 'output':
    case 'batchnorm':
    case 'add':
    case 'mul':
      return { type: name };
    default: {
      const shape = metadata.numbers('shape', null, 1) ?? imageOf(fields, 1);
      return label === 'reshape' ? { type: 'reshape', shape } : { type: 'opaque', label, shape };
    }
  }
}

function resolutionOf(fields: CgFields): readonly number[] {
  const numbers = fields.numbers('resolution', 6, 1);
  if (numbers !== null) return numbers;
  // Without resolutions, the kernel's own shape says how many channels come out.
  const filters = kernelShape(fields)[1];
  if (!Number.isInteger(filters) || filters < 1) throw fields.get('resolution').problem('[Hin, Hout, Win, Wout, Cin, Cout]');
  return [1, 1, 1, 1, 1, filters];
}

function kernelOf(fields: CgFields): Extent {
  const [, , height, width] = kernelShape(fields);
  if (!(Number.isInteger(height) && Number.isInteger(width) && height > 0 && width > 0)) {
    throw fields.get('shape').problem('a kernel of whole numbers');
  }
  return [height, width];
}

/** `[Cin, Cout, k1, k2]`; NAS-Bench-101's files have the channels divided by 512, so that these need not be whole. */
function kernelShape(fields: CgFields): readonly number[] {
  const { value } = fields.get('shape');
  if (!Array.isArray(value) || value.length !== 4 || !Array.from(value).every((item) => Number.isFinite(item))) {
    throw fields.get('shape').problem('[Cin, Cout, k1, k2]');
  }
  return value;
}

/** What the file says the node sees (side 0) or gives (side 1). */
export function imageOf(fields: CgFields, side: 0 | 1): TensorShape {
  const numbers = resolutionOf(fields);
  return [numbers[side], numbers[2 + side], numbers[4 + side]];
}

/** The two in the middle of `[1, height, width, 1]`. */
function inner(four: readonly number[] | null): Extent {
  return four === null ? [1, 1] : [four[1], four[2]];
}

function paddingOf(metadata: CgFields): Padding {
  const sides = metadata.numbers('padding', 4);
  if (sides !== null) return [sides[0], sides[1], sides[2], sides[3]];
  const word = metadata.value === null ? 'same' : metadata.get('padding').value;
  return word === 'valid' || word === 'VALID' ? 'valid' : 'same';
}

function margins(metadata: CgFields): Margins {
  const [top, bottom, left, right] = metadata.numbers('margins', 4) ?? [0, 0, 0, 0];
  return [top, bottom, left, right];
}

function block(metadata: CgFields): Extent {
  const [height, width] = metadata.numbers('block', 2, 1) ?? [2, 2];
  return [height, width];
}
