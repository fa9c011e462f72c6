import type { ComputeGraph, ComputeNode } from '../../core/ir/compute-graph.js';
import { inferShapes } from '../../core/ir/shapes.js';

/** A part of a network that everything passes through: its input is the output of the block before. */
export interface Block {
  /** The first part of its nodes' paths: `cell_0`, `stage_1/block_0`. */
  readonly path: string;
  /** The place in the graph of the node that gives what the block gives. */
  readonly output: number;
}

const BLOCK_PATH = /^(?:stage_\d+\/block_\d+|[^/]+)(?=\/)/;

/**
 * The blocks of a network, stem first, head left out: nodes whose paths begin alike, where all that comes later sees of them,
 * and of what was before, is one picture. A cell that has no node of its own is no block.
 */
export function blocksOf(graph: ComputeGraph): Block[] {
  const { nodes } = graph;
  const shapes = inferShapes(graph);
  const paths = nodes.map(({ name }) => BLOCK_PATH.exec(name)?.[0] ?? '');
  const end = nodes.findIndex(({ op }) => op.type === 'mean' || op.type === 'global-pool' || op.type === 'output');
  const head = paths[end];
  /** For each node the last one that reads it. */
  const reach = new Int32Array(nodes.length);
  nodes.forEach(({ inputs }, i) => {
    for (const from of inputs) reach[from] = i;
  });
  const blocks: Block[] = [];
  for (let i = 0; i < end; i++) {
    if (paths[i] === '' || paths[i] === head || paths[i] === paths[i + 1]) continue;
    const crossing = nodes.flatMap((_, from) => (from <= i && reach[from] > i ? [from] : []));
    if (crossing.length === 1 && shapes.out[crossing[0]].length === 3 && crossing[0] !== blocks.at(-1)?.output) {
      blocks.push({ path: paths[i], output: crossing[0] });
    }
  }
  return blocks;
}

/** A graph of its own of what lies between two blocks' outputs. `places[i]` is where its node i stands in the whole graph. */
export function graphBetween(
  graph: ComputeGraph,
  from: number,
  to: number,
): { readonly graph: ComputeGraph; readonly places: readonly number[] } {
  const shapes = inferShapes(graph);
  const needed = new Set([to]);
  for (let i = to; i > from; i--) {
    if (needed.has(i)) for (const input of graph.nodes[i].inputs) needed.add(input);
  }
  needed.add(from);
  const places = [...needed].filter((i) => i >= from).sort((a, b) => a - b);
  const at = new Map(places.map((place, i) => [place, i]));
  const nodes = places.map((place): ComputeNode => {
    const node = graph.nodes[place];
    if (place === from) return { name: node.name, op: { type: 'input', shape: shapes.out[from] }, inputs: [], reads: null };
    return { ...node, inputs: node.inputs.map((input) => at.get(input) as number) };
  });
  nodes.push({ name: 'output', op: { type: 'output' }, inputs: [at.get(to) as number], reads: null });
  return { graph: { ...graph, name: `${graph.name}: ${graph.nodes[to].name}`, nodes }, places };
}
