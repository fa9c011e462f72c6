import type { EdgeGraph, NodeGraph } from './cell-graph.js';

/** Neighbours of node `i` are `targets[starts[i] .. starts[i + 1])`; `starts` has one cell more than there are nodes. */
export interface Adjacency {
  readonly starts: Uint32Array;
  readonly targets: Uint32Array;
  /** `edges[k]` is the place in `graph.edges` of the edge behind `targets[k]`. */
  readonly edges: Uint32Array;
}

/** Where each node's edges lead, in the order of `graph.edges`. Takes O(nodes + edges). */
export function successors(graph: EdgeGraph | NodeGraph): Adjacency {
  return adjacency(graph, (edge) => edge);
}

/** Where each node's edges come from, in the order of `graph.edges`. Takes O(nodes + edges). */
export function predecessors(graph: EdgeGraph | NodeGraph): Adjacency {
  return adjacency(graph, ([from, to]) => [to, from]);
}

type Pair = readonly [from: number, to: number];

function adjacency(graph: EdgeGraph | NodeGraph, direct: (edge: Pair) => Pair): Adjacency {
  const pairs = edgePairs(graph).map(direct);
  const starts = new Uint32Array(nodeCount(graph) + 1);
  for (const [from] of pairs) starts[from + 1]++;
  for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
  const targets = new Uint32Array(pairs.length);
  const edges = new Uint32Array(pairs.length);
  const next = starts.slice();
  pairs.forEach(([from, to], e) => {
    targets[next[from]] = to;
    edges[next[from]++] = e;
  });
  return { starts, targets, edges };
}

/** The ends of each edge, whichever kind of graph holds it. */
export function edgePairs(graph: EdgeGraph | NodeGraph): readonly (readonly [from: number, to: number])[] {
  return graph.kind === 'node-ops' ? graph.edges : graph.edges.map(({ from, to }): Pair => [from, to]);
}

export function nodeCount(graph: EdgeGraph | NodeGraph): number {
  return graph.kind === 'node-ops' ? graph.nodes.length : graph.nodeCount;
}

export function inputsOf(graph: EdgeGraph | NodeGraph): readonly number[] {
  return graph.kind === 'node-ops' ? [graph.input] : graph.inputs;
}
