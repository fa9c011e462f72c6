/**
 * A network of atomic operations as plain JSON data: survives `JSON.parse(JSON.stringify(g))`, compares with deep
 * equality, is never changed. Shapes are not part of it; `shapes.ts` infers them.
 * @see GENNAPE, Mills et al. 2023, arXiv 2211.17226, section 3 (the computation graph).
 */
export interface ComputeGraph {
  readonly kind: 'compute-graph';
  readonly name: string;
  /** In an order in which each node stands after its inputs: the order in which a program would define them. */
  readonly nodes: readonly ComputeNode[];
  /** What the published predictors divide by; part of the file format. */
  readonly normalisers: Normalisers;
}

export interface ComputeNode {
  /** A path in the style of the framework that the network comes from: `stage_0/block_1/conv2d`. Need not be unique. */
  readonly name: string;
  readonly op: AtomicOp;
  /** Places in `nodes`, each before this node's own; in the order in which the operation takes them. */
  readonly inputs: readonly number[];
  /**
   * The shape in which it sees each of its inputs, where that is not the shape they have: the published graphs leave
   * slices and reshapes out (a NAS-Bench-101 vertex reads the first channels of its inputs only). Else null.
   */
  readonly reads: TensorShape | null;
}

/** Extents without the batch, channels last: `[height, width, channels]`, or `[channels]`. */
export type TensorShape = readonly number[];
/** Along height and along width. */
export type Extent = readonly [height: number, width: number];
/** `same` and `valid` as TensorFlow has them, or rows and columns of zeros at each side. */
export type Padding = 'same' | 'valid' | Margins;
export type Margins = readonly [top: number, bottom: number, left: number, right: number];

export interface Normalisers {
  readonly channels: number;
  readonly kernel: number;
  readonly height: number;
  readonly width: number;
}

/** Those of every published family. */
export const NORMALISERS: Normalisers = { channels: 512, kernel: 7, height: 256, width: 256 };

/** What a node does. Each member has the attributes that its operation has, and no others. */
export type AtomicOp =
  | { readonly type: 'input'; readonly shape: TensorShape }
  | { readonly type: 'output' }
  | {
      readonly type: 'conv2d';
      readonly filters: number;
      readonly kernel: Extent;
      readonly stride: Extent;
      readonly dilation: Extent;
      readonly padding: Padding;
      readonly groups: number;
      readonly bias: boolean;
    }
  | {
      readonly type: 'depthwise';
      /** Output channels for each input channel. */
      readonly multiplier: number;
      readonly kernel: Extent;
      readonly stride: Extent;
      readonly dilation: Extent;
      readonly padding: Padding;
      readonly bias: boolean;
    }
  /** A matrix product with learned weights, along the last axis. */
  | { readonly type: 'dense'; readonly units: number; readonly bias: boolean }
  /** A matrix product of two inputs, along the last two axes. */
  | { readonly type: 'matmul' }
  | { readonly type: 'batchnorm' }
  | { readonly type: 'activation'; readonly function: Activation }
  | {
      readonly type: 'pool';
      readonly mode: 'max' | 'avg';
      readonly kernel: Extent;
      readonly stride: Extent;
      readonly padding: Padding;
    }
  /** The mean over height and width. */
  | { readonly type: 'mean'; readonly keepDims: boolean }
  /** Pooling over height and width, which stay as 1 x 1. */
  | { readonly type: 'global-pool' }
  | { readonly type: 'add' }
  | { readonly type: 'mul' }
  | { readonly type: 'concat'; readonly axis: number }
  | { readonly type: 'identity' }
  /** Zeros, from nowhere. */
  | { readonly type: 'zero'; readonly shape: TensorShape }
  | { readonly type: 'pad'; readonly margins: Margins }
  | { readonly type: 'space-to-batch'; readonly block: Extent; readonly margins: Margins }
  | { readonly type: 'batch-to-space'; readonly block: Extent; readonly margins: Margins }
  | { readonly type: 'space-to-depth'; readonly block: number }
  | { readonly type: 'depth-to-space'; readonly block: number }
  | { readonly type: 'resize'; readonly size: Extent }
  | { readonly type: 'reshape'; readonly shape: TensorShape }
  /** Anything else, by the name that its framework gives it, and what comes out of it. */
  | { readonly type: 'opaque'; readonly label: string; readonly shape: TensorShape };

export type OpType = AtomicOp['type'];
export type OpOf<T extends OpType> = Extract<AtomicOp, { type: T }>;
export type Activation = 'relu' | 'relu6' | 'sigmoid' | 'tanh' | 'swish' | 'gelu';

/** Operations that hold a matrix: the published graphs list them first and give them kernels. */
export function isWeighted(op: AtomicOp): op is OpOf<'conv2d' | 'depthwise' | 'dense' | 'matmul'> {
  return op.type === 'conv2d' || op.type === 'depthwise' || op.type === 'dense' || op.type === 'matmul';
}

/**
 * The nodes in the published order: weighted ones first, then the others, each in order of definition.
 * `order[i]` is the place in `graph.nodes` of the file's node i.
 */
export function publishedOrder(graph: ComputeGraph): Int32Array {
  const order = new Int32Array(graph.nodes.length);
  let next = 0;
  for (const weighted of [true, false]) {
    for (let i = 0; i < graph.nodes.length; i++) if (isWeighted(graph.nodes[i].op) === weighted) order[next++] = i;
  }
  return order;
}

/** The different `[from, to]`, by `to` and then as `inputs` has them. Takes O(nodes + edges). */
export function computeEdges(graph: ComputeGraph): (readonly [from: number, to: number])[] {
  return graph.nodes.flatMap((node, to) => [...new Set(node.inputs)].map((from) => [from, to] as const));
}
