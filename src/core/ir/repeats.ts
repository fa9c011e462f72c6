import type { ComputeGraph } from './compute-graph.js';
import { inferShapes } from './shapes.js';

/** Nodes `from .. to − 1`, and after them the same piece of network again, `times` in all. */
export interface Repeat {
  readonly from: number;
  readonly to: number;
  readonly times: number;
}

/** Cells of more pieces than this are not looked for. */
const LONGEST = 24;
/** Repeats that save fewer nodes are not worth a reader's attention. */
const FEWEST_SAVED = 3;

/**
 * The network as a sequence of pieces, each with how often it stands in a row: `times` is 1 for what does not repeat.
 * Pieces are cut where the whole network passes through one node, so cells that read two earlier cells (DARTS) stay one
 * piece. Equal means equal operations, connections and shapes; names do not matter. Takes O(nodes + edges).
 */
export function repeats(graph: ComputeGraph): Repeat[] {
  const bounds = pieceBounds(graph);
  const keys = pieceKeys(graph, bounds);
  const found: Repeat[] = [];
  for (let i = 0; i < keys.length; ) {
    const { pieces, times } = repeatAt(keys, bounds, i);
    const last = found[found.length - 1];
    if (times === 1 && last?.times === 1) found[found.length - 1] = { ...last, to: bounds[i + pieces] };
    else found.push({ from: bounds[i], to: bounds[i + pieces], times });
    i += pieces * times;
  }
  return found;
}

/** Ends of pieces: the piece i is `bounds[i] .. bounds[i + 1] − 1`, and only its last node is read from outside. */
function pieceBounds(graph: ComputeGraph): number[] {
  const furthest = new Int32Array(graph.nodes.length);
  graph.nodes.forEach((node, to) => {
    for (const from of node.inputs) furthest[from] = to;
  });
  const bounds = [0];
  let reach = 0;
  for (let i = 0; i < furthest.length; i++) {
    if (reach <= i) bounds.push(i + 1);
    reach = Math.max(reach, furthest[i]);
  }
  if (bounds[bounds.length - 1] < furthest.length) bounds.push(furthest.length);
  return bounds;
}

function pieceKeys(graph: ComputeGraph, bounds: readonly number[]): string[] {
  const { out } = inferShapes(graph);
  return bounds.slice(1).map((to, i) => {
    const from = bounds[i];
    const nodes = graph.nodes.slice(from, to);
    return nodes
      .map(({ op, inputs, reads }, k) => `${JSON.stringify(op)}${inputs.map((input) => input - from)}|${reads}|${out[from + k]}`)
      .join('\n');
  });
}

/** The repeat from piece `i` that covers most; the shortest of those. */
function repeatAt(keys: readonly string[], bounds: readonly number[], i: number): { pieces: number; times: number } {
  let best = { pieces: 1, times: 1 };
  for (let pieces = 1; pieces <= LONGEST && i + 2 * pieces <= keys.length; pieces++) {
    let times = 1;
    while (same(keys, i, i + pieces * times, pieces)) times++;
    const saved = (bounds[i + pieces] - bounds[i]) * (times - 1);
    if (saved >= FEWEST_SAVED && pieces * times > best.pieces * best.times) best = { pieces, times };
  }
  return best;
}

function same(keys: readonly string[], a: number, b: number, length: number): boolean {
  for (let k = 0; k < length; k++) if (b + k >= keys.length || keys[a + k] !== keys[b + k]) return false;
  return true;
}
