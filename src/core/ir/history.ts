import type { ComputeGraph } from './compute-graph.js';
import { nodeFeatures } from './node-features.js';

/**
 * A graph whose nodes stand for many: nodes with equal features, to which equal nodes lead, and to these again, are one.
 * A graph network that passes messages forward gives all of them the same numbers, so it may run on this graph instead:
 * sums over predecessors take each as often as its `times`, means over nodes weigh by `multiplicity`. Nothing is lost.
 * @see gennape_aiop: cells repeat, so that a third of the nodes is left in NAS-Bench-101.
 */
export interface MergedGraph {
  /** The class of each node of the original; classes are numbered by their first node. */
  readonly classOf: Int32Array;
  /** Nodes in each class. */
  readonly multiplicity: Int32Array;
  /** A node of each class: its first. */
  readonly representative: Int32Array;
  /** Predecessors of class c are `sources[starts[c] .. starts[c + 1])`, each `times` the number beside it. */
  readonly starts: Int32Array;
  readonly sources: Int32Array;
  readonly times: Int32Array;
}

/** Merges nodes with identical features and identical predecessor history. Takes O(nodes + edges). @throws ShapeError */
export function mergeByHistory(graph: ComputeGraph): MergedGraph {
  return merged(
    featureKeys(graph),
    graph.nodes.map((node) => [...new Set(node.inputs)].map((from) => [from, 1] as const)),
  );
}

/** Merges a merged graph, which changes nothing: what is equal is one already. */
export function mergeAgain(graph: ComputeGraph, { representative, starts, sources, times }: MergedGraph): MergedGraph {
  const keys = featureKeys(graph);
  return merged(
    Array.from(representative, (node) => keys[node]),
    Array.from(representative, (_, c) =>
      Array.from(sources.subarray(starts[c], starts[c + 1]), (from, k) => [from, times[starts[c] + k]] as const),
    ),
  );
}

/**
 * Classes of nodes that a graph network cannot tell apart after each of `rounds` layers: `classes[r][node]` after r + 1.
 * Coarser than `mergeByHistory`, which is what it comes to after as many rounds as the longest path has edges.
 */
export function historyRounds(graph: ComputeGraph, rounds: number): Int32Array[] {
  const keys = featureKeys(graph);
  let before = numbered(keys);
  return Array.from({ length: rounds }, () => {
    const last = before;
    before = numbered(
      graph.nodes.map((node, i) => `${last[i]}|${sorted(Array.from(new Set(node.inputs), (from) => last[from])).join(',')}`),
    );
    return before;
  });
}

/** What a graph network knows of each node by itself, as text. */
function featureKeys(graph: ComputeGraph): string[] {
  return nodeFeatures(graph).map(({ op, resolution, kernel, bias }) => `${op} ${resolution.join()} ${kernel?.join()} ${bias}`);
}

type Sources = readonly (readonly [from: number, times: number])[];

function merged(keys: readonly string[], inputs: readonly Sources[]): MergedGraph {
  const found = new Map<string, number>();
  const classOf = new Int32Array(keys.length);
  const representative: number[] = [];
  const multiplicity: number[] = [];
  const starts = [0];
  const sources: number[] = [];
  const times: number[] = [];
  keys.forEach((key, node) => {
    const counts = new Map<number, number>();
    for (const [from, often] of inputs[node]) counts.set(classOf[from], (counts.get(classOf[from]) ?? 0) + often);
    const into = [...counts].sort((a, b) => a[0] - b[0]);
    const history = `${key}|${into.join(';')}`;
    let known = found.get(history);
    if (known === undefined) {
      known = representative.push(node) - 1;
      found.set(history, known);
      multiplicity.push(0);
      for (const [from, often] of into) {
        sources.push(from);
        times.push(often);
      }
      starts.push(sources.length);
    }
    classOf[node] = known;
    multiplicity[known]++;
  });
  return {
    classOf,
    multiplicity: Int32Array.from(multiplicity),
    representative: Int32Array.from(representative),
    starts: Int32Array.from(starts),
    sources: Int32Array.from(sources),
    times: Int32Array.from(times),
  };
}

/** Equal texts get equal numbers, counted up by first appearance. */
function numbered(texts: readonly string[]): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from(texts, (text) => {
    const number = known.get(text) ?? known.size;
    known.set(text, number);
    return number;
  });
}

function sorted(numbers: number[]): number[] {
  return numbers.sort((a, b) => a - b);
}
