import type { CellGraph, CellStack, EdgeGraph, NodeGraph } from '../ir/cell-graph.js';

/** A graph whose operations stand on its edges or nodes. */
export type OpGraph = EdgeGraph | NodeGraph;

/** A cell as the families see it. */
export interface NamedCell {
  /** `normal`, `reduce`; empty where the network has one cell only. */
  readonly name: string;
  readonly graph: OpGraph;
}

/** The cells on which a family's definition is to be used one by one; none for a sequence. */
export function cellsOf(graph: CellGraph): readonly NamedCell[] {
  switch (graph.kind) {
    case 'edge-ops':
    case 'node-ops':
      return [{ name: '', graph }];
    case 'cell-stack':
      return graph.cells;
    case 'sequence':
      return [];
  }
}

/** What carries the operations of the graph, for a reader. */
export function carrierWord(graph: OpGraph): 'edges' | 'nodes' {
  return graph.kind === 'edge-ops' ? 'edges' : 'nodes';
}

/** " in the normal cell", or nothing where there is one cell only. */
export function inCell({ name }: NamedCell): string {
  return name === '' ? '' : ` in the ${name} cell`;
}

/** "normal, reduce" */
export function cellNames(stack: CellStack): string {
  return stack.cells.map((cell) => cell.name).join(', ');
}
