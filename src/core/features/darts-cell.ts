import { UnsupportedError } from '../base/errors.js';
import type { Edge, EdgeGraph } from '../ir/cell-graph.js';

/** The edges of a stacked cell that somebody chose, two for each intermediate node, in the order of the genotype. */
export function chosenEdges(graph: EdgeGraph): readonly Edge[] {
  const chosen = graph.edges.filter((edge) => !graph.vocabulary.markers.includes(edge.op));
  const intermediate = graph.nodeCount - graph.inputs.length - 1;
  if (chosen.length !== 2 * intermediate) {
    throw new UnsupportedError(
      `Encoding a ${graph.space} cell whose ${intermediate} intermediate nodes have ${chosen.length} inputs`,
      'The encodings are defined for two different inputs a node; GRAF features do take this cell.',
    );
  }
  return chosen;
}
