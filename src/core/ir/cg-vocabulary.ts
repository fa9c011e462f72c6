import type { AtomicOp } from './compute-graph.js';

/** GENNAPE's operations by number; 0 is everything else. @see data/tf_primitive_ops_simplified.txt of the released code. */
export const cgVocabulary: readonly string[] = [
  ...['<oov>', 'input', 'output', 'conv', 'depthwise', 'batchnorm', 'relu', 'relu6', 'matmul', 'add', 'mul', 'concat'],
  ...['maxpool', 'avgpool', 'sigmoid', 'tanh', 'swish', 'gelu', 'paddings', 'mean', 'spacetobatchnd', 'batchtospacend'],
  ...['spacetodepthnd', 'depthtospacend', 'global', 'identity', 'zero'],
  ...['reserved1', 'reserved2', 'reserved3', 'reserved4', 'reserved5'],
];

const byLength = cgVocabulary.slice(1).sort((a, b) => b.length - a.length);

/**
 * The number of a label as the released code finds it: the entry itself, else the longest entry that stands inside the
 * label (`fusedbatchnormv3` is a batchnorm, `addn_3` an add), else 0.
 */
export function numberOfLabel(label: string): number {
  const text = label.toLowerCase();
  const exact = cgVocabulary.indexOf(text);
  if (exact > 0) return exact;
  return Math.max(0, cgVocabulary.indexOf(byLength.find((entry) => text.includes(entry)) ?? ''));
}

/** The vocabulary's name of an operation. */
export function cgName(op: AtomicOp): string {
  switch (op.type) {
    case 'conv2d':
      return 'conv';
    case 'dense':
      return 'matmul';
    case 'activation':
      return op.function;
    case 'pool':
      return op.mode === 'max' ? 'maxpool' : 'avgpool';
    case 'global-pool':
      return 'global';
    case 'pad':
      return 'paddings';
    case 'space-to-batch':
      return 'spacetobatchnd';
    case 'batch-to-space':
      return 'batchtospacend';
    case 'space-to-depth':
      return 'spacetodepthnd';
    case 'depth-to-space':
      return 'depthtospacend';
    // As AIO-P relabels it.
    case 'resize':
      return 'identity';
    case 'reshape':
    case 'opaque':
      return '<oov>';
    default:
      return op.type;
  }
}

/** The label that TensorFlow's graphs, from which the published ones were made, have for an operation. */
export function labelOf(op: AtomicOp): string {
  if (op.type === 'conv2d') return 'conv2d';
  if (op.type === 'batchnorm') return 'fusedbatchnorm';
  if (op.type === 'reshape') return 'reshape';
  return op.type === 'opaque' ? op.label : cgName(op);
}
