import type { Rng } from '../../core/base/rng.js';
import { symmetricEigen } from '../../core/base/symmetric-eigen.js';
import type { ComputeGraph } from '../../core/ir/compute-graph.js';
import { compileNetwork } from '../engine/compile.js';
import type { Network } from '../engine/network.js';
import { log } from '../exact-math.js';
import { type Block, graphBetween } from './blocks.js';

/**
 * The entropy of the principal components of a picture's channels, each pixel of each picture a sample; between 0 (one
 * direction only) and ln of the channels. NaN where nothing varies.
 * @param values pixels x channels. @see AZ-NAS, Lee and Ham 2024, arXiv 2403.19232
 */
export function channelEntropy(values: Float32Array, channels: number): number {
  const rows = values.length / channels;
  const mean = new Float64Array(channels);
  for (let i = 0; i < values.length; i += channels) for (let c = 0; c < channels; c++) mean[c] += values[i + c];
  for (let c = 0; c < channels; c++) mean[c] /= rows;
  const covariance = new Float64Array(channels * channels);
  const row = new Float64Array(channels);
  for (let i = 0; i < values.length; i += channels) {
    for (let c = 0; c < channels; c++) row[c] = values[i + c] - mean[c];
    for (let a = 0; a < channels; a++) {
      for (let b = 0; b <= a; b++) covariance[a * channels + b] += row[a] * row[b];
    }
  }
  let trace = 0;
  for (let a = 0; a < channels; a++) {
    trace += covariance[a * channels + a];
    for (let b = 0; b < a; b++) covariance[b * channels + a] = covariance[a * channels + b];
  }
  if (!(trace > 0 && Number.isFinite(trace))) return Number.NaN;
  for (let i = 0; i < covariance.length; i++) covariance[i] /= trace;
  let entropy = 0;
  for (const value of symmetricEigen(covariance, channels).values) {
    const p = Math.max(value, 0);
    entropy -= p * log(p + 1e-8);
  }
  return entropy;
}

/** The least growth from one to the next; NaN of fewer than two. */
export function leastGrowth(entropies: readonly number[]): number {
  if (entropies.length < 2) return Number.NaN;
  return Math.min(...entropies.slice(1).map((entropy, i) => entropy - entropies[i]));
}

/**
 * −σ − 1 / (σ + 1e-6) + 2 for the largest singular value σ of how the gradient that a block gives depends on the one that it
 * is given: 0 at best, for σ = 1. −Infinity where the block only hands it on; NaN where its input's pixels do not divide
 * evenly among its output's.
 * @param given, made gradients at the block's output and input, channels last. @param out, into their height, width, channels.
 */
export function blockTrainability(
  given: Float32Array,
  made: Float32Array,
  batch: number,
  out: readonly number[],
  into: readonly number[],
): number {
  if (given.length === made.length && given.every((value, i) => value === made[i])) return Number.NEGATIVE_INFINITY;
  const [h, w, c] = out;
  const block = into[0] / h;
  if (!Number.isInteger(block) || into[1] !== w * block) return Number.NaN;
  const taken = into[2] * block * block;
  // Channels of one pixel of the smaller picture: those of all its pixels in the larger one.
  const matrix = new Float64Array(taken * c);
  for (let n = 0; n < batch; n++) {
    for (let pixel = 0; pixel < h * w; pixel++) {
      const to = (n * h * w + pixel) * c;
      let line = 0;
      for (let y = 0; y < block; y++) {
        for (let x = 0; x < block; x++) {
          const place = (n * into[0] + Math.floor(pixel / w) * block + y) * into[1] + (pixel % w) * block + x;
          for (let k = 0; k < into[2]; k++, line++) {
            const g = made[place * into[2] + k];
            for (let j = 0; j < c; j++) matrix[line * c + j] += g * given[to + j];
          }
        }
      }
    }
  }
  const rows = batch * h * w;
  const product = new Float64Array(c * c);
  for (let i = 0; i < taken; i++) {
    for (let a = 0; a < c; a++) {
      const left = matrix[i * c + a] / rows;
      for (let b = 0; b < c; b++) product[a * c + b] += left * (matrix[i * c + b] / rows);
    }
  }
  if (!product.every(Number.isFinite)) return Number.NaN;
  const sigma = Math.sqrt(Math.max(symmetricEigen(product, c).values[c - 1], 0));
  return -sigma - 1 / (sigma + 1e-6) + 2;
}

/**
 * The mean over blocks, the stem left out, each alone between its neighbours: its input as the whole network gives it, its
 * output's gradient ±1 at random.
 * @param network in mode `train`, after a forward pass; keeps all activations.
 * @see cvlab-yonsei/AZ-NAS, NB201/ZeroShotProxy/compute_az_nas_score.py
 */
export function trainability(graph: ComputeGraph, network: Network, blocks: readonly Block[], rng: Rng): number {
  let sum = 0;
  for (let i = 1; i < blocks.length; i++) {
    const [from, to] = [blocks[i - 1].output, blocks[i].output];
    const part = graphBetween(graph, from, to);
    const input = network.activation(from);
    // Where nothing reaches the output, no gradient comes back.
    if (input === null || network.activation(to) === null) return Number.NaN;
    const alone = compileNetwork(part.graph, { batch: network.batch, rng, init: () => {}, inputGradient: true });
    try {
      // It learns from its input alone if it has no weights: then its way back is the identity, or nothing.
      if (alone.inputGradient === null) return Number.NEGATIVE_INFINITY;
      for (const { node, kind, value } of alone.parameters) {
        const whole = network.parameters.find((p) => p.node === part.places[node] && p.kind === kind);
        if (whole !== undefined) value.set(whole.value);
      }
      const given = alone.forward(input, 'train').slice();
      const signs = rng.fork(i);
      for (let k = 0; k < given.length; k++) given[k] = signs.uniform() < 0.5 ? -1 : 1;
      alone.backward(given);
      sum += blockTrainability(given, alone.inputGradient, network.batch, alone.outputShape, alone.inputShape);
    } finally {
      alone.release();
    }
  }
  return blocks.length < 2 ? Number.NaN : sum / (blocks.length - 1);
}
