import type { Rng } from '../../base/rng.js';

/** How often each of `n` rows comes up in `n` draws with replacement. */
export function bootstrapWeights(n: number, rng: Rng): Float64Array {
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) weights[rng.int(n)]++;
  return weights;
}
