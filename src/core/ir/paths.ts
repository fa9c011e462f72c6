import { type Adjacency, inputsOf, nodeCount, successors } from './adjacency.js';
import type { EdgeGraph, NodeGraph } from './cell-graph.js';

/** 1 for each node that a walk along `along` reaches from one of `starts`, these included. Takes O(nodes + edges). */
export function reachable(along: Adjacency, starts: readonly number[]): Uint8Array {
  const reached = new Uint8Array(along.starts.length - 1);
  const waiting = [...starts];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (reached[node] === 1) continue;
    reached[node] = 1;
    for (let k = along.starts[node]; k < along.starts[node + 1]; k++) waiting.push(along.targets[k]);
  }
  return reached;
}

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

/**
 * Edges on the longest path from an input to each node; -1 where no path leads. Relies on every edge going from a
 * lower to a higher node. Takes O(nodes + edges).
 */
export function depths(graph: EdgeGraph | NodeGraph): Int32Array {
  const forward = successors(graph);
  const depth = new Int32Array(nodeCount(graph)).fill(-1);
  for (const input of inputsOf(graph)) depth[input] = 0;
  for (let node = 0; node < depth.length; node++) {
    if (depth[node] < 0) continue;
    for (let k = forward.starts[node]; k < forward.starts[node + 1]; k++) {
      const to = forward.targets[k];
      depth[to] = Math.max(depth[to], depth[node] + 1);
    }
  }
  return depth;
}
