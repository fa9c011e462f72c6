import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs';
import { ShapeError, UnsupportedError } from '../core/base/errors.js';
import type { ComputeGraph } from '../core/ir/compute-graph.js';
import { kernelOf } from '../core/ir/node-features.js';
import { graphBatch } from './graph-batch.js';
import { embeddings, LAYERS, regression } from './k-gnn-network.js';
import { checkedTensors, type NamedTensor, type NamedTensors } from './named-tensors.js';
import { tensorflow } from './tensorflow.js';
import type { Tf } from './tf.js';

const WIDTH = 32;
const OPS = 32;
const KERNELS = 8;

/** The network's tensors by the names and shapes (out x in) of the released checkpoint, of which it leaves some unused. */
export const kGnnShapes: Readonly<Record<string, readonly number[]>> = {
  'embed_layer.regular_embed_layer.weight': [OPS, 24],
  'embed_layer.weighted_embed_layer.weight': [OPS, 14],
  'embed_layer.kernel_embed_layer.weight': [KERNELS, 4],
  'embed_layer.shape_embed_layer.weight': [8, 6],
  'embed_layer.shape_embed_layer.bias': [8],
  'embed_layer.bias_embed_layer.weight': [2, 2],
  'embed_layer.bias_embed_layer.bias': [2],
  ...Object.fromEntries(
    Array.from({ length: LAYERS }, (_, layer) => [
      [`encoder.gnn_layers.${layer}.lin_l.weight`, [WIDTH, WIDTH]],
      [`encoder.gnn_layers.${layer}.lin_l.bias`, [WIDTH]],
      [`encoder.gnn_layers.${layer}.lin_r.weight`, [WIDTH, WIDTH]],
    ]).flat(),
  ),
  ...Object.fromEntries(
    [0, 1, 3, 4].flatMap((layer) => [
      [`post_proj.${layer}.weight`, [WIDTH, WIDTH]],
      [`post_proj.${layer}.bias`, [WIDTH]],
    ]),
  ),
  'regressor.weight': [1, WIDTH],
  'regressor.bias': [1],
};

/** A k-GNN with its weights on the tensor backend. `dispose` frees them. */
export interface KGnn {
  /** Predicted accuracy, 0..1, of each graph. */
  predict(graphs: readonly ComputeGraph[]): Float64Array;
  /** Each graph's embedding, 32 numbers, in one row-major array: the mean over its nodes after the last layer. */
  embed(graphs: readonly ComputeGraph[]): Float32Array;
  /** The weights, to be saved; `kGnn` is the inverse. */
  weights(): NamedTensors;
  dispose(): void;
}

/** Nodes that are computed at once: about 100 MB of tensors. */
const NODES_AT_ONCE = 16384;

/**
 * GENNAPE's k-GNN predictor on computation graphs: nodes embedded by operation, shapes, kernel and bias; six graph
 * convolutions along the data flow, each with tanh; the mean over nodes; a head of five linear layers with one ReLU.
 * @param weights by the released checkpoint's names: a parsed `kgnn_weights.json`, or a torch file's state dict.
 * @throws (rejects) DataError naming a tensor that is missing or of another shape. Predicting throws UnsupportedError on kernels
 *   past 7 x 7, and ShapeError on a graph without nodes or whose shapes do not fit.
 * @see Mills et al. 2023, arXiv 2211.17226; `CGRegressor` of its released code.
 */
export async function kGnn(weights: NamedTensors): Promise<KGnn> {
  const checked = checkedTensors('k-GNN weights', kGnnShapes, weights);
  const tf = await tensorflow();
  const variables = Object.fromEntries(
    Object.entries(checked).map(([name, { shape, data }]) => [
      name,
      tf.tidy(() => tf.variable(tf.tensor(Float32Array.from(data), [...shape]))),
    ]),
  );
  return model(tf, variables);
}

function model(tf: Tf, variables: Readonly<Record<string, Variable>>): KGnn {
  const inParts = (graphs: readonly ComputeGraph[], width: number, of: (embedding: Tensor2D) => Tensor): Float32Array => {
    const out = new Float32Array(graphs.length * width);
    let done = 0;
    for (const part of parts(graphs)) {
      out.set(
        tf.tidy(() => of(embeddings(tf, variables, graphBatch(part))).dataSync()),
        done * width,
      );
      done += part.length;
    }
    return out;
  };
  return {
    predict: (graphs) => Float64Array.from(inParts(graphs, 1, (embedding) => regression(tf, variables, embedding))),
    embed: (graphs) => inParts(graphs, WIDTH, (embedding) => embedding),
    weights: () =>
      Object.fromEntries(
        Object.entries(variables).map(([name, variable]): [string, NamedTensor] => [
          name,
          { shape: variable.shape, data: variable.dataSync() },
        ]),
      ),
    dispose: () => tf.dispose(Object.values(variables)),
  };
}

/** Neighbouring graphs of up to `NODES_AT_ONCE` nodes together. @throws ShapeError on a graph without nodes. */
function parts(graphs: readonly ComputeGraph[]): ComputeGraph[][] {
  const out: ComputeGraph[][] = [];
  let nodes = Number.POSITIVE_INFINITY;
  graphs.forEach((graph, i) => {
    const size = graph.nodes.length;
    checkKernels(graph, i);
    if (size === 0) throw new ShapeError({ argument: `kGnn: graphs[${i}]`, expected: 'at least one node', got: 'none' });
    if (nodes + size > NODES_AT_ONCE) {
      out.push([]);
      nodes = 0;
    }
    out[out.length - 1].push(graph);
    nodes += size;
  });
  return out;
}

/** @throws UnsupportedError on a kernel that the tables do not have. */
function checkKernels(graph: ComputeGraph, i: number): void {
  for (const { name, op } of graph.nodes) {
    const side = Math.max(...(kernelOf(op) ?? [0]));
    if (side < KERNELS) continue;
    throw new UnsupportedError(
      `kGnn: a kernel of side ${side} (graphs[${i}], node ${name})`,
      `The published network knows kernels up to ${KERNELS - 1}.`,
    );
  }
}
