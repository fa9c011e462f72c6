import type { CellGraph, EdgeGraph, NodeGraph } from '../ir/cell-graph.js';

/**
 * What differs between two architectures of a space, in words: "1→3: none becomes nor_conv_3x3".
 * Several differences are joined by commas; '' where the graphs are equal.
 */
export function editWords(from: CellGraph, to: CellGraph): string {
  return differences(from, to).join(', ');
}

function differences(from: CellGraph, to: CellGraph): string[] {
  if (from.kind === 'edge-ops' && to.kind === 'edge-ops') return ofEdges(from, to);
  if (from.kind === 'node-ops' && to.kind === 'node-ops') return ofNodes(from, to);
  if (from.kind === 'sequence' && to.kind === 'sequence') {
    const length = Math.max(from.blocks.length, to.blocks.length);
    return Array.from({ length }, (_, i) => [i, from.blocks[i] ?? 'nothing', to.blocks[i] ?? 'nothing'] as const)
      .filter(([, old, now]) => old !== now)
      .map(([i, old, now]) => `block ${i + 1}: ${old} becomes ${now}`);
  }
  if (from.kind === 'cell-stack' && to.kind === 'cell-stack') {
    return from.cells.flatMap(({ name, graph }, c) =>
      differences(graph, to.cells[c].graph).map((words) => `${name} cell, ${words}`),
    );
  }
  return [`a ${from.kind} graph becomes a ${to.kind} graph`];
}

function ofEdges(from: EdgeGraph, to: EdgeGraph): string[] {
  const named = ({ nodeNames }: EdgeGraph, a: number, b: number): string => `${nodeNames[a]}→${nodeNames[b]}`;
  const length = Math.max(from.edges.length, to.edges.length);
  return Array.from({ length }, (_, e) => {
    const [old, now] = [from.edges[e], to.edges[e]];
    if (old === undefined) return `${named(to, now.from, now.to)}: ${now.op} is added`;
    const place = named(from, old.from, old.to);
    if (now === undefined) return `${place}: ${old.op} is taken out`;
    if (old.from !== now.from || old.to !== now.to) {
      return `${old.op} on ${place} moves to ${named(to, now.from, now.to)}${old.op === now.op ? '' : ` as ${now.op}`}`;
    }
    return old.op === now.op ? '' : `${place}: ${old.op} becomes ${now.op}`;
  }).filter((words) => words !== '');
}

function ofNodes(from: NodeGraph, to: NodeGraph): string[] {
  if (from.nodes.length !== to.nodes.length) return [`${from.nodes.length} nodes become ${to.nodes.length}`];
  const key = ([a, b]: readonly [number, number]): string => `${a}→${b}`;
  const [had, has] = [new Set(from.edges.map(key)), new Set(to.edges.map(key))];
  return [
    ...from.nodes.flatMap((old, i) => (old === to.nodes[i] ? [] : [`node ${i}: ${old} becomes ${to.nodes[i]}`])),
    ...[...had].filter((edge) => !has.has(edge)).map((edge) => `the connection ${edge} is taken out`),
    ...[...has].filter((edge) => !had.has(edge)).map((edge) => `the connection ${edge} is added`),
  ];
}
