import type { EdgeGraph, NodeGraph } from '../ir/cell-graph.js';

/**
 * A cell without its operations. Whatever holds an operation that a designer chooses is a *carrier*: an edge of an
 * `edge-ops` graph, a node of a `node-ops` graph. Carrier i is bit i of a mask, so "the carriers whose operation is
 * allowed" is one number, and every path feature of GRAF is a function of a topology and such a mask.
 *
 * Edges are grouped by their source, ascending, in the reference's order of insertion inside a group: every edge goes to
 * a higher node, so a walk over the arrays is a walk in topological order.
 */
export interface Topology {
  readonly kind: 'edge-ops' | 'node-ops';
  readonly nodeCount: number;
  readonly inputs: readonly number[];
  readonly output: number;
  /** How the reference counts the output node: NAS-Bench-201's nodes are 1 to 4. */
  readonly outputLabel: number;
  readonly carriers: number;
  /** Edges of node `i` are `starts[i] .. starts[i + 1]`. */
  readonly starts: Uint8Array;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** The carriers that must all be allowed for the edge to be passed; 0 where it is always open. */
  readonly needs: Uint16Array;
  /** The carrier at the edge's source: the source node, or the edge itself; 0 where that is a marker. */
  readonly source: Uint16Array;
  /** The carrier at the edge's target: the target node, or the edge itself; 0 where that is a marker. */
  readonly target: Uint16Array;
}

/** The reference cells have up to 8; tables hold two to this power numbers a topology. */
export const MAX_CARRIERS = 12;
/** Node sets are bits of a 32-bit number. */
export const MAX_NODES = 30;

/** @param isMarker which edges carry a marker (an operation that nobody chose). */
export function edgeTopology(graph: EdgeGraph, isMarker: (op: string) => boolean): Topology {
  const bits: number[] = [];
  let carriers = 0;
  for (const { op } of graph.edges) bits.push(isMarker(op) ? 0 : 1 << carriers++);
  const label = Number(graph.nodeNames[graph.output]);
  return grouped({
    kind: 'edge-ops',
    nodeCount: graph.nodeCount,
    inputs: graph.inputs,
    output: graph.output,
    outputLabel: Number.isInteger(label) ? label : graph.output,
    carriers,
    edges: graph.edges.map(({ from, to }, e) => ({ from, to, needs: bits[e], source: bits[e], target: bits[e] })),
  });
}

/** @param isMarker which nodes are markers: the input and the output. */
export function nodeTopology(graph: NodeGraph, isMarker: (op: string) => boolean): Topology {
  let carriers = 0;
  const bits = graph.nodes.map((op) => (isMarker(op) ? 0 : 1 << carriers++));
  // The reference inserts edges as they stand in the adjacency matrix.
  const edges = [...graph.edges].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return grouped({
    kind: 'node-ops',
    nodeCount: graph.nodes.length,
    inputs: [graph.input],
    output: graph.output,
    outputLabel: graph.output,
    carriers,
    edges: edges.map(([from, to]) => ({ from, to, needs: bits[from] | bits[to], source: bits[from], target: bits[to] })),
  });
}

interface LooseTopology extends Pick<Topology, 'kind' | 'nodeCount' | 'inputs' | 'output' | 'outputLabel' | 'carriers'> {
  readonly edges: readonly { from: number; to: number; needs: number; source: number; target: number }[];
}

function grouped({ edges, ...rest }: LooseTopology): Topology {
  const ordered = [...edges].sort((a, b) => a.from - b.from); // stable: insertion order stays inside a group
  const starts = new Uint8Array(rest.nodeCount + 1);
  for (const { from } of ordered) starts[from + 1]++;
  for (let i = 0; i < rest.nodeCount; i++) starts[i + 1] += starts[i];
  return {
    ...rest,
    starts,
    from: Uint8Array.from(ordered, (e) => e.from),
    to: Uint8Array.from(ordered, (e) => e.to),
    needs: Uint16Array.from(ordered, (e) => e.needs),
    source: Uint16Array.from(ordered, (e) => e.source),
    target: Uint16Array.from(ordered, (e) => e.target),
  };
}
