import { describe, expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { microFamilyNamed } from '../../../src/core/spaces/micro/index.js';
import { nasbench201 } from '../../../src/core/spaces/nasbench201.js';
import { compileNetwork } from '../../../src/micro/engine/compile.js';
import { fillGaussian } from '../../../src/micro/exact-math.js';
import { nasbench201Network } from '../../../src/micro/nasbench201-network.js';
import { blockTrainability, channelEntropy, leastGrowth, trainability } from '../../../src/micro/proxies/az-nas.js';
import { blocksOf, graphBetween } from '../../../src/micro/proxies/blocks.js';
import { chain, conv } from '../engine/small-graphs.js';

describe('the entropy of channels', () => {
  test('is ln 2 for two channels of one size that have nothing in common', () => {
    expect(channelEntropy(Float32Array.of(1, 1, 1, -1, -1, 1, -1, -1), 2)).toBeCloseTo(Math.log(2), 6);
  });

  test('is that of the shares 4/5 and 1/5 where one channel is twice as large', () => {
    const expected = -(0.8 * Math.log(0.8) + 0.2 * Math.log(0.2));
    expect(channelEntropy(Float32Array.of(2, 1, 2, -1, -2, 1, -2, -1), 2)).toBeCloseTo(expected, 6);
  });

  test('is 0 where all channels say one thing, whatever their means', () => {
    expect(channelEntropy(Float32Array.of(1, 7, -1, 5, 3, 9), 2)).toBeCloseTo(0, 6);
  });

  test('is undefined where nothing varies', () => {
    expect(channelEntropy(Float32Array.of(1, 2, 1, 2), 2)).toBeNaN();
  });
});

test('the least growth is the worst step, not the whole way', () => {
  expect(leastGrowth([1, 3, 2.5, 4])).toBe(-0.5);
  expect(leastGrowth([1])).toBeNaN();
});

describe('the trainability of a block', () => {
  const given = Float32Array.of(1, 1, 1, -1);

  test('is best where gradients keep their size', () => {
    // Channels change places: all singular values are 1.
    const made = Float32Array.of(1, 1, -1, 1);
    expect(blockTrainability(given, made, 1, [1, 2, 2], [1, 2, 2])).toBeCloseTo(0, 5);
  });

  test('falls alike for gradients that double and that halve', () => {
    for (const factor of [2, 0.5]) {
      const made = Float32Array.of(factor, factor, -factor, factor);
      expect(blockTrainability(given, made, 1, [1, 2, 2], [1, 2, 2])).toBeCloseTo(-0.5, 5);
    }
  });

  test('is minus infinity where the block only hands gradients on', () => {
    expect(blockTrainability(given, given.slice(), 1, [1, 2, 2], [1, 2, 2])).toBe(Number.NEGATIVE_INFINITY);
  });

  test('sees the pixels of a larger input as channels', () => {
    // One pixel, given 1; its four pixels got 2, 0, 0, 1: the singular value is √5.
    const sigma = Math.sqrt(5);
    const value = blockTrainability(Float32Array.of(1), Float32Array.of(2, 0, 0, 1), 1, [1, 1, 1], [2, 2, 1]);
    expect(value).toBeCloseTo(-sigma - 1 / sigma + 2, 5);
  });

  test('is none where the pixels of the input do not divide evenly', () => {
    const [out, into] = [new Float32Array(4).fill(1), new Float32Array(9).fill(1)];
    expect(blockTrainability(out, into, 1, [2, 2, 1], [3, 3, 1])).toBeNaN();
    expect(blockTrainability(out, new Float32Array(8), 1, [2, 2, 1], [4, 2, 1])).toBeNaN();
  });
});

describe('the trainability of a network', () => {
  /** One channel: what is given is ±1, what is made the block's weight times that, so that σ is the weight. */
  const chained = (...weights: number[]): number => {
    const graph = chain([4, 4, 1], ...weights.map(() => conv(1, 1)));
    const network = compileNetwork(graph, { batch: 2, rng: rng(1), keep: 'all' });
    network.parameters.forEach(({ value }, i) => {
      value[0] = weights[i];
    });
    network.forward(new Float32Array(32).fill(1), 'train');
    const blocks = weights.map((_, i) => ({ path: `block_${i}`, output: i + 1 }));
    const found = trainability(graph, network, blocks, rng(2));
    network.release();
    return found;
  };

  test('is the mean over the blocks behind the stem, by their own weights', () => {
    expect(chained(5, 2, 4)).toBeCloseTo((-2 - 1 / 2 + 2 + (-4 - 1 / 4 + 2)) / 2, 4);
    expect(chained(5, -0.5)).toBeCloseTo(-0.5, 4);
  });

  test('is none of a stem alone', () => {
    expect(chained(5)).toBeNaN();
  });
});

describe('blocks', () => {
  const small = { channels: 8, cellsPerStage: 1, side: 8 };
  const nb201 = (text: string) => nasbench201Network(nasbench201.parse(text), small);

  test('of NAS-Bench-201 are the stem, its cells and its reductions, also where a cell hands its input on', () => {
    for (const text of ['(2, 0, 1, 3, 1, 0)', '(1, 1, 0, 1, 1, 1)', '(2, 2, 2, 2, 2, 2)']) {
      const paths = blocksOf(nb201(text)).map(({ path }) => path);
      expect(paths).toEqual(['stem', 'cell_0_0', 'reduction_0', 'cell_1_0', 'reduction_1', 'cell_2_0']);
    }
    const whole = nasbench201Network(nasbench201.parse('(2, 0, 1, 3, 1, 0)'));
    expect(blocksOf(whole)).toHaveLength(1 + 15 + 2);
  });

  test.each([
    ['E201', '(2, 0, 1, 3, 1, 0)', ['stem', 'cell_0', 'reduction', 'cell_1']],
    ['E2P', 'c3,mp3|c1,c3/add', ['stem', 'cell_0', 'reduction', 'cell_1']],
    ['EMB', 'k3e2,k5e1|k3e4|k3e1', ['stem', 'stage_0/block_0', 'stage_0/block_1', 'stage_1/block_0', 'stage_2/block_0']],
  ])('of %s are its cells or its blocks', (id, text, expected) => {
    const family = microFamilyNamed(id);
    expect(blocksOf(family.toCompute(family.parse(text), 'classes')).map(({ path }) => path)).toEqual(expected);
  });

  test('alone compute what they compute within the whole network', () => {
    const graph = nb201('(2, 0, 1, 3, 4, 3)');
    const network = compileNetwork(graph, { batch: 4, rng: rng(1), keep: 'all' });
    const x = new Float32Array(4 * 8 * 8 * 3);
    fillGaussian(x, rng(2));
    network.forward(x, 'train');
    const blocks = blocksOf(graph);
    for (let i = 1; i < blocks.length; i++) {
      const [from, to] = [blocks[i - 1].output, blocks[i].output];
      const part = graphBetween(graph, from, to);
      const alone = compileNetwork(part.graph, { batch: 4, rng: rng(9), init: () => {} });
      for (const { node, kind, value } of alone.parameters) {
        value.set(network.parameters.find((p) => p.node === part.places[node] && p.kind === kind)?.value as Float32Array);
      }
      const given = alone.forward(network.activation(from) as Float32Array, 'train');
      expect([...given]).toEqual([...(network.activation(to) as Float32Array)]);
      alone.release();
    }
    network.release();
  });

  test('that hand their input on make a network untrainable by this measure', () => {
    const graph = nb201('(1, 1, 0, 1, 1, 1)');
    const network = compileNetwork(graph, { batch: 2, rng: rng(1), keep: 'all' });
    const x = new Float32Array(2 * 8 * 8 * 3);
    fillGaussian(x, rng(2));
    network.forward(x, 'train');
    expect(trainability(graph, network, blocksOf(graph), rng(3))).toBe(Number.NEGATIVE_INFINITY);
    network.release();
  });
});
