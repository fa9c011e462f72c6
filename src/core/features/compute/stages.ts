import type { ComputeGraph } from '../../ir/compute-graph.js';
import { asImage, inferShapes } from '../../ir/shapes.js';

/** Stages that features tell apart; what is smaller still belongs to the last. */
export const STAGES = 6;

/**
 * How often the image was halved before each node: 0 at the resolution of the largest input, 1 at half of its height and
 * width, and so on. Vectors stand in the last stage. @throws ShapeError where shapes do not fit.
 */
export function stagesOf(graph: ComputeGraph): Int32Array {
  const { out } = inferShapes(graph);
  const area = (i: number): number => {
    const [height, width] = asImage(out[i]);
    return height * width;
  };
  let whole = 1;
  graph.nodes.forEach(({ op }, i) => {
    if (op.type === 'input') whole = Math.max(whole, area(i));
  });
  return Int32Array.from(out, (shape, i) => {
    if (shape.length < 2) return STAGES - 1;
    return Math.min(Math.max(Math.round(Math.log2(whole / area(i)) / 2), 0), STAGES - 1);
  });
}
