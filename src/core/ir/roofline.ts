import type { ComputeGraph } from './compute-graph.js';
import { nodeCosts } from './cost.js';

/** A device as the roofline model sees it. */
export interface Device {
  readonly name: string;
  /** Operations a second at best; a multiply-accumulate is two. */
  readonly peakFlops: number;
  /** Bytes a second between memory and chip at best. */
  readonly bandwidth: number;
  readonly bytesPerValue: number;
}

/** Data sheets of the makers, single precision, dense. */
export const devices: { readonly v100: Device; readonly a100: Device } = {
  v100: { name: 'NVIDIA V100 SXM2', peakFlops: 15.7e12, bandwidth: 900e9, bytesPerValue: 4 },
  a100: { name: 'NVIDIA A100 40GB SXM4', peakFlops: 19.5e12, bandwidth: 1555e9, bytesPerValue: 4 },
};

/** Weights of which only some blocks are kept. */
export interface Sparsity {
  /** Share of the weights that are kept, in 0..1. */
  readonly density: number;
  /** Weights in a block; each kept block has one index. */
  readonly block: number;
  readonly indexBytes: number;
}

const DENSE: Sparsity = { density: 1, block: 1, indexBytes: 0 };

/**
 * The least time that a network can take on a device, in milliseconds: node after node the longer of its computing and
 * its memory traffic, nothing fused.
 * @param sparsity how the weights of convolutions and matrix products are thinned out; all are kept when left out.
 * @see Williams, Waterman and Patterson 2009 (roofline); Shinn et al. 2023, arXiv 2310.00496 (with sparsity).
 */
export function rooflineMs(graph: ComputeGraph, device: Device, sparsity: Sparsity = DENSE): number {
  const { flops, macs, params, traffic } = nodeCosts(graph);
  let seconds = 0;
  for (let i = 0; i < flops.length; i++) {
    const thinned = macs[i] > 0;
    const operations = thinned ? 2 * macs[i] * sparsity.density : flops[i];
    const weights = thinned ? params[i] * sparsity.density : params[i];
    const indices = thinned ? ((params[i] * sparsity.density) / sparsity.block) * sparsity.indexBytes : 0;
    const bytes = (traffic[i] - params[i] + weights) * device.bytesPerValue + indices;
    seconds += Math.max(operations / device.peakFlops, bytes / device.bandwidth);
  }
  return seconds * 1000;
}
