import { describe, expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import type { AtomicOp, ComputeGraph } from '../../../src/core/ir/compute-graph.js';
import { compileNetwork } from '../../../src/micro/engine/compile.js';
import type { CompileOptions } from '../../../src/micro/engine/network.js';
import { plainMemory } from '../../../src/micro/engine/plain-memory.js';
import { fillGaussian } from '../../../src/micro/exact-math.js';
import { act, BN, cellNetwork, chain, conv, depthwise, graphOf, pool } from './small-graphs.js';

/** Numbers of each weight that are moved by a little. */
const PROBES = 6;
const H = 1e-5;

/** Every operation by itself and in the company that it keeps; in float64, where a difference of the loss is exact enough. */
const GRAPHS: Readonly<Record<string, ComputeGraph>> = {
  'a convolution with bias': chain([5, 4, 3], conv(7, 3, { bias: true })),
  'a convolution with stride': chain(
    [6, 5, 4],
    conv(8, 3, { stride: [2, 2] }),
    conv(3, 3, { stride: [2, 1], padding: [1, 1, 1, 1] }),
  ),
  'a convolution of 1 x 1 with stride': chain([6, 6, 4], conv(5, 1, { stride: [2, 2] }), conv(3, 1)),
  'a convolution without padding': chain([6, 6, 2], conv(8, 3, { padding: 'valid' }), conv(3, 2, { padding: 'valid' })),
  'a convolution with more padding than it needs': chain(
    [4, 4, 2],
    conv(3, 3, { padding: [3, 2, 4, 3] }),
    conv(9, 3, { padding: [3, 3, 3, 3] }),
  ),
  'a convolution with dilation': chain([7, 7, 3], conv(4, 3, { dilation: [2, 2] }), conv(5, 3, { dilation: [2, 1] })),
  'a convolution in groups': chain([5, 5, 6], conv(4, 3, { groups: 2, bias: true }), conv(8, 3, { groups: 4, stride: [2, 2] })),
  'a kernel of 1 x 7 and one of 7 x 1': chain([8, 8, 2], conv(3, 1, { kernel: [1, 7] }), conv(3, 1, { kernel: [7, 1] })),
  'depthwise convolutions': chain(
    [6, 6, 5],
    depthwise(3, { bias: true }),
    depthwise(5, { stride: [2, 2] }),
    depthwise(3, { dilation: [2, 2] }),
  ),
  'a depthwise convolution without padding': chain([5, 5, 4], conv(4, 1), depthwise(3, { padding: 'valid' })),
  'a depthwise convolution with two kernels a channel': chain([5, 5, 3], conv(3, 1), depthwise(3, { multiplier: 2, bias: true })),
  'batch norm': chain([4, 4, 5], BN, conv(6, 3), BN),
  relu: chain([4, 4, 3], conv(5, 3), act('relu'), conv(3, 3)),
  'smooth activations and relu6': chain(
    [4, 4, 3],
    act('sigmoid'),
    conv(4, 1),
    act('tanh'),
    conv(4, 1),
    act('swish'),
    conv(4, 1),
    act('relu6'),
  ),
  'average pools': chain([6, 6, 5], pool('avg', 3), conv(5, 1), pool('avg', 2, 2), pool('avg', 3, 2)),
  'max pools': chain([6, 6, 5], pool('max', 3), conv(5, 1), pool('max', 2, 2, 'valid'), pool('max', 3, 1, [1, 1, 1, 1])),
  'means and dense layers': chain(
    [4, 4, 3],
    conv(5, 3),
    { type: 'mean', keepDims: false },
    { type: 'dense', units: 11, bias: true },
    act('tanh'),
    { type: 'dense', units: 3, bias: false },
  ),
  'sums with one part twice': graphOf([4, 4, 3], (b, x) => {
    const y = b.add(conv(4, 3), [x], 'y');
    const z = b.add(conv(4, 3), [y], 'z');
    return b.add({ type: 'add' }, [y, z, z], 'sum');
  }),
  'products of pictures and of channels': graphOf([4, 4, 3], (b, x) => {
    const y = b.add(conv(5, 3), [x], 'y');
    const squared = b.add({ type: 'mul' }, [y, b.add(conv(5, 1), [x], 'z')], 'mul');
    const squeezed = b.add(act('sigmoid'), [b.add(conv(5, 1), [b.add({ type: 'global-pool' }, [y], 'gap')], 'se')], 'gate');
    return b.add({ type: 'mul' }, [squared, squeezed], 'scale');
  }),
  'concatenations and slices': graphOf([4, 4, 3], (b, x) => {
    const y = b.add(conv(5, 3), [x], 'y');
    const first = b.add(conv(4, 3), [y], 'first', [4, 4, 3]);
    const joined = b.add({ type: 'concat', axis: 2 }, [first, y, first], 'joined');
    return b.add({ type: 'add' }, [joined, b.add(conv(13, 1), [joined], 'more')], 'sum');
  }),
  'pads and blocks': chain(
    [3, 3, 2],
    { type: 'pad', margins: [1, 0, 2, 1] },
    conv(8, 3),
    { type: 'depth-to-space', block: 2 },
    conv(2, 3),
    { type: 'space-to-depth', block: 2 },
    conv(3, 1),
  ),
  'what is passed on and what is dead': graphOf([4, 4, 3], (b, x) => {
    const y = b.add({ type: 'identity' }, [b.add(conv(4, 3), [x], 'y')], 'same');
    b.add(conv(9, 3), [y], 'dead');
    const none = b.add({ type: 'zero', shape: [4, 4, 4] }, [], 'none');
    return b.add(
      { type: 'add' },
      [y, none, b.add(conv(4, 3), [b.add(act('relu'), [y], 'r')], 'z'), b.add(conv(4, 1), [b.add(act('relu'), [y], 'r2')], 'u')],
      'sum',
    );
  }),
  // Each puts its part of the gradient on top of what stands there: later takers come first on the way back.
  'what others take as well': graphOf([4, 5, 3], (b, x) => {
    const y = b.add(conv(4, 3), [x], 'y');
    const taken: readonly AtomicOp[] = [
      ...[conv(3, 3), conv(3, 3, { stride: [2, 2] }), conv(4, 3, { groups: 2 }), conv(5, 1, { stride: [2, 2] })],
      ...[depthwise(3), depthwise(3, { stride: [2, 2] }), depthwise(3, { multiplier: 2 }), BN],
      ...[act('relu'), act('relu6'), act('swish'), pool('avg', 3), pool('max', 3, 2)],
      ...[{ type: 'pad', margins: [1, 0, 0, 2] } as const, { type: 'depth-to-space', block: 2 } as const],
    ];
    const mean = (from: number): number => b.add({ type: 'mean', keepDims: false }, [from], 'mean');
    const parts = [mean(y), ...taken.map((op) => mean(b.add(op, [y], op.type)))];
    const gate = b.add(act('sigmoid'), [b.add({ type: 'global-pool' }, [y], 'gap')], 'gate');
    parts.push(mean(b.add({ type: 'mul' }, [y, gate], 'scaled')), mean(b.add({ type: 'mul' }, [y, y], 'squared')));
    parts.push(mean(b.add({ type: 'mul' }, [b.add(conv(4, 1), [y], 'z'), gate], 'scaled again')));
    parts.push(mean(b.add({ type: 'concat', axis: 2 }, [y, y], 'twice')), mean(b.add(conv(3, 1), [y], 'narrow', [4, 5, 3])));
    parts.push(mean(b.add(conv(2, 1), [y], 'last')));
    const joined = b.add({ type: 'concat', axis: 0 }, parts, 'joined');
    const dense = (): number => b.add({ type: 'dense', units: 3, bias: true }, [joined], 'dense');
    return b.add({ type: 'add' }, [dense(), dense(), b.add(act('tanh'), [dense()], 'tanh')], 'sum');
  }),
  'a network of cells': cellNetwork(),
};

describe('gradients agree with differences of the loss to 1e-4', () => {
  for (const [name, graph] of Object.entries(GRAPHS)) {
    test(`of ${name}`, () => {
      expect(worstGap(graph, {})).toBeLessThan(1e-4);
      expect(worstGap(graph, { keep: 'all' })).toBeLessThan(1e-4);
    });
  }
  test('of a network without batch norm', () => {
    expect(worstGap(cellNetwork(), { batchnorm: 'bypass' })).toBeLessThan(1e-4);
  });
});

/** The greatest difference between a gradient and what moving its weight does, over the greatest gradient of that weight. */
function worstGap(graph: ComputeGraph, options: Partial<CompileOptions>): number {
  const init: CompileOptions['init'] = ({ value }, random) => fillGaussian(value, random, 0.5, 0.1);
  const network = compileNetwork(
    graph,
    { batch: 3, rng: rng(1), inputGradient: true, init, ...options },
    plainMemory('float64', 1 << 18),
  );
  const random = rng(2);
  const x = new Float64Array(3 * network.inputShape.reduce((a, b) => a * b)) as unknown as Float32Array;
  const slope = new Float64Array(3 * network.outputShape.reduce((a, b) => a * b)) as unknown as Float32Array;
  fillGaussian(x, random.fork('x'));
  fillGaussian(slope, random.fork('slope'));
  const loss = (): number => network.forward(x, 'train').reduce((sum, v, i) => sum + v * slope[i], 0);
  loss();
  network.backward(slope);
  const input = { value: x, gradient: network.inputGradient as Float32Array };
  const wanted = [...network.parameters, input].map(({ gradient }) => gradient.slice());
  let worst = 0;
  [...network.parameters, input].forEach(({ value }, p) => {
    const scale = Math.max(1e-3, ...wanted[p].map(Math.abs));
    for (const i of random.fork(p).choose(value.length, Math.min(PROBES, value.length))) {
      const before = value[i];
      value[i] = before + H;
      const above = loss();
      value[i] = before - H;
      const below = loss();
      value[i] = before;
      worst = Math.max(worst, Math.abs((above - below) / (2 * H) - wanted[p][i]) / scale);
    }
  });
  return worst;
}
