import { type ComputeGraph, computeEdges, NORMALISERS } from '../core/ir/compute-graph.js';
import { nodeFeatures } from '../core/ir/node-features.js';

/**
 * Graphs side by side, as one graph without edges between them: what a graph network takes, in plain arrays. Nodes with
 * weights of all graphs stand first, then the others.
 */
export interface GraphBatch {
  readonly graphCount: number;
  readonly nodeCount: number;
  readonly weightedCount: number;
  /** Of each node: its number in `cgVocabulary`. */
  readonly op: Int32Array;
  /** Of each node, six numbers: heights, widths and channels in and out, over those of the published families. */
  readonly shape: Float32Array;
  /** Of each node with weights: its kernel's height and width. */
  readonly kernelHeight: Int32Array;
  readonly kernelWidth: Int32Array;
  /** Of each node with weights: 1, 0 without a bias, 0, 1 with one. */
  readonly bias: Float32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Of each node: its graph. */
  readonly graph: Int32Array;
  /** Of each graph: one over its nodes. */
  readonly inverseSize: Float32Array;
}

/**
 * Lays graphs side by side. @throws ShapeError where a graph's shapes do not fit. Takes O(nodes + edges).
 * @see `get_gnn_features` of the released GENNAPE code.
 */
export function graphBatch(graphs: readonly ComputeGraph[]): GraphBatch {
  const features = graphs.map(nodeFeatures);
  const nodeCount = features.reduce((sum, nodes) => sum + nodes.length, 0);
  const weightedCount = features.reduce((sum, nodes) => sum + nodes.filter((node) => node.kernel !== null).length, 0);
  const batch = {
    graphCount: graphs.length,
    nodeCount,
    weightedCount,
    op: new Int32Array(nodeCount),
    shape: new Float32Array(6 * nodeCount),
    kernelHeight: new Int32Array(weightedCount),
    kernelWidth: new Int32Array(weightedCount),
    bias: new Float32Array(2 * weightedCount),
    graph: new Int32Array(nodeCount),
    inverseSize: Float32Array.from(graphs, (graph) => 1 / graph.nodes.length),
  };
  const from: number[] = [];
  const to: number[] = [];
  // What the network was trained with, whatever the graph's own file says.
  const { channels, height, width } = NORMALISERS;
  const over = [height, height, width, width, channels, channels];
  let nextWeighted = 0;
  let nextPlain = weightedCount;
  graphs.forEach((graph, g) => {
    const place = features[g].map((node) => {
      const at = node.kernel === null ? nextPlain++ : nextWeighted++;
      batch.op[at] = node.op;
      batch.graph[at] = g;
      for (let i = 0; i < 6; i++) batch.shape[6 * at + i] = node.resolution[i] / over[i];
      if (node.kernel !== null) {
        batch.kernelHeight[at] = node.kernel[0];
        batch.kernelWidth[at] = node.kernel[1];
        batch.bias[2 * at + (node.bias ? 1 : 0)] = 1;
      }
      return at;
    });
    for (const [source, target] of computeEdges(graph)) {
      from.push(place[source]);
      to.push(place[target]);
    }
  });
  return { ...batch, from: Int32Array.from(from), to: Int32Array.from(to) };
}
