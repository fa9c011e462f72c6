import type { ComputeGraph } from '../../core/ir/compute-graph.js';
import type { Network } from '../engine/network.js';
import { log } from '../exact-math.js';

/** How far the second input is from the first. */
const CHANGE = 1e-2;

/**
 * ln of the mean over the batch of Σ |f(x) − f(x + 0.01 x′)|, f the picture before its mean is taken, plus for every batch norm
 * ln √(mean of its running variance) after both passes. For weights N(0, 1) and Gaussian x, x′.
 * @param network keeps all activations; its running variances are 1.
 * @see Zen-NAS, Lin et al. 2021, arXiv 2102.01063; NASLib, pruners/measures/zen.py.
 */
export function zen(network: Network, graph: ComputeGraph, x: Float32Array, change: Float32Array): number {
  network.forward(x, 'train');
  const node = featureNode(graph, network);
  const before = (network.activation(node) as Float32Array).slice();
  network.forward(
    x.map((value, i) => value + CHANGE * change[i]),
    'train',
  );
  const after = network.activation(node) as Float32Array;
  let apart = 0;
  for (let i = 0; i < before.length; i++) apart += Math.abs(before[i] - after[i]);
  let scale = 0;
  for (const { variance } of network.statistics) {
    scale += log(variance.reduce((sum, value) => sum + value, 0) / variance.length) / 2;
  }
  return log(apart / network.batch) + scale;
}

/** What the last mean over a picture that reaches the output is taken of; the output where there is none. */
function featureNode(graph: ComputeGraph, network: Network): number {
  const means = graph.nodes.filter(
    ({ op }, i) => (op.type === 'mean' || op.type === 'global-pool') && network.activation(i) !== null,
  );
  const output = graph.nodes.find(({ op }) => op.type === 'output');
  return (means.at(-1) ?? output)?.inputs[0] as number;
}
