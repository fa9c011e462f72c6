import { cgName } from './cg-vocabulary.js';
import { type ComputeGraph, computeEdges, isWeighted } from './compute-graph.js';
import { type Cost, cost } from './cost.js';
import { type Reach, reach } from './reach.js';
import { laplacianSpectrum } from './spectrum.js';

/** A network in numbers: its size, what it costs, how far it goes, its spectrum. */
export interface GraphStats extends Cost, Reach {
  readonly nodes: number;
  /** Nodes with kernels or matrices. */
  readonly weighted: number;
  readonly edges: number;
  /** How often each operation of GENNAPE's vocabulary occurs. */
  readonly ops: Readonly<Record<string, number>>;
  /** The smallest eigenvalues of the normalised Laplacian; null where the graph is too large for them. */
  readonly eigenvalues: readonly number[] | null;
  /** The share of nodes whose operation is known, and so costed. */
  readonly coverage: number;
  readonly warnings: readonly string[];
}

/** @throws ShapeError where shapes do not fit. Takes some 5 ms for 200 nodes, most of it for the spectrum. */
export function graphStats(graph: ComputeGraph): GraphStats {
  const ops: Record<string, number> = {};
  const unknown = new Map<string, number>();
  for (const { op } of graph.nodes) {
    ops[cgName(op)] = (ops[cgName(op)] ?? 0) + 1;
    if (op.type === 'opaque') unknown.set(op.label, (unknown.get(op.label) ?? 0) + 1);
  }
  const eigenvalues = laplacianSpectrum(graph);
  const opaque = [...unknown.values()].reduce((a, b) => a + b, 0);
  const warnings = [...unknown].map(([label, times]) => `${label} (${times}) is not known: it counts as costing nothing`);
  if (eigenvalues === null) warnings.push('the spectrum was not computed: the graph is too large');
  return {
    nodes: graph.nodes.length,
    weighted: graph.nodes.reduce((count, node) => count + (isWeighted(node.op) ? 1 : 0), 0),
    edges: computeEdges(graph).length,
    ops,
    ...cost(graph),
    ...reach(graph),
    eigenvalues: eigenvalues === null ? null : Array.from(eigenvalues),
    coverage: graph.nodes.length === 0 ? 1 : 1 - opaque / graph.nodes.length,
    warnings,
  };
}
