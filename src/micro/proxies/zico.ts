import { log } from '../exact-math.js';

/**
 * For each layer the logarithm of the sum, over its weights, of mean |gradient| / standard deviation over batches; weights
 * whose gradient never changes and layers without others are left out. Summed over the layers; NaN where a gradient is.
 * @param batches for each batch the gradients of each layer; two batches or more.
 * @see ZiCo, Li et al. 2023, arXiv 2301.11300; SLDGroup/ZiCo, ZeroShotProxy/compute_zico.py.
 */
export function zico(batches: readonly (readonly Float32Array[])[]): number {
  const count = batches.length;
  let score = 0;
  for (let layer = 0; layer < batches[0].length; layer++) {
    const gradients = batches.map((batch) => batch[layer]);
    let steadiness = 0;
    for (let i = 0; i < gradients[0].length; i++) {
      let [sum, size] = [0, 0];
      for (let b = 0; b < count; b++) {
        sum += gradients[b][i];
        size += Math.abs(gradients[b][i]);
      }
      let squares = 0;
      for (let b = 0; b < count; b++) squares += (gradients[b][i] - sum / count) ** 2;
      if (squares !== 0) steadiness += size / count / Math.sqrt(squares / count);
    }
    if (steadiness !== 0) score += log(steadiness);
  }
  return score;
}
