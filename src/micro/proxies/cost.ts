import type { ComputeGraph } from '../../core/ir/compute-graph.js';
import { nodeCosts } from '../../core/ir/cost.js';
import { asImage, inferShapes, volume } from '../../core/ir/shapes.js';

/**
 * Operations of one forward pass as the tables of NAS-Bench-Suite-Zero count them (by tensorwatch): a multiply-accumulate
 * is one, a batch norm two a number, a ReLU one, a pool one for each number that its window covers. A mean over the whole
 * picture counts as a window one pixel wider and higher. Sums and biases are free.
 */
export function suiteFlops(graph: ComputeGraph): number {
  const shapes = inferShapes(graph);
  const { macs } = nodeCosts(graph);
  let sum = 0;
  graph.nodes.forEach(({ op }, i) => {
    sum += macs[i];
    const numbers = volume(shapes.out[i]);
    if (op.type === 'batchnorm') sum += 2 * numbers;
    else if (op.type === 'activation') sum += numbers;
    else if (op.type === 'pool') sum += op.kernel[0] * op.kernel[1] * numbers;
    else if (op.type === 'mean' || op.type === 'global-pool') {
      const [height, width, channels] = asImage(shapes.in[i]);
      sum += (height + 1) * (width + 1) * channels;
    }
  });
  return sum;
}
