import { ComputeBuilder } from '../../../src/core/ir/compute-builder.js';
import type { Activation, AtomicOp, ComputeGraph, Padding, TensorShape } from '../../../src/core/ir/compute-graph.js';

export function conv(filters: number, kernel: number, options: Partial<Extract<AtomicOp, { type: 'conv2d' }>> = {}): AtomicOp {
  return {
    ...{ type: 'conv2d', filters, kernel: [kernel, kernel], stride: [1, 1], dilation: [1, 1] },
    ...{ padding: 'same', groups: 1, bias: false, ...options },
  };
}

export function depthwise(kernel: number, options: Partial<Extract<AtomicOp, { type: 'depthwise' }>> = {}): AtomicOp {
  return {
    ...{ type: 'depthwise', multiplier: 1, kernel: [kernel, kernel], stride: [1, 1], dilation: [1, 1] },
    ...{ padding: 'same', bias: false, ...options },
  };
}

export function pool(mode: 'max' | 'avg', kernel: number, stride = 1, padding: Padding = 'same'): AtomicOp {
  return { type: 'pool', mode, kernel: [kernel, kernel], stride: [stride, stride], padding };
}

export const act = (name: Activation): AtomicOp => ({ type: 'activation', function: name });
export const BN: AtomicOp = { type: 'batchnorm' };

/** Input, the operations one after the other, output. */
export function chain(shape: TensorShape, ...ops: AtomicOp[]): ComputeGraph {
  return graphOf(shape, (b, x) => ops.reduce((last, op, i) => b.add(op, [last], `${op.type}_${i}`), x));
}

export function graphOf(shape: TensorShape, body: (builder: ComputeBuilder, input: number) => number): ComputeGraph {
  const builder = new ComputeBuilder();
  const last = body(builder, builder.add({ type: 'input', shape }, [], 'input'));
  builder.add({ type: 'output' }, [last], 'output');
  return builder.graph('small');
}

/** A cell of NAS-Bench-201 with all its operations, then a smaller picture and a head: what the benchmark trains. */
export function cellNetwork(input: TensorShape = [6, 6, 3], classes = 5): ComputeGraph {
  return graphOf(input, (b, x) => {
    const convolved = (from: number, filters: number, kernel: number, stride = 1): number => {
      const rectified = b.add(act('relu'), [from], 'relu');
      const made = b.add(conv(filters, kernel, { stride: [stride, stride] }), [rectified], 'conv');
      return b.add(BN, [made], 'bn');
    };
    const stem = b.add(BN, [b.add(conv(8, 3), [x], 'stem')], 'stem_bn');
    const one = convolved(stem, 8, 3);
    const two = b.add({ type: 'add' }, [b.add(pool('avg', 3), [stem], 'pool'), convolved(one, 8, 1)], 'sum');
    const three = b.add({ type: 'add' }, [stem, convolved(stem, 8, 3), convolved(one, 8, 3), two], 'sum');
    const less = convolved(three, 16, 3, 2);
    const last = b.add(act('relu'), [b.add(BN, [less], 'last_bn')], 'last_relu');
    const flat = b.add({ type: 'reshape', shape: [16] }, [b.add({ type: 'global-pool' }, [last], 'gap')], 'flat');
    return b.add({ type: 'dense', units: classes, bias: true }, [flat], 'head');
  });
}
