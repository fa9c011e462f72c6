import { ShapeError } from '../../core/base/errors.js';
import type { ComputeGraph, ComputeNode } from '../../core/ir/compute-graph.js';
import { inferShapes, volume } from '../../core/ir/shapes.js';

/** What of a graph is to be computed. */
export interface LiveGraph {
  readonly input: number;
  readonly output: number;
  /** Nodes that do something and reach the output, in order. */
  readonly nodes: readonly number[];
  /** For each node the one that computes its value: itself, or the one that it only passes on. */
  readonly source: Int32Array;
  /** For each node that computes something, how many live nodes take its value (an input counts as often as it is taken). */
  readonly takers: Int32Array;
  /** For each node 1 where the way back does not need what it gave. */
  readonly passing: Uint8Array;
}

/**
 * Leaves out nodes that do not reach the output, that pass their input on, and, where `merge`, second ReLUs of one value.
 * @throws ShapeError when the graph has not exactly one input and one output.
 */
export function liveGraph(
  graph: ComputeGraph,
  options: { readonly merge: boolean; readonly bypassBatchnorm: boolean },
): LiveGraph {
  const input = only(graph, 'input');
  const output = only(graph, 'output');
  const shapes = inferShapes(graph);
  const size = graph.nodes.length;
  const live = new Uint8Array(size);
  live[input] = 1;
  live[output] = 1;
  for (let i = output; i >= 0; i--) {
    if (live[i] === 1) for (const from of graph.nodes[i].inputs) live[from] = 1;
  }
  const source = Int32Array.from({ length: size }, (_, i) => i);
  const takers = new Int32Array(size);
  const rectified = new Map<number, number>();
  const nodes: number[] = [];
  graph.nodes.forEach((node, i) => {
    if (live[i] === 0) return;
    const from = node.inputs.length === 1 && keepsAll(node, shapes.out[node.inputs[0]]) ? source[node.inputs[0]] : -1;
    if (from >= 0 && passesOn(node, options.bypassBatchnorm)) {
      source[i] = from;
      return;
    }
    if (from >= 0 && options.merge && node.op.type === 'activation' && node.op.function === 'relu') {
      const twin = rectified.get(from);
      if (twin !== undefined) {
        source[i] = twin;
        return;
      }
      rectified.set(from, i);
    }
    nodes.push(i);
    for (const taken of node.inputs) takers[source[taken]]++;
  });
  takers[source[output]]++;
  const passing = new Uint8Array(size);
  for (const i of nodes) passing[i] = isWanted(graph.nodes[i]) ? 0 : 1;
  for (const i of nodes) {
    if (!needsInput(graph.nodes[i])) continue;
    for (const taken of graph.nodes[i].inputs) passing[source[taken]] = 0;
  }
  passing[source[output]] = 0;
  return { input, output, nodes, source, takers, passing };
}

/** Whether a node's own way back looks at what it gave; what has zeros in it that are never written counts as well. */
function isWanted({ op }: ComputeNode): boolean {
  if (op.type === 'pool') return op.mode === 'max';
  return op.type === 'input' || op.type === 'zero' || op.type === 'pad';
}

/** Whether a node's way back looks at what it was given. */
function needsInput({ op }: ComputeNode): boolean {
  if (op.type === 'pool') return op.mode === 'max';
  return !['add', 'concat', 'mean', 'global-pool', 'pad', 'depth-to-space', 'space-to-depth'].includes(op.type);
}

function passesOn(node: ComputeNode, bypassBatchnorm: boolean): boolean {
  const { type } = node.op;
  if (type === 'identity' || type === 'output' || type === 'reshape') return true;
  if (type === 'add' || type === 'mul' || type === 'concat') return true;
  return type === 'batchnorm' && bypassBatchnorm;
}

function keepsAll(node: ComputeNode, shape: readonly number[]): boolean {
  return node.reads === null || volume(node.reads) === volume(shape);
}

function only(graph: ComputeGraph, type: 'input' | 'output'): number {
  const found = graph.nodes.flatMap((node, i) => (node.op.type === type ? [i] : []));
  if (found.length === 1) return found[0];
  throw new ShapeError({ argument: `compileNetwork: ${graph.name}`, expected: `one ${type}`, got: `${found.length}` });
}
