import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { gzipSync, zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { LabError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { writeCg } from '../../../src/core/ir/cg-json.js';
import { ComputeBuilder } from '../../../src/core/ir/compute-builder.js';
import type { ComputeGraph } from '../../../src/core/ir/compute-graph.js';
import { cost } from '../../../src/core/ir/cost.js';
import { graphStats } from '../../../src/core/ir/graph-stats.js';
import { inferShapes } from '../../../src/core/ir/shapes.js';
import { structureHash } from '../../../src/core/ir/structure-hash.js';
import { graphFamilies } from '../../../src/core/spaces/families/index.js';
import { importBytes, importModel } from '../../../src/data/import/import-model.js';
import { toOnnx } from '../../../src/data/import/to-onnx.js';
import { WireReader } from '../../../src/data/import/wire-reader.js';
import { WireWriter } from '../../../src/data/import/wire-writer.js';

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const read = (bytes: Uint8Array): ReturnType<typeof importBytes> => importBytes(bytes, { name: 'test' });

describe('a computation graph written to ONNX', () => {
  const written = [
    graphFamilies.nasbench201,
    graphFamilies['ofa-pn'],
    graphFamilies['ofa-resnet'],
    graphFamilies.hiaml,
    graphFamilies.inception,
    graphFamilies['two-path'],
  ];
  test.each(
    written.map((family) => [family.id, family.toCompute(family.sample(rng(3)) as never)] as const),
  )('comes back as it was: %s', (_, graph: ComputeGraph) => {
    const model = read(toOnnx(graph));
    expect(structureHash(model.graph)).toBe(structureHash(graph));
    expect(model).toMatchObject({ coverage: 1, parameters: cost(graph).params, buffers: cost(graph).buffers });
    expect(model.nodes).toBe(graph.nodes.length - 2);
  });

  test('of ten thousand nodes is read and costed', () => {
    const builder = new ComputeBuilder();
    let last = builder.add({ type: 'input', shape: [8, 8, 4] }, [], 'input');
    while (builder.shape(last) !== undefined && last < 9996) {
      const conv = {
        type: 'conv2d',
        filters: 4,
        kernel: [3, 3],
        stride: [1, 1],
        dilation: [1, 1],
        groups: 1,
        bias: true,
      } as const;
      const branch = builder.add({ ...conv, padding: 'same' }, [last], 'conv');
      last = builder.add({ type: 'add' }, [builder.add({ type: 'activation', function: 'relu' }, [branch], 'relu'), last], 'add');
    }
    builder.add({ type: 'output' }, [last], 'output');
    const graph = builder.graph('large');
    const model = read(toOnnx(graph));
    expect(graph.nodes.length).toBeGreaterThan(9990);
    expect(structureHash(model.graph)).toBe(structureHash(graph));
    expect(graphStats(model.graph).params).toBe(((graph.nodes.length - 2) / 3) * (4 * 4 * 9 + 4));
  });
});

/** An ONNX file of a few nodes: `[op, inputs, outputs, ints by attribute]`; constants hold whole numbers. */
function onnx(
  nodes: readonly (readonly [
    op: string,
    inputs: string[],
    outputs: string[],
    attributes?: Record<string, number[]>,
    domain?: string,
  ])[],
  input: readonly number[],
  constants: Readonly<Record<string, readonly number[]>> = {},
): Uint8Array {
  const graph = new WireWriter();
  for (const [op, inputs, outputs, attributes = {}, domain = ''] of nodes) {
    const node = new WireWriter();
    for (const name of inputs) node.text(1, name);
    for (const name of outputs) node.text(2, name);
    node.text(4, op).text(7, domain);
    for (const [name, ints] of Object.entries(attributes)) {
      const attribute = new WireWriter().text(1, name);
      if (ints.length === 1) attribute.int(3, ints[0]).int(20, 2);
      else for (const value of ints) attribute.int(8, value);
      if (name === 'body') attribute.message(6, new WireWriter());
      node.message(5, attribute);
    }
    graph.message(1, node);
  }
  for (const [name, values] of Object.entries(constants)) {
    const tensor = new WireWriter().int(1, values.length).int(2, 7).text(8, name);
    for (const value of values) tensor.int(7, value);
    graph.message(5, tensor);
  }
  const shape = new WireWriter();
  for (const extent of input) shape.message(1, new WireWriter().int(1, extent));
  const type = new WireWriter().message(1, new WireWriter().int(1, 1).message(2, shape));
  const last = nodes[nodes.length - 1][2][0];
  graph.message(11, new WireWriter().text(1, 'x').message(2, type)).message(12, new WireWriter().text(1, last));
  const opset = new WireWriter().text(1, '').int(2, 17);
  return new WireWriter().int(1, 8).message(7, graph).message(8, opset).finish();
}

describe('an ONNX file', () => {
  test('whose shapes are computed inside has them folded', () => {
    // A usual way to flatten: the batch from the shape, -1 for the rest.
    const model = read(
      onnx(
        [
          ['Shape', ['x'], ['s']],
          ['Slice', ['s', 'zeros', 'ones'], ['n']],
          ['Concat', ['n', 'rest'], ['target'], { axis: [0] }],
          ['Reshape', ['x', 'target'], ['y']],
        ],
        [2, 3, 4, 5],
        { zeros: [0], ones: [1], rest: [-1] },
      ),
    );
    expect(model.outputs).toEqual([{ name: 'y', shape: [2, 60] }]);
    expect(model.graph.nodes.map(({ op }) => op.type)).toEqual(['input', 'reshape', 'output']);
    expect(model.warnings).toEqual([]);
  });

  test('with an operation of another domain keeps it as one opaque node and says so', () => {
    const model = read(onnx([['Fancy', ['x'], ['y'], {}, 'com.example']], [1, 3, 4, 4]));
    expect(model.graph.nodes[1]).toMatchObject({ op: { type: 'opaque', label: 'com.example:Fancy', shape: [4, 4, 3] } });
    expect(model.warnings.map(({ code }) => code)).toEqual(['custom-domain', 'assumed-shape']);
    expect(model.coverage).toBe(0);
  });

  test('with a loop keeps it as one node, its body unread, and says so', () => {
    const model = read(onnx([['Loop', ['', '', 'x'], ['y'], { body: [0] }]], [1, 3, 4, 4]));
    expect(model.warnings[0]).toMatchObject({ code: 'subgraph', subject: 'Loop', times: 1 });
    expect(model.graph.nodes).toHaveLength(3);
  });

  test('with an operation nobody knows counts the nodes that are known', () => {
    const model = read(
      onnx(
        [
          ['Relu', ['x'], ['a']],
          ['Frobnicate', ['a'], ['b']],
          ['Relu', ['b'], ['c']],
        ],
        [1, 3, 4, 4],
      ),
    );
    expect(model.coverage).toBeCloseTo(2 / 3, 12);
    expect(model.warnings[0]).toMatchObject({ code: 'unknown-op', subject: 'Frobnicate' });
  });

  test('whose nodes stand in no order, or in a circle, is read all the same', () => {
    const order = read(
      onnx(
        [
          ['Relu', ['a'], ['b']],
          ['Sigmoid', ['x'], ['a']],
          ['Tanh', ['b'], ['c']],
        ],
        [1, 3, 4, 4],
      ),
    );
    expect(order.graph.nodes.map(({ op }) => (op.type === 'activation' ? op.function : op.type))).toEqual([
      'input',
      'sigmoid',
      'relu',
      'tanh',
      'output',
    ]);
    const circle = read(
      onnx(
        [
          ['Add', ['x', 'b'], ['a']],
          ['Relu', ['a'], ['b']],
        ],
        [1, 3, 4, 4],
      ),
    );
    expect(circle.warnings.map(({ code }) => code)).toContain('subgraph');
  });

  test('with heads of a transformer multiplies along the last two axes', () => {
    const model = read(
      onnx(
        [
          ['Reshape', ['x', 'heads'], ['h']],
          ['Transpose', ['h'], ['q'], { perm: [0, 2, 1, 3] }],
          ['Transpose', ['h'], ['k'], { perm: [0, 2, 3, 1] }],
          ['MatMul', ['q', 'k'], ['scores']],
          ['Softmax', ['scores'], ['y']],
        ],
        [1, 6, 8],
        { heads: [1, 6, 2, 4] },
      ),
    );
    const product = model.graph.nodes.findIndex(({ op }) => op.type === 'matmul');
    expect(inferShapes(model.graph).out[product]).toEqual([2, 6, 6]);
    expect(cost(model.graph).macs).toBe(2 * 6 * 6 * 4);
    expect(model.coverage).toBe(1);
  });

  test('of old and new pooling rounds up where it says so', () => {
    const model = read(
      onnx([['MaxPool', ['x'], ['y'], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: [1] }]], [1, 3, 112, 112]),
    );
    // PyTorch's MaxPool2d(3, 2, ceil_mode=True) on 112: 56, as in SqueezeNet and GoogLeNet.
    expect(model.outputs[0].shape).toEqual([1, 3, 56, 56]);
  });
});

describe('importModel', () => {
  const graph = graphFamilies.hiaml.toCompute(graphFamilies.hiaml.parse('z,z,z,z'));

  test('finds out by itself what a file is, in archives too', () => {
    const bytes = toOnnx(graph);
    const hash = structureHash(graph);
    expect(structureHash(read(gzipSync(bytes)).graph)).toBe(hash);
    expect(structureHash(read(zipSync({ 'readme.txt': json(1), 'net.onnx': bytes })).graph)).toBe(hash);
    expect(structureHash(read(json(writeCg(graph))).graph)).toBe(hash);
  });

  test('refuses what holds no graph, and says what to do', async () => {
    const torch = zipSync({ 'archive/data.pkl': Uint8Array.of(0x80, 2) });
    expect(() => read(torch)).toThrow(/torch file.*ONNX/s);
    expect(() => read(new Uint8Array(Buffer.from('\x80\x04cos\nsystem\n\x8c\x0btouch owned\x85R.', 'latin1')))).toThrow(
      /pickle.*ONNX/s,
    );
    expect(() => read(new TextEncoder().encode('hello, this is no network'))).toThrow(/expected an ONNX file.*a text/s);
    expect(() => read(json({ hello: 1 }))).toThrow(/expected an ONNX file.*JSON with hello/s);
    expect(() => read(new Uint8Array(0))).toThrow(/empty file/);
    await expect(importModel('/nowhere/net.onnx')).rejects.toThrow(/a file that can be read \(there is none\)/);
    const fromHere = await importModel('no-such-net.onnx').catch((error: Error) => error.message);
    expect(fromHere).toContain(`(there is none, seen from ${process.cwd()})`);
    await expect(importModel(tmpdir())).rejects.toThrow(/this is a folder/);
  });
});

describe('a graph-model', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nascope-tfjs-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const node = (name: string, op: string, input: string[] = [], attr: object = {}): object => ({ name, op, input, attr });
  const model = {
    modelTopology: {
      node: [
        node('x', 'Placeholder', [], {
          shape: { shape: { dim: [{ size: '-1' }, { size: '8' }, { size: '8' }, { size: '3' }] } },
        }),
        node('margins', 'Const'),
        node('axis', 'Const'),
        node('padded', 'Pad', ['x', 'margins']),
        node('both', 'ConcatV2', ['padded', 'padded', 'axis']),
      ],
    },
    weightsManifest: [
      {
        paths: ['shard1', 'shard2'],
        weights: [
          { name: 'other', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', original_dtype: 'float32' } },
          { name: 'margins', shape: [4, 2], dtype: 'int32' },
          { name: 'axis', shape: [], dtype: 'int32' },
        ],
      },
    ],
  };

  test('reads axes and paddings from weight files that lie beside it, across their borders; deduces them without', async () => {
    const path = join(folder, 'model.json');
    writeFileSync(path, JSON.stringify(model));
    const deduced = await importModel(path);
    expect(deduced.outputs[0].shape).toEqual([1, 8, 8, 6]);
    expect(deduced.warnings.map(({ code }) => code)).toContain('assumed-shape');
    const bytes = new Uint8Array(3 + 4 * 9);
    const view = new DataView(bytes.buffer);
    [0, 0, 1, 2, 3, 4, 0, 0, 1].forEach((value, i) => {
      view.setInt32(3 + 4 * i, value, true);
    });
    writeFileSync(join(folder, 'shard1'), bytes.subarray(0, 13));
    writeFileSync(join(folder, 'shard2'), bytes.subarray(13));
    const told = await importModel(path);
    expect(told.outputs[0].shape).toEqual([1, 2 * (8 + 1 + 2), 8 + 3 + 4, 3]);
    expect(told.warnings).toEqual([]);
    expect(told.graph.nodes[1].op).toEqual({ type: 'pad', margins: [1, 2, 3, 4] });
  });
});

describe('a layers-model', () => {
  const layer = (class_name: string, config: object, inbound: unknown[] = []): object => ({
    class_name,
    name: (config as { name: string }).name,
    config,
    inbound_nodes: inbound.length === 0 ? [] : [inbound.map((name) => [name, 0, 0, {}])],
  });
  const conv = { filters: 8, kernel_size: [3, 3], strides: [1, 1], padding: 'same', activation: 'relu', use_bias: true };

  test('of the functional kind, with a model inside, is one graph', () => {
    const inner = {
      class_name: 'Sequential',
      name: 'inner',
      config: { name: 'inner', layers: [layer('Conv2D', { name: 'c2', ...conv, batch_input_shape: [null, 16, 16, 8] })] },
      inbound_nodes: [[['c1', 0, 0, {}]]],
    };
    const model = read(
      json({
        modelTopology: {
          class_name: 'Model',
          config: {
            name: 'm',
            layers: [
              layer('InputLayer', { name: 'in', batch_input_shape: [null, 16, 16, 3] }),
              layer('Conv2D', { name: 'c1', ...conv }, ['in']),
              inner,
              layer('Add', { name: 'sum' }, ['c1', 'inner']),
              layer('GlobalAveragePooling2D', { name: 'gap' }, ['sum']),
              layer('Dense', { name: 'fc', units: 10, activation: 'softmax' }, ['gap']),
            ],
            input_layers: [['in', 0, 0]],
            output_layers: [['fc', 0, 0]],
          },
        },
      }),
    );
    expect(model.outputs).toEqual([{ name: 'fc', shape: [1, 10] }]);
    expect(model.parameters).toBe(8 * 3 * 9 + 8 + (8 * 8 * 9 + 8) + 80 + 10);
    expect(model.graph.nodes.map(({ op }) => op.type)).toEqual([
      ...['input', 'conv2d', 'activation', 'conv2d', 'activation', 'add', 'mean', 'dense', 'opaque', 'output'],
    ]);
    expect(model.coverage).toBe(1);
  });

  test('with a layer nobody knows says so', () => {
    const model = read(
      json({
        modelTopology: {
          class_name: 'Sequential',
          config: {
            layers: [layer('Wonder', { name: 'w', batch_input_shape: [null, 4] }), layer('Dense', { name: 'd', units: 2 })],
          },
        },
      }),
    );
    expect(model.warnings[0]).toMatchObject({ code: 'unknown-op', subject: 'Wonder' });
    expect(model.outputs[0].shape).toEqual([1, 2]);
  });
});

describe('a frozen TensorFlow graph', () => {
  test('is read from its wire format with the rules of graph-models', () => {
    const attribute = (key: string, value: WireWriter): WireWriter => new WireWriter().text(1, key).message(2, value);
    const shape = (extents: readonly number[]): WireWriter => {
      const writer = new WireWriter();
      for (const extent of extents) writer.message(2, new WireWriter().int(1, extent));
      return writer;
    };
    const node = (name: string, op: string, inputs: readonly string[], attributes: readonly WireWriter[] = []): WireWriter => {
      const writer = new WireWriter().text(1, name).text(2, op);
      for (const input of inputs) writer.text(3, input);
      for (const each of attributes) writer.message(5, each);
      return writer;
    };
    const constant = (name: string, extents: readonly number[], ints: readonly number[] = []): WireWriter => {
      const tensor = new WireWriter().int(1, ints.length > 0 ? 3 : 1).message(2, shape(extents));
      for (const value of ints) tensor.int(7, value);
      return node(name, 'Const', [], [attribute('value', new WireWriter().message(8, tensor))]);
    };
    const four = (values: readonly number[]): WireWriter => {
      const list = new WireWriter();
      for (const value of values) list.int(3, value);
      return new WireWriter().message(1, list);
    };
    const file = new WireWriter();
    for (const each of [
      node('logits', 'MatMul', ['flat', 'fc']),
      node('x', 'Placeholder', [], [attribute('shape', new WireWriter().message(7, shape([-1, 8, 8, 3])))]),
      constant('w', [3, 3, 3, 16]),
      constant('b', [16]),
      constant('axes', [2], [1, 2]),
      constant('fc', [16, 10]),
      node(
        'conv',
        'Conv2D',
        ['x', 'w'],
        [attribute('strides', four([1, 2, 2, 1])), attribute('padding', new WireWriter().text(2, 'SAME'))],
      ),
      node('biased', 'BiasAdd', ['conv', 'b']),
      node('relu', 'Relu6', ['biased', '^w']),
      node('flat', 'Mean', ['relu:0', 'axes']),
    ]) {
      file.message(1, each);
    }
    const model = read(file.finish());
    expect(model.format).toBe('tf-graphdef');
    expect(model.graph.nodes.map(({ op }) => op.type)).toEqual(['input', 'conv2d', 'activation', 'mean', 'dense', 'output']);
    expect(model.graph.nodes[1].op).toMatchObject({ bias: true, stride: [2, 2], padding: 'same' });
    expect(model).toMatchObject({ nodes: 10, parameters: 432 + 16 + 160, coverage: 1, warnings: [] });
    expect(cost(model.graph).params).toBe(432 + 16 + 160);
  });
});

describe('the wire format', () => {
  test('keeps whole numbers, floats and texts', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.float({ noNaN: true }),
        fc.string(),
        fc.integer({ min: 1, max: 1000 }),
        (whole, float, text, field) => {
          const inner = new WireWriter().int(field, whole).float(field, float).text(field, text).finish();
          const reader = new WireReader(new WireWriter().bytes(5, inner).finish(), 'test');
          expect(reader.next() && reader.field).toBe(5);
          const message = reader.message();
          expect(message.next() && message.int()).toBe(whole);
          expect(message.next() && message.float()).toBe(float);
          expect(message.next() && message.text()).toBe(new TextDecoder().decode(new TextEncoder().encode(text)));
          expect([message.next(), reader.next()]).toEqual([false, false]);
        },
      ),
    );
  });

  test('damaged in any way gives a named error or a result', () => {
    const base = [
      toOnnx(graphFamilies.nasbench201.toCompute(graphFamilies.nasbench201.sample(rng(1)) as never)),
      json({
        modelTopology: {
          node: [
            { name: 'x', op: 'Placeholder', attr: {} },
            { name: 'y', op: 'Relu', input: ['x'] },
          ],
        },
      }),
      json({ modelTopology: { class_name: 'Sequential', config: { layers: [{ class_name: 'Dense', config: { units: 3 } }] } } }),
    ];
    const random = rng(5).fork('damage');
    let [named, read1] = [0, 0];
    for (let i = 0; i < 400; i++) {
      const bytes = Uint8Array.from(base[i % base.length]);
      for (let k = 1 + random.int(8); k > 0; k--) bytes[random.int(bytes.length)] = random.int(256);
      const cut = bytes.subarray(0, random.int(3) === 0 ? random.int(bytes.length) : bytes.length);
      try {
        const model = read(cut);
        expect(model.coverage).toBeGreaterThanOrEqual(0);
        writeCg(model.graph);
        read1++;
      } catch (error) {
        expect(error).toBeInstanceOf(LabError);
        named++;
      }
    }
    expect(named).toBeGreaterThan(0);
    expect(read1).toBeGreaterThan(0);
  });
});

test('operations of one file each, with every output that they declare: as the onnx package states them', () => {
  // Declared outputs of onnx 1.23.2's own node tests: layer_normalization_3d_axis1, split_variable_parts_1d.
  const norm = read(
    onnx(
      [
        ['LayerNormalization', ['x', 'scale'], ['y', 'mean', 'deviation'], { axis: [1] }],
        ['Relu', ['mean'], ['z']],
      ],
      [2, 3, 5],
      { scale: [1] },
    ),
  );
  expect(norm.outputs[0].shape).toEqual([2, 1, 1]);
  const parts = read(
    onnx(
      [
        ['Split', ['x', 'sizes'], ['a', 'b'], { axis: [0] }],
        ['Relu', ['b'], ['z']],
      ],
      [6],
      { sizes: [2, 4] },
    ),
  );
  expect(parts.outputs[0].shape).toEqual([4]);
});
