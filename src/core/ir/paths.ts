import { type Adjacency, inputsOf, successors } from './adjacency.js';
import type { EdgeGraph, NodeGraph } from './cell-graph.js';

/**
 * Every path from an input to the output as the places of its edges in `graph.edges`, depth first in edge order,
 * one input after the other. There can be exponentially many: stop taking them when you have enough.
 */
export function* paths(graph: EdgeGraph | NodeGraph): Iterable<readonly number[]> {
  const forward = successors(graph);
  for (const input of inputsOf(graph)) yield* pathsFrom(forward, input, graph.output, []);
}

function* pathsFrom(forward: Adjacency, node: number, output: number, taken: number[]): Iterable<readonly number[]> {
  if (node === output) {
    yield taken.slice();
    return;
  }
  for (let k = forward.starts[node]; k < forward.starts[node + 1]; k++) {
    taken.push(forward.edges[k]);
    yield* pathsFrom(forward, forward.targets[k], output, taken);
    taken.pop();
  }
}
