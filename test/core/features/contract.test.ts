import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import type { FeatureTable } from '../../../src/core/base/table.js';
import { type FamilyId, type FeaturesOptions, families, features } from '../../../src/core/features/index.js';
import type { CellGraph } from '../../../src/core/ir/cell-graph.js';
import { spaces } from '../../../src/core/spaces/index.js';
import type { SearchSpace } from '../../../src/core/spaces/space.js';

const optionSets: readonly Required<FeaturesOptions>[] = [
  { version: 'icml24', config: 'full' },
  { version: 'icml24', config: 'short' },
  { version: 'main', config: 'full' },
  { version: 'main', config: 'short' },
];

for (const space of Object.values(spaces) as SearchSpace[]) {
  describe(`feature families on ${space.id}`, () => {
    for (const id of Object.keys(families) as FamilyId[]) familyContract(space, id);
  });
}

/** What every family promises on every space to which it applies. */
function familyContract(space: SearchSpace, id: FamilyId): void {
  const example = space.toGraph(space.sample(rng(1)));
  const applies = families[id].features(example, optionSets[0]).length > 0;
  if (!applies) {
    test(`${id} says that it does not apply`, () => {
      expect(() => features([example], [id])).toThrow(expect.objectContaining({ code: 'unsupported' }));
    });
    return;
  }

  test(`${id} is finite, always the same columns, and each row is the row of its graph alone`, () => {
    for (const options of optionSets) {
      const graphs = sampleGraphs(space, 12);
      const table = features(graphs, [id], options);
      expect(table.columns.length).toBeGreaterThan(0);
      expect(new Set(table.columns.map((column) => column.name)).size).toBe(table.columns.length);
      expect(table.columns.every((column) => column.family === id)).toBe(true);
      expect(table.values.flatMap((column) => [...column]).every(Number.isFinite)).toBe(true);
      graphs.forEach((graph, row) => {
        const alone = features([graph], [id], options);
        expect(alone.columns).toEqual(table.columns);
        expect(rowOf(alone, 0)).toEqual(rowOf(table, row));
      });
    }
  });

  test(`${id} gives the same for graphs that have been through JSON, and leaves them as they were`, () => {
    const graphs = sampleGraphs(space, 12);
    const cloned = JSON.parse(JSON.stringify(graphs)) as CellGraph[];
    expect(features(cloned, [id])).toEqual(features(graphs, [id]));
    expect(cloned).toEqual(graphs);
  });

  // icml24's longest path depends on the order by the reference's own definition: it breaks ties by it.
  const orderFree = optionSets.filter(({ version }) => id !== 'max_op_on_path' || version === 'main');
  test(`${id} does not depend on the order of edges`, () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
        const random = rng(seed);
        const graph = space.toGraph(space.sample(random));
        for (const options of orderFree) {
          const shuffled = reordered(graph, (length) => [...random.choose(length, length)]);
          expect(features([shuffled], [id], options)).toEqual(features([graph], [id], options));
        }
      }),
      { numRuns: space.id === 'nasbench301' ? 5 : 25 },
    );
  });
}

function sampleGraphs(space: SearchSpace, count: number): CellGraph[] {
  const random = rng(7);
  return Array.from({ length: count }, () => space.toGraph(space.sample(random)));
}

function rowOf(table: FeatureTable, row: number): number[] {
  return table.values.map((column) => column[row]);
}

/** The graph with its edges in another order. */
function reordered(graph: CellGraph, permutation: (length: number) => number[]): CellGraph {
  switch (graph.kind) {
    case 'edge-ops':
      return { ...graph, edges: permutation(graph.edges.length).map((e) => graph.edges[e]) };
    case 'node-ops':
      return { ...graph, edges: permutation(graph.edges.length).map((e) => graph.edges[e]) };
    case 'cell-stack':
      return {
        ...graph,
        cells: graph.cells.map(({ name, graph: cell }) => ({
          name,
          graph: { ...cell, edges: permutation(cell.edges.length).map((e) => cell.edges[e]) },
        })),
      };
    case 'sequence':
      return graph;
  }
}
