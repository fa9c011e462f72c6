import type { Rng } from '../../core/base/rng.js';
import type { ComputeGraph } from '../../core/ir/compute-graph.js';
import { compileNetwork } from '../engine/compile.js';
import type { Init } from '../engine/network.js';
import { plainMemory } from '../engine/plain-memory.js';
import { log } from '../exact-math.js';
import { layersOf } from './layers.js';

/**
 * ln Σ |w · ∂R/∂w|, R the sum of all outputs for one picture of ones, without batch norm and with all weights positive. In
 * float64, on the plain kernels: the sum leaves float32 behind in networks of some depth.
 * @see SynFlow, Tanaka et al. 2020, arXiv 2006.05467; NASLib, pruners/measures/synflow.py. The tables of
 * NAS-Bench-Suite-Zero hold the logarithm too.
 */
export function synflow(graph: ComputeGraph, init: Init, rng: Rng): number {
  const options = { batch: 1, batchnorm: 'bypass', rng } as const;
  const sized = compileNetwork(graph, { ...options, init: () => {} });
  const { bytes } = sized;
  sized.release();
  const positive: Init = (parameter, own) => {
    init(parameter, own);
    for (let i = 0; i < parameter.value.length; i++) parameter.value[i] = Math.abs(parameter.value[i]);
  };
  const network = compileNetwork(graph, { ...options, init: positive }, plainMemory('float64', bytes / 4 + SPARE));
  network.forward(new Float32Array(network.inputShape.reduce((a, b) => a * b)).fill(1), 'train');
  network.backward(new Float32Array(network.outputShape.reduce((a, b) => a * b)).fill(1));
  let flow = 0;
  for (const { value, gradient } of layersOf(network)) {
    for (let i = 0; i < value.length; i++) flow += Math.abs(value[i] * gradient[i]);
  }
  network.release();
  return log(flow);
}

/** Numbers that the two memories may differ by. */
const SPARE = 1024;
