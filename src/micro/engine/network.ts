import type { Rng } from '../../core/base/rng.js';
import type { TensorShape } from '../../core/ir/compute-graph.js';

/** A network that can be trained. Everything it hands out is a view of its memory: valid until `release`, changed by each step. */
export interface Network {
  readonly batch: number;
  readonly inputShape: TensorShape;
  readonly outputShape: TensorShape;
  /** Multiply-accumulates of convolutions and dense layers for one scene, dead nodes left out. */
  readonly macs: number;
  /** Bytes of memory that it takes. */
  readonly bytes: number;
  readonly parameters: readonly Parameter[];
  /** Running means and variances of batch norm. */
  readonly statistics: readonly Statistic[];

  /**
   * Output of the whole batch: `batch` x `outputShape`.
   * @param x `batch` x `inputShape`; in `evaluate` fewer will do, and what comes out for the rest means nothing.
   * @param mode batch norm takes the batch's statistics (and follows them) in `train`, its running ones in `evaluate`.
   */
  forward(x: Float32Array, mode: 'train' | 'evaluate'): Float32Array;
  /**
   * The loss of what `forward` gave, summed over the batch; leaves its gradient, times `factor`, for `backward`.
   * @param targets classes for `cross-entropy`, else as many numbers as the output has.
   */
  loss(kind: LossKind, targets: Int32Array | Float32Array, factor: number): number;
  /** Gradients of all weights, given that of the output (without it: the one that `loss` left); after `forward` in mode `train`. */
  backward(outputGradient?: Float32Array): void;
  step(options: StepOptions): void;

  /** What a node gave, `batch` x its shape; null where it was not kept (see `CompileOptions.keep`) or the node is dead. */
  activation(node: number): Float32Array | null;
  /** The gradient of that, after `backward`; null where it was not kept. */
  activationGradient(node: number): Float32Array | null;
  /** The gradient of the input; null unless compiled with `inputGradient`. */
  readonly inputGradient: Float32Array | null;
  /** Gives its memory to the next network. The views are void from then on, and passes are refused (UnsupportedError). */
  release(): void;
}

/** Softmax cross entropy; squared difference; cross entropy of the sigmoid, number by number. */
export type LossKind = 'cross-entropy' | 'squared-error' | 'sigmoid-cross-entropy';

export interface StepOptions {
  readonly learningRate: number;
  /** Of Nesterov. */
  readonly momentum: number;
  readonly weightDecay: number;
}

export type ParameterKind = 'conv' | 'depthwise' | 'dense' | 'bias' | 'scale' | 'shift';

/** A weight: kernels as `[groups, height, width, inputs, outputs]`, depthwise as `[height, width, channels, multiplier]`. */
export interface Parameter {
  /** The place of its node in the graph. */
  readonly node: number;
  readonly kind: ParameterKind;
  readonly shape: readonly number[];
  /** Inputs that one output sums over, and outputs that one input goes to. */
  readonly fanIn: number;
  readonly fanOut: number;
  /** May be written to. */
  readonly value: Float32Array;
  readonly gradient: Float32Array;
}

export interface Statistic {
  readonly node: number;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** Sets a parameter's first values; `rng` is its own. */
export type Init = (parameter: Parameter, rng: Rng) => void;

export interface CompileOptions {
  readonly batch: number;
  readonly rng: Rng;
  /** Default: kernels N(0, 2 / fan out), dense N(0, 1 / fan in), scales 1, all else 0. */
  readonly init?: Init;
  /** `needed` (the default): what training needs. `all`: every node's activation and gradient can be read. */
  readonly keep?: 'needed' | 'all';
  /** `bypass`: batch norm gives what it is given and has no weights (synflow needs that). Default: `train`. */
  readonly batchnorm?: 'train' | 'bypass';
  /** Default false. */
  readonly inputGradient?: boolean;
}
