import { describe, expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { compileNetwork } from '../../../src/micro/engine/compile.js';
import type { Network } from '../../../src/micro/engine/network.js';
import { fillGaussian } from '../../../src/micro/exact-math.js';
import { channelInformation, fisher } from '../../../src/micro/proxies/fisher.js';
import { FrozenRelus } from '../../../src/micro/proxies/frozen-relus.js';
import { grasp } from '../../../src/micro/proxies/grasp.js';
import { layersOf } from '../../../src/micro/proxies/layers.js';
import { synflow } from '../../../src/micro/proxies/synflow.js';
import { gradNorm, l2Norm, plain, snip } from '../../../src/micro/proxies/weight-sums.js';
import { zen } from '../../../src/micro/proxies/zen.js';
import { zico } from '../../../src/micro/proxies/zico.js';
import { act, BN, cellNetwork, chain, conv, depthwise } from '../engine/small-graphs.js';

const dense = (units: number) => ({ type: 'dense', units, bias: false }) as const;

function withWeights(network: Network, ...weights: number[][]): Network {
  layersOf(network).forEach(({ value }, i) => {
    value.set(weights[i]);
  });
  return network;
}

describe('sums over weights and gradients', () => {
  test('are those worked out by hand for a dense layer', () => {
    // y = W x with x = (1, 2) and a gradient (1, -1) of y, so that dW = x (1, -1).
    const network = withWeights(compileNetwork(chain([2], dense(2)), { batch: 1, rng: rng(1) }), [1, 2, 3, -1]);
    expect([...network.forward(Float32Array.of(1, 2), 'train')]).toEqual([7, 0]);
    network.backward(Float32Array.of(1, -1));
    const layers = layersOf(network);
    expect(l2Norm(layers)).toBeCloseTo(Math.sqrt(15), 6);
    expect(gradNorm(layers)).toBeCloseTo(Math.sqrt(1 + 1 + 4 + 4), 6);
    expect(plain(layers)).toBeCloseTo(1 - 2 + 6 + 2, 6);
    expect(snip(layers)).toBeCloseTo(1 + 2 + 6 + 2, 6);
    network.release();
  });

  test('are those worked out by hand for a convolution, and add up over layers', () => {
    // One filter (3, -4) over two pixels, then a factor 2: y = 2 (3 · 1 - 4 · 5) = -34.
    const graph = chain([1, 2, 1], conv(1, 1, { kernel: [1, 2], padding: 'valid' }), conv(1, 1));
    const network = withWeights(compileNetwork(graph, { batch: 1, rng: rng(1) }), [3, -4], [2]);
    expect([...network.forward(Float32Array.of(1, 5), 'train')]).toEqual([-34]);
    network.backward(Float32Array.of(1));
    const layers = layersOf(network);
    expect(l2Norm(layers)).toBeCloseTo(5 + 2, 6);
    expect(gradNorm(layers)).toBeCloseTo(2 * Math.sqrt(26) + 17, 5);
    expect(plain(layers)).toBeCloseTo(-34 - 34, 5);
    expect(snip(layers)).toBeCloseTo(6 + 40 + 34, 5);
    network.release();
  });

  test('of weights times gradients are 0 over layers before a batch norm', () => {
    const graph = chain([4, 4, 3], conv(8, 3), BN, act('relu'), conv(5, 3), BN, { type: 'global-pool' });
    const network = compileNetwork(graph, { batch: 8, rng: rng(3) });
    const x = new Float32Array(8 * 48);
    fillGaussian(x, rng(4));
    network.forward(x, 'train');
    network.loss('cross-entropy', new Int32Array(8), 1 / 8);
    network.backward();
    const layers = layersOf(network);
    expect(Math.abs(plain(layers)) / snip(layers)).toBeLessThan(1e-4);
    network.release();
  });

  test('leave batch norm and biases out', () => {
    const network = compileNetwork(chain([2, 2, 3], conv(4, 1, { bias: true }), BN), { batch: 2, rng: rng(1) });
    expect(layersOf(network).map(({ kind }) => kind)).toEqual(['conv']);
    network.release();
  });
});

describe('synflow', () => {
  const signed = [-1, 2, 0.5, -3];

  test('counts the flow once a layer, without signs, and passes batch norm by', () => {
    const weights: number[][] = [signed, [-4, 0.25]];
    // |W1|ᵀ 1 = (1.5, 5), then 1.5 · 4 + 5 · 0.25 = 7.25 through each of the two layers.
    const flow = synflow(
      chain([1, 1, 2], conv(2, 1), BN, conv(1, 1)),
      ({ kind, value }) => {
        if (kind === 'conv') value.set(weights[value.length === 4 ? 0 : 1]);
      },
      rng(1),
    );
    expect(flow).toBeCloseTo(Math.log(2 * 7.25), 12);
  });

  test('holds where float32 would overflow', () => {
    const deep = chain([1, 1, 1], ...Array.from({ length: 40 }, () => conv(1, 1)));
    const flow = synflow(deep, ({ value }) => value.fill(-1000), rng(1));
    expect(flow).toBeCloseTo(Math.log(40) + 40 * Math.log(1000), 9);
  });
});

describe('fisher', () => {
  test('squares what a channel gathers over its pixels, halves the mean over the batch', () => {
    // Two pictures of two pixels and two channels: (Σ a g)² are 5² and 4² in the first, 1² and 0 in the second.
    const activation = Float32Array.of(1, 2, 2, 3, 1, 1, 1, 1);
    const gradient = Float32Array.of(1, -1, 2, 2, 1, 0, 0, 0);
    expect(channelInformation(activation, gradient, 2, 2)).toBeCloseTo((25 + 16 + 1 + 0) / 2 / 2, 12);
  });

  test('counts a channel once for each weight that leads to it', () => {
    // 1x1 convolution of three channels: y = (1 + 2 + 3, -1) for x = (1, 2, 3), gradient (2, 5).
    const graph = chain([1, 1, 3], conv(2, 1));
    const network = withWeights(compileNetwork(graph, { batch: 1, rng: rng(1), keep: 'all' }), [1, -1, 1, 0, 1, 0]);
    expect([...network.forward(Float32Array.of(1, 2, 3), 'train')]).toEqual([6, -1]);
    network.backward(Float32Array.of(2, 5));
    expect(fisher(network, layersOf(network))).toBeCloseTo(3 * 0.5 * (12 ** 2 + 5 ** 2), 5);
    network.release();
  });

  test('keeps the channels of depthwise convolutions and of groups apart', () => {
    // Both double: y = (2, 4) for x = (1, 2), gradient (2, 5); one weight leads to each channel.
    for (const op of [depthwise(1), conv(2, 1, { groups: 2 })]) {
      const graph = chain([1, 1, 2], op);
      const network = withWeights(compileNetwork(graph, { batch: 1, rng: rng(1), keep: 'all' }), [2, 2]);
      network.forward(Float32Array.of(1, 2), 'train');
      network.backward(Float32Array.of(2, 5));
      expect(fisher(network, layersOf(network)), op.type).toBeCloseTo(0.5 * (4 ** 2 + 20 ** 2), 5);
      network.release();
    }
  });
});

describe('grasp', () => {
  test('is exact where the loss is quadratic', () => {
    const network = withWeights(compileNetwork(chain([2], dense(1)), { batch: 3, rng: rng(1) }), [0.5, -2]);
    const x = Float32Array.of(1, 2, -1, 1, 3, 0.5);
    const targets = Float32Array.of(1, 0, 2);
    const pass = (): void => {
      const y = network.forward(x, 'train');
      // Half the squared error: its gradient is what is missing.
      network.backward(y.map((value, i) => value - targets[i]));
    };
    pass();
    const [layer] = layersOf(network);
    const [g0, g1] = layer.gradient;
    // H = Σ x xᵀ.
    const [h00, h01, h11] = [1 + 1 + 9, 2 - 1 + 1.5, 4 + 1 + 0.25];
    const exact = -(0.5 * (h00 * g0 + h01 * g1) - 2 * (h01 * g0 + h11 * g1));
    expect(Math.abs(grasp([layer], pass) / exact - 1)).toBeLessThan(1e-4);
    expect([...layer.value]).toEqual([0.5, -2]);
    network.release();
  });

  test('is the squared norm of the gradient where batch norm makes weights free of scale', () => {
    // L(c w) = L(w), so that H w = -g.
    const graph = chain([4, 4, 3], conv(8, 3), BN, act('relu'), conv(5, 3), BN, { type: 'global-pool' });
    const network = compileNetwork(graph, { batch: 8, rng: rng(3) });
    const x = new Float32Array(8 * 48);
    fillGaussian(x, rng(4));
    const labels = Int32Array.from({ length: 8 }, (_, i) => i % 5);
    const pass = (): void => {
      network.forward(x, 'train');
      network.loss('cross-entropy', labels, 1 / 8);
      network.backward();
    };
    pass();
    const layers = layersOf(network);
    const squares = layers.reduce((sum, { gradient }) => sum + gradient.reduce((s, g) => s + g * g, 0), 0);
    expect(Math.abs(grasp(layers, pass) / squares - 1)).toBeLessThan(2e-3);
    network.release();
  });
});

describe('grasp with ReLUs held', () => {
  test('is that of automatic differentiation, where the difference alone would turn a ReLU', () => {
    // y = v relu(w x + b), L = y²/2, with w = v = x = 1 and w x + b = 0.005: one percent less of w closes the ReLU.
    const graph = chain([1], { ...dense(1), bias: true }, act('relu'), dense(1));
    const memory = new FrozenRelus();
    const network = compileNetwork(graph, { batch: 1, rng: rng(1), keep: 'all' }, memory);
    for (const { kind, value } of network.parameters) value.fill(kind === 'bias' ? -0.995 : 1);
    const pass = (): void => network.backward(network.forward(Float32Array.of(1), 'train').slice());
    pass();
    const z = 0.005;
    // g = (z, z²), H w = (1 + 2 z, 2 z + z²).
    const exact = -(z * (1 + 2 * z) + z ** 2 * (2 * z + z ** 2));
    const layers = layersOf(network);
    let held = 0;
    memory.hold(() => {
      held = grasp(layers, pass);
    });
    expect(Math.abs(held / exact - 1)).toBeLessThan(1e-3);
    pass();
    expect(Math.abs(grasp(layers, pass) / exact - 1)).toBeGreaterThan(0.2);
    network.release();
  });
});

test('ReLUs that are held where they are change no pass', () => {
  const memory = new FrozenRelus();
  const network = compileNetwork(cellNetwork(), { batch: 4, rng: rng(1), keep: 'all', inputGradient: true }, memory);
  const x = new Float32Array(4 * 108);
  fillGaussian(x, rng(2));
  const passed = (): number[] => {
    const y = network.forward(x, 'train').slice();
    network.backward(y);
    return [...y, ...network.parameters.flatMap(({ gradient }) => [...gradient]), ...(network.inputGradient as Float32Array)];
  };
  const free = passed();
  let held: number[] = [];
  memory.hold(() => {
    held = passed();
  });
  expect(held).toEqual(free);
  network.release();
});

describe('ZiCo', () => {
  test('is none where a gradient is none', () => {
    const [sound, lost] = [
      [Float32Array.of(1, 2), Float32Array.of(4)],
      [Float32Array.of(3, 1), Float32Array.of(Number.NaN)],
    ];
    expect(zico([sound, lost])).toBeNaN();
  });

  test('divides mean sizes by standard deviations and leaves constant gradients out', () => {
    // First layer: 2 / 1 and a constant; second: (4 + 2) / 2 / 3 = 1 for 4 and -2; third: constants only.
    const first = [Float32Array.of(1, 2), Float32Array.of(4), Float32Array.of(7)];
    const second = [Float32Array.of(3, 2), Float32Array.of(-2), Float32Array.of(7)];
    expect(zico([first, second])).toBeCloseTo(Math.log(2) + Math.log(1), 12);
  });
});

describe('zen', () => {
  test('is the log of how far the change carries, where there is no batch norm', () => {
    const graph = chain([1, 2, 1], conv(1, 1), { type: 'global-pool' });
    const network = withWeights(compileNetwork(graph, { batch: 2, rng: rng(1), keep: 'all' }), [-3]);
    const change = Float32Array.of(1, -2, 0.5, 0.5);
    // Σ |3 · 0.01 · change|: 0.09 and 0.03, their mean 0.06.
    expect(zen(network, graph, Float32Array.of(1, 1, 2, 2), change)).toBeCloseTo(Math.log(0.06), 4);
    network.release();
  });

  test('adds ln √ of the running variance of each batch norm after both passes', () => {
    const graph = chain([1, 2, 1], conv(1, 1), BN, { type: 'global-pool' });
    const network = withWeights(compileNetwork(graph, { batch: 2, rng: rng(1), keep: 'all' }), [-300]);
    const x = [1, 1.5, 2, 3];
    const moved = x.map((value, i) => value + 0.01 * [50, -20, 10, 30][i]);
    const [before, after] = [x, moved].map((values) => {
      const y = values.map((value) => -300 * value);
      const mean = y.reduce((a, b) => a + b) / 4;
      const squares = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return { normal: y.map((value) => (value - mean) / Math.sqrt(squares / 4 + 1e-5)), variance: squares / 3 };
    });
    const apart = before.normal.reduce((sum, value, i) => sum + Math.abs(value - after.normal[i]), 0) / 2;
    const running = 0.9 * (0.9 + 0.1 * before.variance) + 0.1 * after.variance;
    const change = Float32Array.of(50, -20, 10, 30);
    expect(zen(network, graph, Float32Array.from(x), change)).toBeCloseTo(Math.log(apart) + Math.log(running) / 2, 4);
    network.release();
  });

  test('does not look at a mean that the output does not see', () => {
    const graph = chain([1, 2, 1], conv(1, 1));
    const dead = { ...graph.nodes[1], op: { type: 'global-pool' } as const, inputs: [0] };
    const [input, layer, output] = graph.nodes;
    const nodes = [input, layer, dead, { ...output, inputs: [1] }];
    const scores = [graph, { ...graph, nodes }].map((own) => {
      const network = withWeights(compileNetwork(own, { batch: 2, rng: rng(1), keep: 'all' }), [-3]);
      const score = zen(network, own, Float32Array.of(1, 1, 2, 2), Float32Array.of(1, -2, 0.5, 0.5));
      network.release();
      return score;
    });
    expect(scores[0]).toBeCloseTo(Math.log(0.06), 4);
    expect(scores[1]).toBe(scores[0]);
  });
});
