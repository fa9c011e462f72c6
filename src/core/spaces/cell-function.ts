import type { EdgeGraph, NodeGraph } from '../ir/cell-graph.js';

const SKIP = 'skip_connect';

/**
 * The function that a cell computes, as text: equal texts, equal functions. Zero operations and all that they feed
 * are dropped, skip connections hand their terms on, and the terms of a sum are sorted; so both the order of addition
 * and detours over skip connections vanish. 4,930 classes of the 15,625 NAS-Bench-201 strings: use it to keep equal
 * networks out of both sides of a split. The official rule, `uniqueString`, leaves some equal networks apart.
 */
export function functionalClass(cell: EdgeGraph): string {
  return sums(cell, (terms, op, source) => {
    if (op === cell.vocabulary.zero || source.length === 0) return;
    if (op === SKIP) terms.push(...source);
    else terms.push(`(${source.join('+')})@${op}`);
  }).join('+');
}

/**
 * NAS-Bench-201's own unique string (`consider_zero=True` in AutoDL-Projects' genotypes.py): what a zero operation
 * feeds is `#` and stays in the sum, and a skip connection hands its source on as one term. 6,466 classes of the
 * 15,625 strings.
 */
export function uniqueString(cell: EdgeGraph): string {
  return sums(cell, (terms, op, source) => {
    const from = source.join('+');
    if (op === cell.vocabulary.zero || from === '#') terms.push('#');
    else terms.push(op === SKIP ? from : `(${from})@${op}`);
  }).join('+');
}

/**
 * The function that a cell with operations on its nodes computes when a node adds its inputs, as text: equal texts, equal
 * functions. Orders of addition, numbering, and nodes that reach nothing vanish.
 */
export function cellExpression(cell: NodeGraph): string {
  const terms: string[] = [];
  for (let node = 0; node < cell.nodes.length; node++) {
    const into = cell.edges.flatMap(([from, to]) => (to === node ? [terms[from]] : [])).sort();
    terms.push(node === cell.input ? '0' : node === cell.output ? into.join('+') : `(${into.join('+')})@${cell.nodes[node]}`);
  }
  return terms[cell.output];
}

/** The terms of the output node, when each node is the sorted sum of what `contribute` adds for each edge into it. */
function sums(cell: EdgeGraph, contribute: (terms: string[], op: string, source: readonly string[]) => void): readonly string[] {
  const nodes: string[][] = Array.from({ length: cell.nodeCount }, () => []);
  for (const input of cell.inputs) nodes[input].push(String(input));
  for (let node = 0; node < cell.nodeCount; node++) {
    for (const edge of cell.edges) if (edge.to === node) contribute(nodes[node], edge.op, nodes[edge.from]);
    nodes[node].sort();
  }
  return nodes[cell.output];
}
