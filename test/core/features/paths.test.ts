import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lightestPathOps, longestPaths, shortestPaths, stepsOfBellmanFord } from '../../../src/core/features/paths.js';
import { edgeTopology, from, sourceCarrier, type Topology, targetCarrier, to } from '../../../src/core/features/topology.js';
import type { EdgeGraph } from '../../../src/core/ir/cell-graph.js';

/** Cells of up to 6 nodes with any edges in any order; some edges carry a marker. At most 12 edges hold an operation. */
const cells: fc.Arbitrary<Topology> = fc.integer({ min: 2, max: 6 }).chain((nodeCount) => {
  const pairs = Array.from({ length: nodeCount }, (_, i) =>
    Array.from({ length: nodeCount - 1 - i }, (_, j) => [i, i + 1 + j]),
  ).flat();
  return fc
    .tuple(
      fc.shuffledSubarray(pairs, { maxLength: Math.min(12, pairs.length) }),
      fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
    )
    .map(([chosen, isMarker]) => {
      const edges = chosen.map(([from, to], e) => ({ from, to, op: isMarker[e] && e % 3 === 0 ? 'out' : 'conv' }));
      const vocabulary = { markers: ['out'], ops: ['conv'], phantoms: [], zero: null };
      const nodeNames = Array.from({ length: nodeCount }, (_, i) => String(i));
      const graph: EdgeGraph = {
        kind: 'edge-ops',
        space: 'any',
        vocabulary,
        nodeCount,
        nodeNames,
        inputs: [0],
        output: nodeCount - 1,
        edges,
      };
      return edgeTopology(graph, (op) => op === 'out');
    });
});

describe('path tables agree with listing every path', () => {
  test('shortest and longest paths over allowed carriers', () => {
    fc.assert(
      fc.property(cells, (topology) => {
        const paths = allPaths(topology);
        const masks = 1 << topology.carriers;
        const shortest = new Int8Array(masks);
        const longest = new Int8Array(masks);
        shortestPaths(topology, 0, shortest, -1);
        longestPaths(topology, 0, longest, -1);
        for (let mask = 0; mask < masks; mask++) {
          const lengths = paths.filter((path) => path.every((edge) => isOpen(topology, edge, mask))).map((path) => path.length);
          expect([shortest[mask], longest[mask]]).toEqual(
            lengths.length === 0 ? [-1, -1] : [Math.min(...lengths), Math.max(...lengths)],
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the lightest path: its weight is the least there is, and where its length is not settled Bellman-Ford settles it', () => {
    fc.assert(
      fc.property(cells, (topology) => {
        const paths = allPaths(topology);
        const counts = new Int8Array(1 << topology.carriers);
        lightestPathOps(topology, 0, counts);
        for (let mask = 0; mask < counts.length; mask++) {
          if (paths.length === 0) {
            expect(counts[mask]).toBe(0);
            continue;
          }
          const weighed = paths.map((path) => {
            const ops = path.filter((edge) => (mask >> targetCarrier(edge)) & 1).length;
            return { ops, weight: path.length - 2 * ops };
          });
          const least = Math.min(...weighed.map((path) => path.weight));
          expect(weighed.filter((path) => path.weight === least).map((path) => path.ops)).toContain(counts[mask]);
          expect(counts[mask]).toBe((stepsOfBellmanFord(topology, 0, mask) - least) / 2);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Every path from node 0 to the output, as lists of packed edges. */
function allPaths({ edges, output }: Topology): number[][] {
  const after = (node: number): number[][] =>
    node === output
      ? [[]]
      : edges.filter((edge) => from(edge) === node).flatMap((edge) => after(to(edge)).map((rest) => [edge, ...rest]));
  return after(0);
}

function isOpen({ carriers }: Topology, edge: number, mask: number): boolean {
  return [sourceCarrier(edge), targetCarrier(edge)].every((carrier) => carrier >= carriers || ((mask >> carrier) & 1) === 1);
}
