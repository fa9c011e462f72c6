import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError, ShapeError } from '../../../src/core/base/errors.js';
import { type Rng, rng } from '../../../src/core/base/rng.js';
import { writeCg } from '../../../src/core/ir/cg-json.js';
import { readCg } from '../../../src/core/ir/cg-json-read.js';
import { cgVocabulary, numberOfLabel } from '../../../src/core/ir/cg-vocabulary.js';
import { ComputeBuilder } from '../../../src/core/ir/compute-builder.js';
import {
  type AtomicOp,
  type ComputeGraph,
  type ComputeNode,
  computeEdges,
  NORMALISERS,
} from '../../../src/core/ir/compute-graph.js';
import { cost } from '../../../src/core/ir/cost.js';
import { historyRounds, mergeAgain, mergeByHistory } from '../../../src/core/ir/history.js';
import { reach } from '../../../src/core/ir/reach.js';
import { devices, rooflineMs } from '../../../src/core/ir/roofline.js';
import { inferShapes } from '../../../src/core/ir/shapes.js';
import { laplacianSpectrum, spectrumOf } from '../../../src/core/ir/spectrum.js';
import { structureHash } from '../../../src/core/ir/structure-hash.js';
import { familyNamed, graphFamilies } from '../../../src/core/spaces/families/index.js';

/** A network of any shape: layers that keep 8 x 8 x 4, each from one or two earlier ones. */
function randomNetwork(random: Rng): ComputeGraph {
  const builder = new ComputeBuilder();
  const nodes = [builder.add({ type: 'input', shape: [8, 8, 4] }, [], 'input')];
  const earlier = (): number => nodes[random.int(nodes.length)];
  const length = 1 + random.int(30);
  for (let i = 0; i < length; i++) {
    const [op, arity] = layers[random.int(layers.length)];
    nodes.push(builder.add(op, Array.from({ length: arity }, earlier), `layer_${i}`));
  }
  builder.add({ type: 'output' }, [nodes[nodes.length - 1]], 'output');
  return builder.graph('random');
}

const window = { stride: [1, 1], dilation: [1, 1], padding: 'same' } as const;
const layers: readonly (readonly [AtomicOp, number])[] = [
  [{ type: 'conv2d', filters: 4, kernel: [3, 1], groups: 2, bias: true, ...window }, 1],
  [{ type: 'conv2d', filters: 4, kernel: [3, 3], groups: 1, bias: false, ...window, padding: [1, 1, 1, 1] }, 1],
  [{ type: 'depthwise', multiplier: 1, kernel: [5, 5], bias: false, ...window, dilation: [2, 2] }, 1],
  [{ type: 'pool', mode: 'max', kernel: [3, 3], stride: [1, 1], padding: 'same' }, 1],
  [{ type: 'batchnorm' }, 1],
  [{ type: 'activation', function: 'swish' }, 1],
  [{ type: 'dense', units: 4, bias: true }, 1],
  [{ type: 'add' }, 2],
  [{ type: 'mul' }, 2],
  [{ type: 'reshape', shape: [8, 8, 4] }, 1],
  [{ type: 'opaque', label: 'softmax', shape: [8, 8, 4] }, 1],
];

/** The same network with its nodes in another order of definition and other names. */
function renumbered(graph: ComputeGraph, random: Rng): ComputeGraph {
  const place = new Array<number>(graph.nodes.length).fill(-1);
  const nodes: ComputeNode[] = [];
  while (nodes.length < graph.nodes.length) {
    const i = random.int(graph.nodes.length);
    const { op, inputs, reads } = graph.nodes[i];
    if (place[i] >= 0 || inputs.some((from) => place[from] < 0)) continue;
    place[i] = nodes.push({ name: `n${random.int(1e9)}`, op, inputs: inputs.map((from) => place[from]), reads }) - 1;
  }
  return { kind: 'compute-graph', name: 'other', nodes, normalisers: NORMALISERS };
}

const seeds = fc.integer({ min: 0, max: 1e6 });
const small = ['hiaml', 'two-path', 'ofa-pn', 'ofa-resnet', 'inception', 'nasbench101', 'nasbench201'];
const familyGraphs = Object.keys(graphFamilies).map((id) => {
  const family = familyNamed(id);
  return family.toCompute(family.sample(rng(7).fork(id)));
});

describe('a computation graph', () => {
  it('is plain data, and comes back from its file the same', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const graph = randomNetwork(rng(seed));
        expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
        expect(readCg(JSON.parse(JSON.stringify(writeCg(graph))))).toEqual(graph);
      }),
      { numRuns: 300, seed: 1 },
    );
    for (const graph of familyGraphs) expect(readCg(JSON.parse(JSON.stringify(writeCg(graph))))).toEqual(graph);
  });

  it('comes back the same when its names look like definition numbers', () => {
    const builder = new ComputeBuilder();
    const input = builder.add({ type: 'input', shape: [4] }, [], '0|a');
    builder.add({ type: 'output' }, [builder.add({ type: 'dense', units: 2, bias: false }, [input], '1|b')], '2|c');
    const graph = builder.graph('numbers');
    expect(readCg(writeCg(graph))).toEqual(graph);
  });

  it('refuses files that contradict themselves, naming the place', () => {
    const [graph] = familyGraphs;
    const file = writeCg(graph);
    const [first, ...rest] = file.weighted_nodes;
    expect(() => readCg({ ...file, edge_pairs: [[0, 9999]] })).toThrow(/edge_pairs\[0\]/);
    expect(() => readCg({ ...file, edge_pairs: [...file.edge_pairs, [file.edge_pairs[0][1], file.edge_pairs[0][0]]] })).toThrow(
      DataError,
    );
    expect(() => readCg({ ...file, weighted_nodes: [{ ...first, resolution: [1, 2, 3, 4, 5, 6] }, ...rest] })).toThrow(DataError);
    for (const value of [
      null,
      3,
      'x',
      [],
      {},
      { name: 1 },
      { ...file, regular_nodes: [null] },
      { ...file, weighted_nodes: {} },
    ]) {
      expect(() => readCg(value)).toThrow(DataError);
    }
  });

  it('is refused where shapes do not fit, naming the node', () => {
    const builder = new ComputeBuilder();
    const a = builder.add({ type: 'input', shape: [8, 8, 3] }, [], 'image');
    const b = builder.add({ type: 'input', shape: [4, 4, 3] }, [], 'thumbnail');
    expect(() => builder.add({ type: 'add' }, [a, b], 'block/add')).toThrow(/block\/add/);
    expect(() => builder.add({ type: 'add' }, [], 'nothing')).toThrow(ShapeError);
    const thirds = { type: 'conv2d', filters: 4, kernel: [3, 3], groups: 3, bias: false, ...window } as const;
    expect(() => builder.add(thirds, [a], 'block/conv')).toThrow(/block\/conv.*filters in 3 equal groups, got 4/);
    expect(() =>
      inferShapes({ ...builder.graph('g'), nodes: [{ name: 'n', op: { type: 'identity' }, inputs: [3], reads: null }] }),
    ).toThrow(/inputs before node 0/);
  });
});

describe('the cost model', () => {
  it('counts a convolution by hand', () => {
    const builder = new ComputeBuilder();
    const input = builder.add({ type: 'input', shape: [7, 9, 6] }, [], 'input');
    const conv: AtomicOp = {
      type: 'conv2d',
      filters: 10,
      kernel: [3, 5],
      stride: [2, 1],
      dilation: [1, 1],
      padding: 'valid',
      groups: 2,
      bias: true,
    };
    const x = builder.add(conv, [input], 'conv');
    expect(builder.shape(x)).toEqual([3, 5, 10]);
    const norm = builder.add({ type: 'batchnorm' }, [x], 'norm');
    const twice = builder.add({ type: 'add' }, [norm, norm], 'twice');
    builder.add({ type: 'add' }, [twice, norm], 'sum');
    const places = 3 * 5;
    const weights = 3 * 5 * 3 * 10;
    expect(cost(builder.graph('g'))).toEqual({
      // A sum of a node with itself has one edge, so it is counted once; the other sum twice.
      flops: weights * places + 10 * places + 2 * places * 10 + places * 10 + 2 * places * 10,
      macs: weights * places,
      params: weights + 10 + 2 * 10,
      buffers: 2 * 10,
      activations: places * 10,
      traffic: 7 * 9 * 6 + weights + 10 + 150 + (150 + 150 + 40) + 3 * 150 + 3 * 150,
    });
  });

  it('sees through stacked, strided and dilated windows as the formula says', () => {
    const builder = new ComputeBuilder();
    let x = builder.add({ type: 'input', shape: [64, 64, 1] }, [], 'input');
    const conv = (kernel: number, stride: number, dilation: number): AtomicOp => ({
      type: 'conv2d',
      filters: 1,
      kernel: [kernel, 1],
      stride: [stride, stride],
      dilation: [dilation, dilation],
      padding: 'same',
      groups: 1,
      bias: false,
    });
    for (const [kernel, stride, dilation] of [
      [3, 2, 1],
      [5, 2, 1],
      [3, 1, 2],
    ])
      x = builder.add(conv(kernel, stride, dilation), [x], 'conv');
    // 1 + 2 + 4 * 2 + (2 * 2) * 4
    expect(reach(builder.graph('g'))).toEqual({ depth: 3, longestPath: 3, receptiveField: [27, 1] });
  });

  it('sees through a dilation by rearranging as through one by holes', () => {
    const builder = new ComputeBuilder();
    const input = builder.add({ type: 'input', shape: [16, 16, 4] }, [], 'input');
    const split = builder.add({ type: 'space-to-batch', block: [2, 2], margins: [2, 2, 2, 2] }, [input], 'split');
    const through = builder.add(
      { type: 'depthwise', multiplier: 1, kernel: [3, 3], bias: false, ...window, padding: 'valid' },
      [split],
      'dw',
    );
    const back = builder.add({ type: 'batch-to-space', block: [2, 2], margins: [0, 0, 0, 0] }, [through], 'back');
    expect(builder.shape(back)).toEqual([16, 16, 4]);
    expect(reach(builder.graph('g')).receptiveField).toEqual([5, 5]);
  });

  it('bounds time by memory under the ridge and by computing above it', () => {
    const conv = (side: number, channels: number, kernel: number): ComputeGraph => {
      const builder = new ComputeBuilder();
      const input = builder.add({ type: 'input', shape: [side, side, channels] }, [], 'input');
      builder.add(
        { type: 'conv2d', filters: channels, kernel: [kernel, kernel], groups: 1, bias: false, ...window },
        [input],
        'conv',
      );
      return builder.graph('conv');
    };
    const { v100 } = devices;
    const thin = conv(64, 8, 1);
    const bytes = 4 * (2 * 64 * 64 * 8 + 64);
    expect(rooflineMs(thin, v100)).toBeCloseTo((bytes / v100.bandwidth) * 1000, 12);
    const thick = conv(64, 512, 3);
    const seconds = (2 * cost(thick).macs) / v100.peakFlops;
    expect(rooflineMs(thick, v100)).toBeCloseTo(seconds * 1000, 12);
    expect(rooflineMs(thick, v100, { density: 0.5, block: 16, indexBytes: 0 })).toBeCloseTo((seconds * 1000) / 2, 12);
    expect(rooflineMs(thin, v100, { density: 0.5, block: 1, indexBytes: 8 })).toBeGreaterThan(rooflineMs(thin, v100));
  });
});

describe('the spectrum', () => {
  const ring = (n: number): [number, number][] => Array.from({ length: n }, (_, i) => [i, (i + 1) % n]);
  const cases: readonly (readonly [string, number, readonly (readonly [number, number])[], number[]])[] = [
    ['a path', 40, ring(40).slice(0, -1), Array.from({ length: 40 }, (_, k) => 1 - Math.cos((Math.PI * k) / 39))],
    ['a ring', 31, ring(31), Array.from({ length: 31 }, (_, k) => 1 - Math.cos((2 * Math.PI * k) / 31))],
    ['a star', 12, Array.from({ length: 11 }, (_, i) => [0, i + 1] as const), [0, ...new Array<number>(10).fill(1), 2]],
    [
      'a complete graph',
      9,
      Array.from({ length: 9 }, (_, i) => i).flatMap((i) => Array.from({ length: i }, (_, j) => [j, i] as const)),
      [0, ...new Array<number>(8).fill(9 / 8)],
    ],
    [
      'two edges and a lone node',
      5,
      [
        [0, 1],
        [3, 4],
      ],
      [0, 0, 0, 2, 2],
    ],
    ['one node', 1, [], [0]],
  ];
  for (const [name, size, pairs, expected] of cases) {
    it(`of ${name} is the textbook's, each value as often as it occurs`, () => {
      const found = spectrumOf(size, pairs, size);
      expected
        .sort((a, b) => a - b)
        .forEach((value, i) => {
          expect(found?.[i]).toBeCloseTo(value, 11);
        });
      expect(found).toHaveLength(expected.length);
    });
  }

  it('adds up to the trace, its squares to the sum of squared entries, in ascending order', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const graph = randomNetwork(rng(seed));
        const size = graph.nodes.length;
        const edges = computeEdges(graph);
        const degree = new Array<number>(size).fill(0);
        for (const [from, to] of edges) {
          degree[from]++;
          degree[to]++;
        }
        const values = Array.from(laplacianSpectrum(graph, size) ?? []);
        expect(values).toHaveLength(size);
        expect([...values].sort((a, b) => a - b)).toEqual(values);
        const trace = degree.filter((d) => d > 0).length;
        expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(trace, 9);
        const squares = trace + edges.reduce((sum, [from, to]) => sum + 2 / (degree[from] * degree[to]), 0);
        expect(values.reduce((a, b) => a + b * b, 0)).toBeCloseTo(squares, 9);
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it('is the same for another numbering, and says when a graph is too large', () => {
    const family = familyNamed('hiaml');
    const graph = family.toCompute(family.parse(family.example));
    const [ours, theirs] = [laplacianSpectrum(graph), laplacianSpectrum(renumbered(graph, rng(3)))];
    ours?.forEach((value, i) => {
      expect(theirs?.[i]).toBeCloseTo(value, 11);
    });
    const complete = (size: number): (readonly [number, number])[] =>
      Array.from({ length: size }, (_, i) => i).flatMap((i) => Array.from({ length: i }, (_, j) => [j, i] as const));
    // 0, and n / (n − 1) for all others: Chung 1997, Spectral Graph Theory, example 1.1.
    const found = spectrumOf(700, complete(700));
    expect(found).toHaveLength(21);
    found?.forEach((value, i) => {
      expect(value).toBeCloseTo(i === 0 ? 0 : 700 / 699, 9);
    });
    expect(spectrumOf(1300, complete(1300))).toBeNull();
  });
});

describe('the structural hash', () => {
  it('does not see numbering and names', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const graph = randomNetwork(rng(seed));
        expect(structureHash(renumbered(graph, rng(seed).fork('order')))).toBe(structureHash(graph));
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('sees every change of an attribute, of a shape and of an edge', () => {
    const family = familyNamed('hiaml');
    const hashes = ['src1,src1,r30,src3', 'src1,src1,r30,src0', 'src1,r30,src1,src3', 'z,z,z,z', 'src0,src0,src0,src0'].map(
      (text) => structureHash(family.toCompute(family.parse(text))),
    );
    expect(new Set(hashes).size).toBe(hashes.length);
    const graph = family.toCompute(family.parse(family.example));
    const at = graph.nodes.findIndex((node) => node.op.type === 'activation');
    const changed = graph.nodes.map(
      (node, i): ComputeNode => (i === at ? { ...node, op: { type: 'activation', function: 'tanh' } } : node),
    );
    expect(structureHash({ ...graph, nodes: changed })).not.toBe(structureHash(graph));
  });

  it('keeps apart what equal networks of another space are', () => {
    const family = familyNamed('nasbench201');
    const skips = family.parse('|skip_connect~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|skip_connect~1|skip_connect~2|');
    const convs = family.parse('|nor_conv_1x1~0|+|nor_conv_1x1~0|nor_conv_1x1~1|+|nor_conv_1x1~0|nor_conv_1x1~1|nor_conv_1x1~2|');
    expect(structureHash(family.toCompute(skips))).not.toBe(structureHash(family.toCompute(convs)));
  });
});

describe('merging by history', () => {
  /** Distinct nodes after six rounds, measured on the authors' networks. */
  const measured: readonly (readonly [string, string, number, number])[] = [
    ['hiaml', 'src1,src1,r30,src3', 107, 94],
    [
      'nasbench101',
      '(0,1,1,0,0,0,1, 0,0,0,1,0,1,0, 0,0,0,0,0,1,0, 0,0,0,0,1,0,0, 0,0,0,0,0,1,0, 0,0,0,0,0,0,1, 0,0,0,0,0,0,0, 0,4,4,2,4,4,1)',
      225,
      87,
    ],
    ['nasbench201', '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|', 306, 126],
  ];
  for (const [id, text, nodes, distinct] of measured) {
    it(`leaves ${distinct} of the ${nodes} nodes of ${id}'s best network for six layers`, () => {
      const family = familyNamed(id);
      const graph = family.toCompute(family.parse(text));
      expect(graph.nodes).toHaveLength(nodes);
      expect(new Set(historyRounds(graph, 6)[5]).size).toBe(distinct);
    });
  }

  it('leaves as many nodes of NAS-Bench-101’s best network as each layer was measured to need', () => {
    const family = familyNamed('nasbench101');
    const graph = family.toCompute(family.parse(measured[1][1]));
    expect(historyRounds(graph, 6).map((classes) => new Set(classes).size)).toEqual([43, 56, 67, 73, 79, 87]);
  });

  it('loses nothing: sums over predecessors come out the same, however many layers', () => {
    for (const id of small) {
      const family = familyNamed(id);
      const graph = family.toCompute(family.sample(rng(11).fork(id)));
      const merged = mergeByHistory(graph);
      let each = Float64Array.from(merged.classOf, (c) => Math.sin(c + 1));
      let once = Float64Array.from(merged.representative, (_, c) => Math.sin(c + 1));
      for (let layer = 0; layer < 8; layer++) {
        const [a, b] = [each, once];
        each = Float64Array.from(graph.nodes, (node, i) =>
          Math.tanh(a[i] + [...new Set(node.inputs)].reduce((sum, from) => sum + a[from], 0)),
        );
        once = Float64Array.from(b, (own, c) => {
          let sum = 0;
          for (let k = merged.starts[c]; k < merged.starts[c + 1]; k++) sum += merged.times[k] * b[merged.sources[k]];
          return Math.tanh(own + sum);
        });
      }
      merged.classOf.forEach((c, i) => {
        expect(once[c]).toBeCloseTo(each[i], 10);
      });
      expect(merged.multiplicity.reduce((a, b) => a + b, 0)).toBe(graph.nodes.length);
    }
  });

  it('is done after the first time', () => {
    for (const graph of familyGraphs) {
      const merged = mergeByHistory(graph);
      const again = mergeAgain(graph, merged);
      expect(again.classOf).toEqual(Int32Array.from(merged.representative, (_, c) => c));
      expect([again.starts, again.sources, again.times]).toEqual([merged.starts, merged.sources, merged.times]);
    }
  });
});

describe('the vocabulary', () => {
  it('has 32 entries and reads labels as the released code does', () => {
    expect(cgVocabulary).toHaveLength(32);
    const read = [
      'fusedbatchnormv3',
      'conv2d',
      'addn_12',
      'relu6_3',
      'relu_1',
      'global_pool',
      'Depthwise',
      'softmax',
      'AvgPool',
      'concat',
    ];
    expect(read.map((label) => cgVocabulary[numberOfLabel(label)])).toEqual([
      ...['batchnorm', 'conv', 'add', 'relu6', 'relu', 'global', 'depthwise', '<oov>', 'avgpool', 'concat'],
    ]);
  });
});
