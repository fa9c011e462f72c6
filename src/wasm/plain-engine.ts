import type { EngineKernels } from './engine.js';
import { batchnorms } from './twins/batchnorm.js';
import { contractions } from './twins/contract.js';
import { depthwiseKernels } from './twins/depthwise.js';
import { elementwise } from './twins/elementwise.js';
import { layouts } from './twins/layout.js';
import { losses } from './twins/losses.js';
import type { Numbers } from './twins/numbers.js';
import { pools } from './twins/pool.js';
import { reductions } from './twins/reduce.js';

export type { Numbers } from './twins/numbers.js';

/**
 * The engine's kernels in plain TypeScript, written down as the formulas are: the oracle of the SIMD ones, which they agree
 * with to 1e-5, and what runs where WebAssembly does not. In float64 they serve finite differences.
 */
export function plainEngine(numbers: Numbers): EngineKernels {
  return {
    ...contractions(numbers),
    ...batchnorms(numbers),
    ...elementwise(numbers),
    ...layouts(numbers),
    ...reductions(numbers),
    ...pools(numbers),
    ...depthwiseKernels(numbers),
    ...losses(numbers),
  };
}
