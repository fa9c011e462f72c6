import type { EdgeGraph, NodeGraph } from '../ir/cell-graph.js';

/**
 * A cell without its operations. Whatever holds an operation that a designer chooses is a *carrier*: an edge of an
 * `edge-ops` graph, a node of a `node-ops` graph. Carrier i is bit i of a mask, so "the carriers whose operation is
 * allowed" is one number, and every path feature of GRAF is a function of a topology and such a mask.
 *
 * Its edges are packed numbers, so that ten thousand topologies stay in the processor's cache.
 */
export interface Topology {
  readonly kind: 'edge-ops' | 'node-ops';
  readonly nodeCount: number;
  readonly inputs: readonly number[];
  readonly output: number;
  /** How the reference counts the output node: NAS-Bench-201's nodes are 1 to 4. */
  readonly outputLabel: number;
  readonly carriers: number;
  /**
   * Packed edges, grouped by their source, ascending, in the reference's order of insertion inside a group: every edge
   * goes to a higher node, so a walk over them is a walk in topological order. Read them with the functions below.
   */
  readonly edges: readonly number[];
}

/** The published spaces have up to 8; tables hold two to this power numbers a topology. */
export const MAX_CARRIERS = 12;
/** Then a cell has at most 105 edges, and every count fits a signed byte. */
export const MAX_NODES = 15;
/** Stands where an edge or node holds a marker. No mask of allowed carriers has its bit, a mask of open ones always does. */
const NO_CARRIER = 15;

/** Carriers that may be passed, markers included. */
export function openCarriers(allowed: number): number {
  return allowed | (1 << NO_CARRIER);
}

export function from(edge: number): number {
  return edge & 31;
}

export function to(edge: number): number {
  return (edge >> 5) & 31;
}

/** The carrier at the edge's source: the source node, or the edge itself; past `carriers` where that is a marker. */
export function sourceCarrier(edge: number): number {
  return (edge >> 10) & 15;
}

/** The carrier at the edge's target: the target node, or the edge itself; past `carriers` where that is a marker. */
export function targetCarrier(edge: number): number {
  return (edge >> 14) & 15;
}

function pack(from: number, to: number, source: number, target: number): number {
  return from | (to << 5) | (source << 10) | (target << 14);
}

/** @param isMarker which edges carry a marker (an operation that nobody chose). */
export function edgeTopology(graph: EdgeGraph, isMarker: (op: string) => boolean): Topology {
  let carriers = 0;
  const inserted = graph.edges.map(({ from, to, op }) => {
    const carrier = isMarker(op) ? NO_CARRIER : carriers++;
    return pack(from, to, carrier, carrier);
  });
  const edges: number[] = [];
  for (let node = 0; node < graph.nodeCount; node++) for (const edge of inserted) if (from(edge) === node) edges.push(edge);
  const label = Number(graph.nodeNames[graph.output]);
  return {
    kind: 'edge-ops',
    nodeCount: graph.nodeCount,
    inputs: graph.inputs,
    output: graph.output,
    outputLabel: Number.isInteger(label) ? label : graph.output,
    carriers,
    edges,
  };
}

/**
 * @param isMarker which nodes are markers: the input and the output.
 * The reference inserts edges as they stand in the adjacency matrix, so their order in the graph does not matter.
 */
export function nodeTopology(graph: NodeGraph, isMarker: (op: string) => boolean): Topology {
  let carriers = 0;
  const carrier = graph.nodes.map((op) => (isMarker(op) ? NO_CARRIER : carriers++));
  const rows = graph.nodes.map(() => 0);
  for (const [from, to] of graph.edges) rows[from] |= 1 << to;
  const edges: number[] = [];
  rows.forEach((row, i) => {
    for (let j = i + 1; j < rows.length; j++) if ((row >> j) & 1) edges.push(pack(i, j, carrier[i], carrier[j]));
  });
  return {
    kind: 'node-ops',
    nodeCount: graph.nodes.length,
    inputs: [graph.input],
    output: graph.output,
    outputLabel: graph.output,
    carriers,
    edges,
  };
}
