import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import type { ComputeGraph } from '../../../src/core/ir/compute-graph.js';
import { drawMicro, microFamilyNamed } from '../../../src/core/spaces/micro/index.js';
import { compileNetwork } from '../../../src/micro/engine/compile.js';
import type { Network } from '../../../src/micro/engine/network.js';
import { plainMemory } from '../../../src/micro/engine/plain-memory.js';
import { fillGaussian } from '../../../src/micro/exact-math.js';
import { act, BN, cellNetwork, chain, conv, depthwise, graphOf, pool } from './small-graphs.js';

const BATCH = 4;
const RATE = { learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4 };

function inputs(network: Network, seed: number): { x: Float32Array; y: Int32Array } {
  const random = rng(seed);
  const x = new Float32Array(network.batch * network.inputShape.reduce((a, b) => a * b));
  fillGaussian(x, random.fork('x'));
  return { x, y: Int32Array.from({ length: network.batch }, () => random.int(network.outputShape[0])) };
}

function train(network: Network, steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => {
    const { x, y } = inputs(network, i);
    network.forward(x, 'train');
    const loss = network.loss('cross-entropy', y, 1 / network.batch);
    network.backward();
    network.step(RATE);
    return loss;
  });
}

/**
 * Greatest difference, over the greatest number or `least`: what shifts a value before batch norm has gradient 0, and its
 * rounding errors mean nothing.
 */
function gap(got: ArrayLike<number>, expected: ArrayLike<number>, least = 0.05): number {
  const scale = Math.max(least, ...Array.from(expected, Math.abs));
  return Math.max(...Array.from(expected, (v, i) => Math.abs(v - got[i]))) / scale;
}

describe('a network on SIMD kernels', () => {
  test('takes the step that the plain kernels take, to 1e-5', () => {
    const [simd, plain] = [undefined, plainMemory('float32', 1 << 18)].map((memory) =>
      compileNetwork(cellNetwork(), { batch: BATCH, rng: rng(1), inputGradient: true }, memory),
    );
    for (const network of [simd, plain]) train(network, 1);
    simd.parameters.forEach(({ value, gradient }, i) => {
      expect(gap(gradient, plain.parameters[i].gradient)).toBeLessThan(1e-5);
      expect(gap(value, plain.parameters[i].value)).toBeLessThan(1e-5);
    });
    expect(gap(simd.inputGradient as Float32Array, plain.inputGradient as Float32Array)).toBeLessThan(1e-5);
    const { x } = inputs(simd, 99);
    expect(gap(simd.forward(x, 'evaluate'), plain.forward(x, 'evaluate'))).toBeLessThan(1e-5);
    simd.release();
  });

  test('gives the same bits every time, whatever its memory held before', () => {
    const run = (): number[] => {
      const network = compileNetwork(cellNetwork(), { batch: BATCH, rng: rng(5) });
      const losses = train(network, 5);
      const all = [...losses, ...network.parameters.flatMap(({ value }) => [...value])];
      network.parameters[0].value.fill(Number.NaN);
      train(network, 1);
      network.release();
      return all;
    };
    expect(run()).toEqual(run());
  });

  test('does not depend on nodes that do not reach the output', () => {
    const graph = cellNetwork();
    const dead = { ...graph, nodes: [...graph.nodes] };
    dead.nodes.splice(3, 0, { name: 'dead', op: conv(8, 5), inputs: [0], reads: null });
    const shifted = dead.nodes.map((node, i) =>
      i <= 3 ? node : { ...node, inputs: node.inputs.map((from) => (from >= 3 ? from + 1 : from)) },
    );
    const losses = [graph, { ...dead, nodes: shifted }].map((g) => {
      const network = compileNetwork(g, { batch: BATCH, rng: rng(5) });
      const found = train(network, 3);
      network.release();
      return found;
    });
    expect(losses[1]).toEqual(losses[0]);
  });

  test('trains alike whether or not all activations are kept', () => {
    const losses = (['needed', 'all'] as const).map((keep) => {
      const network = compileNetwork(cellNetwork(), { batch: BATCH, rng: rng(5), keep });
      const found = train(network, 3);
      network.release();
      return found;
    });
    expect(gap(losses[1], losses[0])).toBeLessThan(1e-5);
  });

  test('learns: the loss of scenes seen again and again falls', () => {
    const network = compileNetwork(cellNetwork(), { batch: BATCH, rng: rng(1) });
    const { x, y } = inputs(network, 0);
    const losses = Array.from({ length: 30 }, () => {
      network.forward(x, 'train');
      const loss = network.loss('cross-entropy', y, 1 / BATCH);
      network.backward();
      network.step({ ...RATE, learningRate: 0.05 });
      return loss;
    });
    expect(losses[29]).toBeLessThan(losses[0] / 4);
    network.release();
  });

  test('evaluates fewer scenes than a batch, each as it would alone', () => {
    const network = compileNetwork(cellNetwork(), { batch: BATCH, rng: rng(1) });
    const { x } = inputs(network, 0);
    const all = network.forward(x, 'evaluate').slice();
    const one = x.length / BATCH;
    expect([...network.forward(x.subarray(one, 2 * one), 'evaluate').slice(0, 5)]).toEqual([...all.slice(5, 10)]);
    network.release();
  });

  test('names an operation that it cannot train, and what does not fit', () => {
    const unknown = chain([4, 4, 2], { type: 'resize', size: [8, 8] });
    expect(() => compileNetwork(unknown, { batch: 1, rng: rng(1) })).toThrow('resize (small: resize_0) is not supported');
    const network = compileNetwork(cellNetwork(), { batch: BATCH, rng: rng(1) });
    expect(() => network.forward(new Float32Array(3), 'train')).toThrow('4 x [6, 6, 3] numbers, got 3');
    expect(() => network.loss('cross-entropy', Int32Array.of(0, 1, 2, 5), 1)).toThrow('classes from 0 to 4');
    expect(() => network.loss('cross-entropy', Float32Array.of(0, 1, 2, 0.5), 1)).toThrow('classes from 0 to 4');
    network.release();
  });

  test('refuses a batch that is no count', () => {
    for (const batch of [0, -1, 1.5, Number.NaN]) {
      expect(() => compileNetwork(cellNetwork(), { batch, rng: rng(1) }), String(batch)).toThrow(
        `batch: expected a whole number of at least 1, got ${batch}`,
      );
    }
  });

  test('names what it would compute wrongly', () => {
    const refused = (graph: ComputeGraph): (() => Network) => {
      return () => compileNetwork(graph, { batch: 1, rng: rng(1) });
    };
    expect(refused(chain([4, 4, 1], { type: 'pad', margins: [0, -1, 0, 0] }))).toThrow('a pad that cuts off');
    for (const mode of ['avg', 'max'] as const) {
      expect(refused(chain([4, 4, 1], pool(mode, 2, 1, [0, 0, 2, 0])))).toThrow('windows that see no pixel');
    }
    // As many pixels as channels: a factor for each pixel is none for each channel.
    const mask = graphOf([2, 2, 4], (b, x) => b.add({ type: 'mul' }, [x, b.add(conv(1, 1), [x], 'mask')], 'mul'));
    expect(refused(mask)).toThrow('a product of different shapes');
  });

  test('says how large it is where there is no such memory, and leaves the engine in order', () => {
    const huge = chain([512, 512, 16], conv(64, 3), BN);
    expect(() => compileNetwork(huge, { batch: 64, rng: rng(1) })).toThrow(/A network of \d+\.\d GB.*smaller batch/);
    const network = compileNetwork(cellNetwork(), { batch: BATCH, rng: rng(5) });
    expect(train(network, 1)[0]).toBeGreaterThan(0);
    network.release();
  });

  test('refuses passes after its release, when its memory may be the next network’s', () => {
    const network = compileNetwork(cellNetwork(), { batch: BATCH, rng: rng(1) });
    const { x, y } = inputs(network, 0);
    network.release();
    expect(() => network.forward(x, 'evaluate')).toThrow('after its release');
    expect(() => network.loss('cross-entropy', y, 1)).toThrow('after its release');
    expect(() => network.backward()).toThrow('after its release');
    expect(() => network.step(RATE)).toThrow('after its release');
  });

  test('reads one value in two shapes, each with a border of its own', () => {
    const ones = { batch: 1, rng: rng(1), init: ({ value }: { value: Float32Array }) => value.fill(1) } as const;
    const passed = (graph: ComputeGraph): number[] => {
      const network = compileNetwork(graph, ones);
      const out = [
        ...network.forward(
          Float32Array.from({ length: 16 }, (_, i) => i),
          'train',
        ),
      ];
      network.release();
      return out;
    };
    const both = graphOf([4, 4, 1], (b, x) => {
      const y = b.add(conv(1, 3), [x], 'y');
      const z = b.add(conv(4, 3), [y], 'as it is');
      const deep = b.add(conv(4, 3), [y], 'as 2 x 2 x 4', [2, 2, 4]);
      return b.add(
        { type: 'concat', axis: 0 },
        [b.add({ type: 'reshape', shape: [64] }, [z], 'flat'), b.add({ type: 'reshape', shape: [16] }, [deep], 'flat')],
        'joined',
      );
    });
    const alone = (reads: readonly [number, number, number] | null): number[] =>
      passed(graphOf([4, 4, 1], (b, x) => b.add(conv(4, 3), [b.add(conv(1, 3), [x], 'y')], 'z', reads)));
    expect(passed(both)).toEqual([...alone(null), ...alone([2, 2, 4])]);
  });

  test('normalises as PyTorch does: epsilon 1e-5, statistics that move by .1, their variance over n - 1', () => {
    const network = compileNetwork(chain([3, 1, 1], BN), { batch: 1, rng: rng(1) });
    const x = Float32Array.of(1, 2, 6);
    const trained = [...network.forward(x, 'train')];
    // Mean 3; variance 14/3 over n, 7 over n - 1.
    expect(
      gap(
        trained,
        [-2, -1, 3].map((d) => d / Math.sqrt(14 / 3 + 1e-5)),
        1,
      ),
    ).toBeLessThan(1e-6);
    const [{ mean, variance }] = network.statistics;
    expect([mean[0], variance[0]]).toEqual([expect.closeTo(0.3, 6), expect.closeTo(0.9 + 0.1 * 7, 6)]);
    expect(
      gap(
        network.forward(x, 'evaluate'),
        [0.7, 1.7, 5.7].map((d) => d / Math.sqrt(1.6 + 1e-5)),
        1,
      ),
    ).toBeLessThan(1e-6);
    const flat = [...network.forward(Float32Array.of(2, 2, 2.01), 'train')];
    const spread = (0.01 * 0.01 * 2) / 9;
    expect(
      gap(
        flat,
        [-1, -1, 2].map((d) => (d * 0.01) / 3 / Math.sqrt(spread + 1e-5)),
        1,
      ),
    ).toBeLessThan(1e-4);
    network.release();
  });

  test('keeps the gradients of two ReLUs of one value apart where all are kept', () => {
    const graph = graphOf([1, 1, 1], (b, x) => {
      const layer = (label: string): number => b.add(conv(1, 1), [b.add(act('relu'), [x], label)], label);
      return b.add({ type: 'add' }, [layer('first'), layer('second')], 'sum');
    });
    const network = compileNetwork(graph, { batch: 1, rng: rng(1), keep: 'all', inputGradient: true });
    network.parameters[0].value[0] = 3;
    network.parameters[1].value[0] = 5;
    network.forward(Float32Array.of(2), 'train');
    network.backward(Float32Array.of(1));
    const relus = graph.nodes.flatMap(({ op }, i) => (op.type === 'activation' ? [i] : []));
    expect(relus.map((i) => [...(network.activation(i) as Float32Array)])).toEqual([[2], [2]]);
    expect(relus.map((i) => [...(network.activationGradient(i) as Float32Array)])).toEqual([[3], [5]]);
    expect([...(network.inputGradient as Float32Array)]).toEqual([8]);
    network.release();
  });

  test('counts multiply-accumulates of one scene: of groups, of depthwise kernels, of dense layers', () => {
    const graph = chain(
      [4, 6, 6],
      conv(4, 3, { groups: 2 }),
      depthwise(5, { stride: [2, 2] }),
      { type: 'mean', keepDims: false },
      { type: 'dense', units: 7, bias: true },
    );
    const network = compileNetwork(graph, { batch: 3, rng: rng(1) });
    expect(network.macs).toBe(24 * 4 * 9 * 3 + 6 * 4 * 25 + 4 * 7);
    network.release();
  });

  test('starts kernels N(0, 2 / fan out) and dense layers N(0, 1 / fan in)', () => {
    const graph = chain(
      [4, 4, 64],
      conv(32, 3),
      depthwise(3, { multiplier: 1 }),
      { type: 'mean', keepDims: false },
      { type: 'dense', units: 400, bias: true },
    );
    const network = compileNetwork(graph, { batch: 1, rng: rng(1) });
    const variance = (kind: string): number => {
      const value = network.parameters.find((p) => p.kind === kind)?.value as Float32Array;
      return value.reduce((sum, v) => sum + v * v, 0) / value.length;
    };
    // Relative standard errors of a variance: the root of 2 / count, below 2 % and 8 %.
    expect(variance('conv') / (2 / (9 * 32))).toBeCloseTo(1, 1);
    expect(Math.abs(variance('depthwise') / (2 / 9) - 1)).toBeLessThan(0.35);
    expect(variance('dense') / (1 / 32)).toBeCloseTo(1, 1);
    expect(variance('bias')).toBe(0);
    network.release();
  });
});

describe('tfjs finds the same gradients as the engine', () => {
  const drawn = (id: string, seed: number): ComputeGraph => {
    const family = microFamilyNamed(id);
    return family.toCompute(drawMicro(family, rng(seed), 1)[0], 'classes');
  };
  const graphs: Readonly<Record<string, ComputeGraph>> = {
    'of a network of cells': cellNetwork(),
    'of a network drawn from E201': drawn('E201', 1),
    'of a network drawn from E101': drawn('E101', 2),
    'of a network drawn from EMB': drawn('EMB', 3),
    'of a network drawn from E2P': drawn('E2P', 4),
    'of a network with depthwise convolutions, max pools and channels side by side': graphOf([8, 8, 3], (b, x) => {
      const stem = b.add(
        act('relu'),
        [b.add(BN, [b.add(conv(6, 3, { stride: [2, 2], bias: true }), [x], 'stem')], 'bn')],
        'relu',
      );
      const left = b.add(BN, [b.add(depthwise(3), [b.add(conv(12, 1), [stem], 'expand')], 'dw')], 'bn');
      const right = b.add(pool('max', 3), [stem], 'pool');
      const joined = b.add({ type: 'concat', axis: 2 }, [b.add(act('relu'), [left], 'relu'), right], 'joined');
      const less = b.add(depthwise(5, { stride: [2, 2] }), [joined], 'dw5');
      const mean = b.add({ type: 'mean', keepDims: false }, [b.add(act('swish'), [less], 'swish')], 'mean');
      return b.add({ type: 'dense', units: 4, bias: true }, [mean], 'head');
    }),
    'where windows step over pictures of odd and even sides and share a border': graphOf([9, 6, 3], (b, x) => {
      const stem = b.add(BN, [b.add(conv(8, 3), [x], 'stem')], 'bn');
      const relu = b.add(act('relu'), [stem], 'relu');
      const wide = b.add(depthwise(5, { bias: true }), [relu], 'dw5');
      const parts = [
        b.add(conv(6, 5, { stride: [2, 2] }), [relu], 'conv5'),
        b.add(conv(5, 1, { stride: [2, 2] }), [relu], 'conv1'),
        b.add(depthwise(3, { stride: [2, 2] }), [relu], 'dw3'),
        b.add(depthwise(3, { stride: [2, 2], kernel: [5, 3] }), [b.add(act('tanh'), [wide], 'tanh')], 'dw53'),
        b.add(pool('max', 3, 2), [stem], 'max'),
        b.add(pool('avg', 3, 2), [stem], 'avg'),
        b.add(pool('max', 2, 2), [wide], 'max2'),
        b.add(pool('avg', 2, 2), [b.add(act('relu6'), [wide], 'relu6')], 'avg2'),
      ];
      const joined = b.add(BN, [b.add({ type: 'concat', axis: 2 }, parts, 'joined')], 'bn2');
      const mean = b.add({ type: 'mean', keepDims: false }, [b.add(act('sigmoid'), [joined], 'sigmoid')], 'mean');
      return b.add({ type: 'dense', units: 4, bias: true }, [mean], 'head');
    }),
    'where windows read one picture in different steps, or fill pictures of one size with different borders': graphOf(
      [5, 7, 3],
      (b, x) => {
        const y = b.add(act('swish'), [b.add(conv(3, 3), [x], 'stem')], 'swish');
        const same = [b.add(conv(5, 3), [y], 'square'), b.add(conv(5, 3, { kernel: [3, 5] }), [y], 'oblong')];
        const sum = b.add(act('relu'), [b.add({ type: 'add' }, same, 'sum')], 'relu');
        const less = [
          b.add(conv(4, 3, { kernel: [3, 4], padding: 'valid' }), [sum], 'near'),
          b.add(conv(4, 1, { stride: [2, 2], padding: 'valid' }), [sum], 'far'),
        ];
        const mean = b.add({ type: 'mean', keepDims: false }, [b.add({ type: 'add' }, less, 'less')], 'mean');
        return b.add({ type: 'dense', units: 4, bias: true }, [mean], 'head');
      },
    ),
  };
  for (const [name, graph] of Object.entries(graphs)) {
    test(name, async () => {
      await tf.setBackend('cpu');
      const network = compileNetwork(graph, { batch: BATCH, rng: rng(3), inputGradient: true });
      const { x, y } = inputs(network, 1);
      const logits = network.forward(x, 'train');
      const loss = network.loss('cross-entropy', y, 1 / BATCH) / BATCH;
      network.backward();
      const theirs = tfjsGradients(graph, network, x, y);
      expect(gap(logits, theirs.logits)).toBeLessThan(1e-4);
      expect(Math.abs(theirs.loss - loss)).toBeLessThan(1e-5);
      network.parameters.forEach(({ gradient }, i) => {
        expect(gap(gradient, theirs.gradients[i + 1])).toBeLessThan(1e-3);
      });
      expect(gap(network.inputGradient as Float32Array, theirs.gradients[0])).toBeLessThan(1e-3);
      network.release();
    });
  }
});

/** The same graph in tfjs operations, weights taken from the network. */
function tfjsGradients(graph: ComputeGraph, network: Network, x: Float32Array, y: Int32Array) {
  return tf.tidy(() => {
    const weights = network.parameters.map(({ value, shape, kind }) =>
      tf.tensor(Float32Array.from(value), kind === 'conv' ? shape.slice(1) : [...shape]),
    );
    const input = tf.tensor(x, [BATCH, ...network.inputShape]);
    const forward = (from: tf.Tensor, ...w: tf.Tensor[]): tf.Tensor => {
      const weight = (node: number, kind: string): tf.Tensor =>
        w[network.parameters.findIndex((p) => p.node === node && p.kind === kind)];
      const made: tf.Tensor[] = [];
      graph.nodes.forEach(({ op, inputs: taken }, i) => {
        const [a] = taken.map((t) => made[t]);
        made.push(
          ((): tf.Tensor => {
            switch (op.type) {
              case 'input':
                return from;
              case 'conv2d': {
                const z = tf.conv2d(
                  a as tf.Tensor4D,
                  weight(i, 'conv') as tf.Tensor4D,
                  [...op.stride] as [number, number],
                  op.padding as 'same' | 'valid',
                );
                return op.bias ? z.add(weight(i, 'bias')) : z;
              }
              case 'depthwise': {
                const z = tf.depthwiseConv2d(
                  a as tf.Tensor4D,
                  weight(i, 'depthwise') as tf.Tensor4D,
                  [...op.stride] as [number, number],
                  'same',
                );
                return op.bias ? z.add(weight(i, 'bias')) : z;
              }
              case 'batchnorm': {
                const mean = a.mean([0, 1, 2]);
                const variance = a.sub(mean).square().mean([0, 1, 2]);
                return a.sub(mean).div(variance.add(1e-5).sqrt()).mul(weight(i, 'scale')).add(weight(i, 'shift'));
              }
              case 'activation':
                return op.function === 'swish' ? a.mul(a.sigmoid()) : a[op.function as 'relu' | 'relu6' | 'sigmoid' | 'tanh']();
              case 'pool': {
                const stride = [...op.stride] as [number, number];
                if (op.mode === 'max') return tf.maxPool(a as tf.Tensor4D, [...op.kernel] as [number, number], stride, 'same');
                // The gradient of tfjs's own average pool divides by 9 at the border too, unlike its way there.
                const ones = tf.ones<tf.Rank.R4>([...op.kernel, a.shape[3] as number, 1]);
                const counts = tf.depthwiseConv2d(tf.onesLike(a as tf.Tensor4D), ones, stride, 'same');
                return tf.depthwiseConv2d(a as tf.Tensor4D, ones, stride, 'same').div(counts);
              }
              case 'add':
                return tf.addN(taken.map((t) => made[t]));
              case 'concat':
                return tf.concat(
                  taken.map((t) => made[t]),
                  3,
                );
              case 'global-pool':
              case 'mean':
                return a.mean([1, 2]);
              case 'dense':
                return a.matMul(weight(i, 'dense')).add(weight(i, 'bias'));
              default:
                return a;
            }
          })(),
        );
      });
      return made[made.length - 1];
    };
    const loss = (...all: tf.Tensor[]): tf.Scalar => {
      const [from, ...w] = all;
      return tf.losses
        .softmaxCrossEntropy(tf.oneHot(tf.tensor1d(y, 'int32'), network.outputShape[0]), forward(from, ...w))
        .asScalar();
    };
    const { value, grads } = tf.valueAndGrads(loss)([input, ...weights]);
    return {
      loss: value.dataSync()[0],
      logits: forward(input, ...weights).dataSync(),
      gradients: grads.map((g) => g.dataSync()),
    };
  });
}
