import { ComputeBuilder } from '../../ir/compute-builder.js';
import type { Activation, ComputeGraph, Extent, Padding, TensorShape } from '../../ir/compute-graph.js';

/** What the layers of a network may vary; each layer says what it takes when left out. */
export interface Window {
  readonly stride?: number | Extent;
  readonly bias?: boolean;
  readonly padding?: Padding;
  /** The part of its input that it sees; see `ComputeNode.reads`. */
  readonly reads?: TensorShape | null;
}

/**
 * A network while it is being generated, in the words of the papers: CB = convolution and batch norm, CBR = with ReLU,
 * CBR6 = with ReLU6, IS = 1 x k and k x 1 convolutions one after the other. A layer takes the place of a node and gives
 * the place of its last one; padding is `same`. What is added stands under the path in `at`.
 */
export class Net {
  readonly input: number;
  /** The path of what is added next. */
  at = '';
  private readonly builder = new ComputeBuilder();

  constructor(shape: TensorShape) {
    this.input = this.builder.add({ type: 'input', shape }, [], 'input');
  }

  shape(x: number): TensorShape {
    return this.builder.shape(x);
  }

  channels(x: number): number {
    const shape = this.shape(x);
    return shape[shape.length - 1];
  }

  conv(x: number, filters: number, kernel: number | Extent, window: Window = {}): number {
    const { stride = 1, bias = false, padding = 'same', reads = null } = window;
    return this.builder.add(
      {
        type: 'conv2d',
        filters,
        kernel: extent(kernel),
        stride: extent(stride),
        dilation: [1, 1],
        padding,
        groups: 1,
        bias,
      },
      [x],
      this.path('conv2d'),
      reads,
    );
  }

  depthwise(x: number, kernel: number, { stride = 1, bias = false, padding = 'same' }: Window = {}): number {
    return this.builder.add(
      { type: 'depthwise', multiplier: 1, kernel: extent(kernel), stride: extent(stride), dilation: [1, 1], padding, bias },
      [x],
      this.path('depthwise'),
    );
  }

  norm(x: number): number {
    return this.builder.add({ type: 'batchnorm' }, [x], this.path('fusedbatchnorm'));
  }

  activate(x: number, activation: Activation): number {
    return this.builder.add({ type: 'activation', function: activation }, [x], this.path(activation));
  }

  relu(x: number): number {
    return this.activate(x, 'relu');
  }

  relu6(x: number): number {
    return this.activate(x, 'relu6');
  }

  cb(x: number, filters: number, kernel: number | Extent, window: Window = {}): number {
    return this.norm(this.conv(x, filters, kernel, window));
  }

  cbr(x: number, filters: number, kernel: number | Extent, window: Window = {}): number {
    return this.relu(this.cb(x, filters, kernel, window));
  }

  cbr6(x: number, filters: number, kernel: number | Extent, window: Window = {}): number {
    return this.relu6(this.cb(x, filters, kernel, window));
  }

  pool(x: number, mode: 'max' | 'avg', kernel: number, stride: number, reads: TensorShape | null = null): number {
    return this.builder.add(
      { type: 'pool', mode, kernel: extent(kernel), stride: extent(stride), padding: 'same' },
      [x],
      this.path(`${mode}pool`),
      reads,
    );
  }

  /** A sum of two. */
  add(a: number, b: number): number {
    return this.builder.add({ type: 'add' }, [a, b], this.path('add'));
  }

  /** A sum of any number in one node. */
  addAll(terms: readonly number[], reads: TensorShape | null = null): number {
    return this.builder.add({ type: 'add' }, terms, this.path('addn'), reads);
  }

  mul(x: number, by: number): number {
    return this.builder.add({ type: 'mul' }, [x, by], this.path('mul'));
  }

  /** Along the channels. */
  concat(parts: readonly number[]): number {
    return this.builder.add({ type: 'concat', axis: 2 }, parts, this.path('concat'));
  }

  identity(x: number): number {
    return this.builder.add({ type: 'identity' }, [x], this.path('identity'));
  }

  zero(shape: TensorShape): number {
    return this.builder.add({ type: 'zero', shape }, [], this.path('zero'));
  }

  /** Pixels out of channels: `block` x `block` of them from as many channels. */
  depthToSpace(x: number, block: number): number {
    return this.builder.add({ type: 'depth-to-space', block }, [x], this.path('depthtospace'));
  }

  mean(x: number, keepDims = false): number {
    return this.builder.add({ type: 'mean', keepDims }, [x], this.path('mean'));
  }

  globalPool(x: number): number {
    return this.builder.add({ type: 'global-pool' }, [x], this.path('global_pool'));
  }

  dense(x: number, units: number): number {
    return this.builder.add({ type: 'dense', units, bias: true }, [x], this.path('matmul'));
  }

  /** A depthwise convolution with holes, as TensorFlow spells it: rearranged into the batch, convolved, put back. */
  dilated(x: number, kernel: number, rate: number, stride: number): number {
    const [height, width] = this.shape(x);
    const reach = (kernel - 1) * rate;
    const before = reach / 2;
    // Padded to a multiple of the rate, which is cut off again.
    const [down, right] = [height, width].map((side) => (rate - ((side + reach) % rate)) % rate);
    const block: Extent = [rate, rate];
    const split = this.builder.add(
      { type: 'space-to-batch', block, margins: [before, before + down, before, before + right] },
      [x],
      this.path('spacetobatchnd'),
    );
    const through = this.depthwise(split, kernel, { stride, padding: 'valid' });
    return this.builder.add(
      { type: 'batch-to-space', block, margins: [0, down / stride, 0, right / stride] },
      [through],
      this.path('batchtospacend'),
    );
  }

  /** The whole network, after its output node. */
  graph(name: string, last: number): ComputeGraph {
    this.at = '';
    this.builder.add({ type: 'output' }, [last], 'output');
    return this.builder.graph(name);
  }

  private path(label: string): string {
    return this.at === '' ? label : `${this.at}/${label}`;
  }
}

/** `c` scaled to the nearest multiple of 8, not below 8 and not below nine tenths of it. @see MobileNet's `make_divisible`. */
export function divisible(c: number): number {
  const rounded = Math.max(8, Math.floor((c + 4) / 8) * 8);
  return rounded < 0.9 * c ? rounded + 8 : rounded;
}

function extent(value: number | Extent): Extent {
  return typeof value === 'number' ? [value, value] : value;
}
