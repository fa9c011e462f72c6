import { readFileSync } from 'node:fs';
import type { Tensor } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { DataError, ShapeError, UnsupportedError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { readCg } from '../../src/core/ir/cg-json-read.js';
import type { ComputeGraph } from '../../src/core/ir/compute-graph.js';
import { NORMALISERS, publishedOrder } from '../../src/core/ir/compute-graph.js';
import { nodeFeatures } from '../../src/core/ir/node-features.js';
import { readTorch } from '../../src/data/import/torch-file.js';
import { TorchTensor } from '../../src/data/import/torch-tensor.js';
import { graphBatch } from '../../src/nn/graph-batch.js';
import { kGnn, kGnnShapes } from '../../src/nn/k-gnn.js';
import { embeddings, regression } from '../../src/nn/k-gnn-network.js';
import type { NamedTensors } from '../../src/nn/named-tensors.js';
import { tensorflow } from '../../src/nn/tensorflow.js';
import { describeShared, readShared, shared } from '../shared.js';

// The other backends are switched to from this one; `k-gnn-here.test.ts` takes what is chosen on this machine.
process.env.NASCOPE_BACKEND = 'wasm';

/** input -> conv 1x3 -> (+ input) -> output, four channels throughout. */
const small: ComputeGraph = {
  kind: 'compute-graph',
  name: 'small',
  normalisers: NORMALISERS,
  nodes: [
    { name: 'input', op: { type: 'input', shape: [8, 8, 4] }, inputs: [], reads: null },
    {
      name: 'conv',
      op: {
        ...{ type: 'conv2d', filters: 4, kernel: [1, 3], stride: [1, 1], dilation: [1, 1], padding: 'same' },
        ...{ groups: 1, bias: true },
      },
      inputs: [0],
      reads: null,
    },
    { name: 'add', op: { type: 'add' }, inputs: [0, 1], reads: null },
    { name: 'output', op: { type: 'output' }, inputs: [2], reads: null },
  ],
};

function randomWeights(seed: number, size = 0.3): NamedTensors {
  const source = rng(seed);
  const entries = Object.entries(kGnnShapes).map(([name, shape]) => {
    const length = shape.reduce((product, side) => product * side, 1);
    return [name, { shape, data: Float32Array.from({ length }, () => size * source.normal()) }] as const;
  });
  return Object.fromEntries(entries);
}

describeShared('the authors’ k-GNN', () => {
  const golden = JSON.parse(readShared('goldens', 'kgnn', 'forward_golden.json')) as Record<
    string,
    { readonly pred: number; readonly graph_embedding: readonly number[] }
  >;
  const files = Object.keys(golden);
  const graphs = files.map((file) => readCg(JSON.parse(readShared('goldens', 'cg', file))));
  const weights = JSON.parse(readShared('goldens', 'kgnn', 'kgnn_weights.json')) as NamedTensors;

  for (const id of ['wasm', 'cpu'] as const) {
    test(`predicts and embeds the authors’ graphs as their code does, on ${id}`, async () => {
      const tf = await tensorflow();
      await tf.setBackend(id);
      const before = tf.memory().numTensors;
      const model = await kGnn(weights);
      const predicted = model.predict(graphs);
      const embedded = model.embed(graphs);
      files.forEach((file, g) => {
        expect(Math.abs(predicted[g] - golden[file].pred), file).toBeLessThan(1e-5);
        golden[file].graph_embedding.forEach((value, i) => {
          expect(Math.abs(embedded[32 * g + i] - value), `${file}, number ${i}`).toBeLessThan(1e-5);
        });
        expect(Math.abs(model.predict([graphs[g]])[0] - golden[file].pred), `${file} alone`).toBeLessThan(1e-5);
      });
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  }

  test('its torch checkpoint holds the same weights and predicts the same', async () => {
    const repository = shared('upstream', 'Ascend-Research', 'AutoGO', 'dc5116038e35a06ad6b38d3084f2ae689cc39cc2');
    const tensors = namedTensors(readTorch(readFileSync(`${repository}/saved_models/gnn_chkpt.pt`)));
    const model = await kGnn(tensors);
    const predicted = model.predict(graphs);
    model.dispose();
    files.forEach((file, g) => {
      expect(Math.abs(predicted[g] - golden[file].pred), file).toBeLessThan(1e-5);
    });
  });

  test('node features are those of the authors’ files, node for node', () => {
    files.forEach((file, g) => {
      const { weighted_nodes, regular_nodes } = JSON.parse(readShared('goldens', 'cg', file)) as CgFile;
      const features = nodeFeatures(graphs[g]);
      const inOrder = Array.from(publishedOrder(graphs[g]), (i) => features[i]);
      const expected = [...weighted_nodes, ...regular_nodes].map((node) => ({
        op: node.op_type_idx,
        resolution: node.resolution,
        kernel: node.shape === undefined ? null : node.shape.slice(2),
        bias: node.metadata?.use_bias === true,
      }));
      expect(inOrder, file).toEqual(expected);
    });
  });
});

interface CgNode {
  readonly op_type_idx: number;
  readonly resolution: readonly number[];
  readonly shape?: readonly number[];
  readonly metadata: { readonly use_bias?: boolean } | null;
}
interface CgFile {
  readonly weighted_nodes: readonly CgNode[];
  readonly regular_nodes: readonly CgNode[];
}

/** The tensors of a state dict, wherever in the file it stands. */
function namedTensors(value: unknown): NamedTensors {
  if (!(value instanceof Map)) throw new Error('no state dict');
  const tensors = [...value].filter((entry): entry is [string, TorchTensor] => entry[1] instanceof TorchTensor);
  if (tensors.length === 0) return namedTensors([...value.values()].find((inner) => inner instanceof Map));
  return Object.fromEntries(
    tensors.map(([name, tensor]) => [name, { shape: tensor.shape, data: Float32Array.from(tensor.numbers() as Float32Array) }]),
  );
}

test('the network follows its formula on a graph worked by hand', async () => {
  const weights = randomWeights(1);
  const model = await kGnn(weights);
  expect(Math.abs(model.predict([small])[0] - byHand(weights))).toBeLessThan(1e-5);
  model.dispose();
});

/** The formulas of GENNAPE's section on the k-GNN in doubles, for `small`. */
function byHand(weights: NamedTensors): number {
  const row = (name: string, i: number): number[] => {
    const { shape, data } = weights[`embed_layer.${name}.weight`];
    return Array.from({ length: shape[1] }, (_, k) => data[i * shape[1] + k]);
  };
  const times = (name: string, x: readonly number[]): number[] => {
    const { shape, data } = weights[`${name}.weight`];
    return Array.from({ length: shape[0] }, (_, i) => x.reduce((sum, v, k) => sum + v * data[i * shape[1] + k], 0));
  };
  const linear = (name: string, x: readonly number[]): number[] =>
    times(name, x).map((v, i) => v + weights[`${name}.bias`].data[i]);
  const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((v, i) => v + b[i]);
  const shape = linear('embed_layer.shape_embed_layer', [8 / 256, 8 / 256, 8 / 256, 8 / 256, 4 / 512, 4 / 512]);
  const kernel = [...row('kernel_embed_layer', 1), ...row('kernel_embed_layer', 3)];
  const bias = linear('embed_layer.bias_embed_layer', [0, 1]);
  const conv = [...row('weighted_embed_layer', 3), ...shape, ...kernel, ...bias];
  // Numbers of input, add and output in the vocabulary.
  let h = [
    [...row('regular_embed_layer', 1), ...shape],
    conv,
    ...[9, 2].map((op) => [...row('regular_embed_layer', op), ...shape]),
  ];
  const none = new Array<number>(32).fill(0);
  for (let layer = 0; layer < 6; layer++) {
    const sums = [none, h[0], plus(h[0], h[1]), h[2]];
    const name = `encoder.gnn_layers.${layer}`;
    h = h.map((own, i) => plus(linear(`${name}.lin_l`, sums[i]), times(`${name}.lin_r`, own)).map(Math.tanh));
  }
  const mean = h[0].map((_, i) => (h[0][i] + h[1][i] + h[2][i] + h[3][i]) / 4);
  const hidden = linear('post_proj.1', linear('post_proj.0', mean)).map((v) => Math.max(0, v));
  return linear('regressor', linear('post_proj.4', linear('post_proj.3', hidden)))[0];
}

test('its gradient is that of differences, for every tensor', async () => {
  const tf = await tensorflow();
  const weights = randomWeights(2, 0.15);
  const names = Object.keys(kGnnShapes);
  const batch = graphBatch([small, { ...small, nodes: small.nodes.slice(0, 2) }]);
  const tensors = names.map((name) => tf.tensor(weights[name].data as Float32Array, [...weights[name].shape]));
  const loss = (...values: Tensor[]): Tensor => {
    const named = Object.fromEntries(names.map((name, i) => [name, values[i]]));
    return regression(tf, named, embeddings(tf, named, batch))
      .square()
      .sum();
  };
  const gradients = tf.grads(loss)(tensors);
  const h = 1e-2;
  names.forEach((name, i) => {
    // Along the gradient itself, the slope is its length.
    const length = tf.tidy(() => tf.norm(gradients[i]).dataSync()[0]);
    if (length < 1e-3) return;
    const at = (step: number): number =>
      tf.tidy(() => loss(...tensors.map((t, k) => (k === i ? t.add(gradients[i].mul(step / length)) : t))).dataSync()[0]);
    expect(Math.abs((at(h) - at(-h)) / (2 * h) - length), name).toBeLessThan(0.02 * length + 2e-3);
  });
  tf.dispose([tensors, gradients]);
});

test('weights come back as they went in', async () => {
  const weights = randomWeights(3);
  const model = await kGnn(weights);
  expect(model.weights()).toEqual(Object.fromEntries(Object.keys(kGnnShapes).map((name) => [name, weights[name]])));
  model.dispose();
});

test('what it cannot take is refused by name', async () => {
  const weights = randomWeights(4);
  const { 'regressor.bias': gone, ...rest } = weights;
  await expect(kGnn(rest)).rejects.toThrow(DataError);
  await expect(kGnn({ ...weights, 'regressor.bias': { shape: [2], data: [0, 0] } })).rejects.toThrow(/regressor\.bias/);
  await expect(kGnn({ ...weights, 'regressor.bias': { shape: [1], data: [Number.NaN] } })).rejects.toThrow(DataError);
  for (const broken of [null, { shape: [1] }, { data: [0] }]) {
    await expect(kGnn({ ...weights, 'regressor.bias': broken as never }), JSON.stringify(broken)).rejects.toThrow(DataError);
  }
  expect(gone.shape).toEqual([1]);
  const model = await kGnn(weights);
  expect(() => model.predict([{ ...small, nodes: [] }])).toThrow(ShapeError);
  const wide = small.nodes.map((node) =>
    node.op.type === 'conv2d' ? { ...node, op: { ...node.op, kernel: [11, 11] as const } } : node,
  );
  expect(() => model.predict([{ ...small, nodes: wide }])).toThrow(UnsupportedError);
  expect(model.predict([])).toHaveLength(0);
  model.dispose();
});
