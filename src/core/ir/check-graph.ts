import { ShapeError } from '../base/errors.js';
import type { CellGraph } from './cell-graph.js';

const KINDS: readonly CellGraph['kind'][] = ['edge-ops', 'node-ops', 'sequence', 'cell-stack'];

/** Refuses what is no graph, such as the text of an architecture. @throws ShapeError saying how to make a graph of a text. */
export function checkGraph(where: string, graph: unknown): void {
  const kind = (graph as { readonly kind?: unknown } | null | undefined)?.kind;
  if (KINDS.some((known) => known === kind)) return;
  const got = typeof graph === 'string' ? `the text "${graph.slice(0, 60)}"` : String(graph).slice(0, 60);
  throw new ShapeError({ argument: where, expected: 'a graph (space.toGraph(space.parse(text)) makes one)', got });
}
