import { ParseError, ShapeError } from '../../core/base/errors.js';
import { nearest } from '../../core/base/nearest.js';
import { nextTurn, type WorkOptions } from '../../core/base/progress.js';
import { checkRng, type Rng } from '../../core/base/rng.js';
import type { ComputeGraph } from '../../core/ir/compute-graph.js';
import { cost } from '../../core/ir/cost.js';
import { inferShapes } from '../../core/ir/shapes.js';
import { PROXIES, ZERO_COST_PROXIES, type ZeroCostProxy } from '../../data/engine-proxies.js';
import { compileNetwork } from '../engine/compile.js';
import type { Init, Network, Parameter } from '../engine/network.js';
import { fillGaussian } from '../exact-math.js';
import { channelEntropy, leastGrowth, trainability } from './az-nas.js';
import { blocksOf } from './blocks.js';
import { suiteFlops } from './cost.js';
import { fanInInit, torchInit, zenInit } from './first-weights.js';
import { fisher } from './fisher.js';
import { FrozenRelus } from './frozen-relus.js';
import { grasp } from './grasp.js';
import { epeNas, jacov, rowCorrelations } from './input-jacobian.js';
import { layersOf } from './layers.js';
import { ReluPatterns } from './relu-patterns.js';
import { synflow } from './synflow.js';
import { gradNorm, l2Norm, plain, snip } from './weight-sums.js';
import { zen } from './zen.js';
import { zico } from './zico.js';

export interface ProxyOptions extends WorkOptions {
  /** Of pictures, labels and weights. */
  readonly rng: Rng;
  /** Pictures in a batch. Default 64. */
  readonly batch?: number;
  /** Default: all. */
  readonly which?: readonly ZeroCostProxy[];
  /** `batch` x the input's numbers, or twice as many: ZiCo takes a second batch. What is not given is N(0, 1). */
  readonly images?: Float32Array;
  /** A class for each picture of one batch or of both. What is not given is drawn uniformly. */
  readonly labels?: Int32Array;
}

/** Where a proxy is not a finite number (no ReLU to look at, gradients that vanish) it has no value. */
export type ProxyValue =
  | { readonly value: number; readonly status: 'ok' }
  | { readonly value: null; readonly status: 'non-finite' };

export type ProxyValues = Readonly<Partial<Record<ZeroCostProxy, ProxyValue>>>;

/**
 * Zero-cost proxies of an untrained network that names classes. Those that can share a pass do; each depends on the graph,
 * the batch and the generator alone, not on which others are asked for.
 *
 * Weights as PyTorch draws them, batch norm with the batch's own statistics, cross entropy; for `zen` weights and pictures
 * N(0, 1), for AZ-NAS's weights N(0, 2 / fan in) and pictures N(0, 1). Costs about seven forward and backward passes of the
 * batch, and memory for all activations and gradients: 2 GB for NAS-Bench-201's largest network and 64 pictures.
 * @throws ParseError naming a proxy that is none. @throws ShapeError when the network has no class scores or pictures and
 * labels do not fit. @throws UnsupportedError naming what the engine does not train. @throws the signal's reason, between
 * passes.
 */
export async function proxies(graph: ComputeGraph, options: ProxyOptions): Promise<ProxyValues> {
  checkRng('proxies', options.rng);
  const wanted = options.which ?? ZERO_COST_PROXIES;
  for (const name of wanted) checkName(name);
  const found = await measure(graph, new Set(wanted), options);
  return Object.fromEntries(wanted.map((name) => [name, proxyValue(found[name])]));
}

function checkName(name: string): void {
  if (Object.hasOwn(PROXIES, name)) return;
  const meant = nearest(String(name), ZERO_COST_PROXIES);
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  const expected = `some of ${ZERO_COST_PROXIES.join(', ')}${hint}`;
  throw new ParseError({ what: 'zero-cost proxy', text: String(name), at: 0, expected });
}

function proxyValue(value: number | undefined): ProxyValue {
  return value !== undefined && Number.isFinite(value) ? { value, status: 'ok' } : { value: null, status: 'non-finite' };
}

type Found = Partial<Record<ZeroCostProxy, number>>;

async function measure(graph: ComputeGraph, wanted: ReadonlySet<ZeroCostProxy>, options: ProxyOptions): Promise<Found> {
  const any = (...names: ZeroCostProxy[]): boolean => names.some((name) => wanted.has(name));
  const found: Found = {};
  if (any('params', 'complexity')) {
    const { params, macs } = cost(graph);
    Object.assign(found, { params: params / 1e6, complexity: macs / 1e6 });
  }
  if (wanted.has('flops')) found.flops = suiteFlops(graph) / 1e6;

  const batch = checked(graph, options);
  const { rng, signal, onProgress } = options;
  const parts: [label: string, names: ZeroCostProxy[], run: (network: Network, memory: FrozenRelus) => void][] = [
    [
      'gradients',
      ['l2_norm', 'grad_norm', 'plain', 'snip', 'fisher', 'grasp', 'zico', 'nwot', 'swap', 'jacov', 'epe_nas'],
      ofLoss,
    ],
    ['zen', ['zen'], ofZen],
    ['blocks', ['expressivity', 'progressivity', 'trainability'], ofBlocks],
  ];
  const todo = parts.filter(([, names]) => any(...names));
  const total = todo.length + (wanted.has('synflow') ? 1 : 0);
  let done = 0;
  const next = async (label: string): Promise<void> => {
    signal?.throwIfAborted();
    onProgress?.({ done: done++, total, label });
    if (signal !== undefined || onProgress !== undefined) await nextTurn();
    signal?.throwIfAborted();
  };
  if (todo.length > 0) {
    const inputGradient = any('jacov', 'epe_nas');
    const memory = new FrozenRelus();
    const network = compileNetwork(graph, { batch: batch.size, rng, init: () => {}, keep: 'all', inputGradient }, memory);
    try {
      for (const [label, , run] of todo) {
        await next(label);
        run(network, memory);
      }
    } finally {
      network.release();
    }
  }
  if (wanted.has('synflow')) {
    await next('synflow');
    found.synflow = synflow(graph, torchInit, rng.fork('weights'));
  }
  onProgress?.({ done: total, total });
  return found;

  function ofLoss(network: Network, memory: FrozenRelus): void {
    start(network, torchInit, rng.fork('weights'));
    const layers = layersOf(network);
    found.l2_norm = l2Norm(layers);
    if (!any('grad_norm', 'plain', 'snip', 'fisher', 'grasp', 'zico', 'nwot', 'swap', 'jacov', 'epe_nas')) return;
    network.forward(batch.images, 'train');
    if (any('nwot', 'swap')) {
      const patterns = patternsOf(graph, network);
      found.nwot = patterns.nwot();
      if (wanted.has('swap')) found.swap = patterns.swap();
    }
    if (network.inputGradient !== null) {
      network.backward(new Float32Array(batch.size * batch.classes).fill(1));
      const correlations = rowCorrelations(network.inputGradient, batch.size);
      found.jacov = jacov(correlations, batch.size);
      found.epe_nas = epeNas(correlations, batch.labels, batch.classes);
    }
    if (!any('grad_norm', 'plain', 'snip', 'fisher', 'grasp', 'zico')) return;
    network.loss('cross-entropy', batch.labels, 1 / batch.size);
    network.backward();
    found.grad_norm = gradNorm(layers);
    found.plain = plain(layers);
    found.snip = snip(layers);
    if (wanted.has('fisher')) found.fisher = fisher(network, layers);
    const first = wanted.has('zico') ? layers.map(({ gradient }) => gradient.slice()) : [];
    if (wanted.has('grasp')) {
      memory.hold(() => {
        found.grasp = grasp(layers, () => descend(network, batch.images, batch.labels));
      });
    }
    if (wanted.has('zico')) {
      descend(network, batch.further, batch.furtherLabels);
      found.zico = zico([first, layers.map(({ gradient }) => gradient)]);
    }
  }

  function ofZen(network: Network): void {
    start(network, zenInit, rng.fork('zen weights'));
    const x = gaussianLike(batch.images, rng.fork('zen images'));
    found.zen = zen(network, graph, x, gaussianLike(x, rng.fork('zen change')));
  }

  function ofBlocks(network: Network): void {
    start(network, fanInInit, rng.fork('block weights'));
    network.forward(gaussianLike(batch.images, rng.fork('block images')), 'train');
    const blocks = blocksOf(graph);
    const { out } = inferShapes(graph);
    if (any('expressivity', 'progressivity')) {
      const entropies = blocks.map(({ output }) => channelEntropy(network.activation(output) ?? NOTHING, out[output][2]));
      found.expressivity = entropies.length === 0 ? Number.NaN : entropies.reduce((sum, entropy) => sum + entropy, 0);
      found.progressivity = leastGrowth(entropies);
    }
    if (wanted.has('trainability')) found.trainability = trainability(graph, network, blocks, rng.fork('block signs'));
  }
}

/** What a block gives that does not reach the output. */
const NOTHING = new Float32Array(0);

/** Weights and running statistics as of a network that has seen nothing. */
function start(network: Network, init: Init, rng: Rng): void {
  network.parameters.forEach((parameter, i) => {
    init(parameter as Parameter, rng.fork('init').fork(i));
  });
  for (const { mean, variance } of network.statistics) {
    mean.fill(0);
    variance.fill(1);
  }
}

/** A forward and a backward pass of the mean cross entropy. */
function descend(network: Network, images: Float32Array, labels: Int32Array): void {
  network.forward(images, 'train');
  network.loss('cross-entropy', labels, 1 / labels.length);
  network.backward();
}

function patternsOf(graph: ComputeGraph, network: Network): ReluPatterns {
  const { out } = inferShapes(graph);
  const patterns = new ReluPatterns(network.batch);
  graph.nodes.forEach(({ op }, i) => {
    if (op.type !== 'activation' || (op.function !== 'relu' && op.function !== 'relu6')) return;
    const values = network.activation(i);
    if (values !== null) patterns.add(values, out[i].length === 3);
  });
  return patterns;
}

function gaussianLike(values: Float32Array, rng: Rng): Float32Array {
  const drawn = new Float32Array(values.length);
  fillGaussian(drawn, rng);
  return drawn;
}

interface Batch {
  readonly size: number;
  readonly classes: number;
  readonly images: Float32Array;
  readonly labels: Int32Array;
  /** A second batch. */
  readonly further: Float32Array;
  readonly furtherLabels: Int32Array;
}

function checked(graph: ComputeGraph, { rng, batch: size = 64, images, labels }: ProxyOptions): Batch {
  const { out } = inferShapes(graph);
  const shapeOf = (type: 'input' | 'output'): readonly number[] => out[graph.nodes.findIndex(({ op }) => op.type === type)] ?? [];
  const output = shapeOf('output').filter((extent, i, all) => extent !== 1 || i === all.length - 1);
  if (output.length !== 1 || output[0] < 2) {
    throw misfit(graph.name, 'class scores as output', `[${shapeOf('output').join(', ')}]`);
  }
  if (!(Number.isInteger(size) && size >= 2)) throw misfit('batch', 'a whole number of at least 2', String(size));
  const classes = output[0];
  const each = size * shapeOf('input').reduce((a, b) => a * b, 1);
  if (images !== undefined && images.length !== each && images.length !== 2 * each) {
    throw misfit('images', `${size} (or twice as many) x [${shapeOf('input').join(', ')}] numbers`, String(images.length));
  }
  const all = new Float32Array(2 * each);
  // Every batch has a stream of its own, so that the first does not depend on whether there is a second.
  fillGaussian(all.subarray(0, each), rng.fork('images'));
  fillGaussian(all.subarray(each), rng.fork('further images'));
  if (images !== undefined) all.set(images);
  const answers = Int32Array.from({ length: 2 * size });
  const [first, second] = [rng.fork('labels'), rng.fork('further labels')];
  for (let n = 0; n < 2 * size; n++) answers[n] = (n < size ? first : second).int(classes);
  if (labels !== undefined) {
    if (labels.length !== size && labels.length !== 2 * size)
      throw misfit('labels', `${size} (or twice as many) classes`, String(labels.length));
    if (labels.some((label) => !(Number.isInteger(label) && label >= 0 && label < classes))) {
      throw misfit('labels', `classes from 0 to ${classes - 1}`, 'others');
    }
    answers.set(labels);
  }
  return {
    ...{ size, classes, images: all.subarray(0, each), further: all.subarray(each) },
    ...{ labels: answers.subarray(0, size), furtherLabels: answers.subarray(size) },
  };
}

function misfit(argument: string, expected: string, got: string): ShapeError {
  return new ShapeError({ argument: `proxies: ${argument}`, expected, got });
}
