import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { weisfeilerLehman } from '../../../src/core/features/weisfeiler-lehman.js';
import type { CellGraph, NodeGraph } from '../../../src/core/ir/cell-graph.js';
import { spaces } from '../../../src/core/spaces/index.js';
import type { SearchSpace } from '../../../src/core/spaces/space.js';

const graphOf = (space: SearchSpace, text: string): CellGraph => space.toGraph(space.parse(text));

/** One graph's counts by name. */
function countsOf(graph: CellGraph, rounds?: number): Record<string, number> {
  const { columns, values } = weisfeilerLehman([graph], { rounds });
  return Object.fromEntries(columns.map(({ name }, c) => [name, values[c][0]]));
}

describe('Weisfeiler-Lehman subtrees, counted by hand', () => {
  it('of a NAS-Bench-101 cell: input to conv3x3 to output, beside an edge from input to output', () => {
    expect(countsOf(graphOf(spaces.nasbench101, '(0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 4, 1)'))).toEqual({
      'wl_0_conv3x3-bn-relu': 1,
      wl_0_input: 1,
      wl_0_output: 1,
      'wl_1_conv3x3-bn-relu>[output]': 1,
      'wl_1_input>[conv3x3-bn-relu,output]': 1,
      'wl_1_output>[]': 1,
    });
  });

  it('of a NAS-Bench-201 cell: its six edges are the nodes', () => {
    // 1→2 avg_pool, 1→3 skip, 1→4 conv1x1, 2→3 none, 2→4 avg_pool, 3→4 conv1x1.
    expect(countsOf(graphOf(spaces.nasbench201, '(4, 0, 3, 1, 4, 3)'))).toEqual({
      wl_0_avg_pool_3x3: 2,
      wl_0_input: 1,
      wl_0_none: 1,
      wl_0_nor_conv_1x1: 2,
      wl_0_output: 1,
      wl_0_skip_connect: 1,
      'wl_1_input>[avg_pool_3x3,nor_conv_1x1,skip_connect]': 1,
      'wl_1_avg_pool_3x3>[avg_pool_3x3,none]': 1,
      'wl_1_avg_pool_3x3>[output]': 1,
      'wl_1_skip_connect>[nor_conv_1x1]': 1,
      'wl_1_none>[nor_conv_1x1]': 1,
      'wl_1_nor_conv_1x1>[output]': 2,
      'wl_1_output>[]': 1,
    });
  });

  it('of TransNAS-Bench-101 macro blocks: a chain', () => {
    const counts = countsOf(graphOf(spaces['transnas-macro'], '(2, 3, 2, 3, 2, 3)'));
    const blocks = Object.entries(counts).map(([name, count]) => [name.replace(/^wl_/, ''), count]);
    expect(blocks.map(([, count]) => count)).toEqual([3, 3, 3, 1, 2]);
    expect(blocks.map(([name]) => `${name}`.slice(0, 2))).toEqual(['0_', '0_', '1_', '1_', '1_']);
  });

  it('of DARTS cells: each cell apart, its last edges are wires into the output', () => {
    // Every node i reads c_{k-2} and c_{k-1} through skip_connect (op 2), and only the output reads nodes.
    const cell = '((0, 2), (1, 2), (0, 2), (1, 2), (0, 2), (1, 2), (0, 2), (1, 2))';
    const counts = countsOf(graphOf(spaces.nasbench301, `(${cell}, ${cell})`));
    for (const name of ['normal', 'reduce']) {
      expect(counts[`wl_0_${name}_skip_connect`]).toBe(8);
      expect(counts[`wl_1_${name}_skip_connect>[output]`]).toBe(8);
      expect(counts[`wl_1_${name}_c_{k-2}>[skip_connect,skip_connect,skip_connect,skip_connect]`]).toBe(1);
      expect(counts[`wl_0_${name}_output`]).toBe(1);
    }
    expect(Object.keys(counts)).toHaveLength(2 * (4 + 4));
  });

  it('look one step further with each round', () => {
    const chain = graphOf(spaces.nasbench101, '(0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 2, 1)');
    expect(Object.keys(countsOf(chain, 0))).toEqual(['wl_0_conv3x3-bn-relu', 'wl_0_input', 'wl_0_maxpool3x3', 'wl_0_output']);
    const two = countsOf(chain, 2);
    expect(two['wl_2_input>[conv3x3-bn-relu]>[conv3x3-bn-relu>[maxpool3x3]]']).toBe(1);
    expect(Object.keys(two)).toHaveLength(12);
  });
});

test('isomorphic cells have equal rows', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
      const random = rng(seed);
      const graph = spaces.nasbench101.toGraph(spaces.nasbench101.sample(random));
      const other = renumbered(graph, [...random.choose(graph.nodes.length, graph.nodes.length)]);
      const { values } = weisfeilerLehman([graph, other], { rounds: 3 });
      for (const column of values) expect(column[1]).toBe(column[0]);
    }),
    { numRuns: 60 },
  );
});

test('a subtree is one or another: each round counts every node once', () => {
  for (const space of Object.values(spaces) as SearchSpace[]) {
    const random = rng(3);
    const graphs = Array.from({ length: 20 }, () => space.toGraph(space.sample(random)));
    const { columns, values } = weisfeilerLehman(graphs, { rounds: 2 });
    expect(new Set(columns.map((c) => c.name)).size).toBe(columns.length);
    expect(columns.every((c) => c.family === 'wl' && c.says !== '')).toBe(true);
    for (const row of graphs.keys()) {
      const inRound = (depth: number): number =>
        columns.reduce((sum, { name }, c) => sum + (name.startsWith(`wl_${depth}_`) ? values[c][row] : 0), 0);
      expect(inRound(0)).toBeGreaterThan(0);
      expect([inRound(1), inRound(2)]).toEqual([inRound(0), inRound(0)]);
    }
  }
});

test('columns do not depend on the order of the graphs', () => {
  const random = rng(5);
  const graphs = Array.from({ length: 30 }, () => spaces.nasbench201.toGraph(spaces.nasbench201.sample(random)));
  const names = (of: readonly CellGraph[]): string[] => weisfeilerLehman(of).columns.map((c) => c.name);
  expect(names([...graphs].reverse())).toEqual(names(graphs));
});

test('counts beyond a byte stay right', () => {
  const many = 200;
  const graph: NodeGraph = {
    kind: 'node-ops',
    space: 'own',
    vocabulary: { markers: ['input', 'output'], ops: ['a'], phantoms: [], zero: null },
    nodes: ['input', ...Array.from({ length: many }, () => 'a'), 'output'],
    input: 0,
    output: many + 1,
    edges: Array.from({ length: many }, (_, i) => [0, i + 1] as const),
  };
  expect(countsOf(graph).wl_0_a).toBe(many);
});

test('no graphs, several spaces and broken rounds are refused', () => {
  const cell = graphOf(spaces.nasbench201, '(4, 0, 3, 1, 4, 3)');
  const other = graphOf(spaces['transnas-micro'], '(1, 1, 1, 1, 1, 1)');
  expect(() => weisfeilerLehman([])).toThrow(/at least one graph/);
  expect(() => weisfeilerLehman([cell, other])).toThrow(/graphs\[1\].*nasbench201/);
  expect(() => weisfeilerLehman([cell], { rounds: 0.5 })).toThrow(/whole number/);
});

/** The same cell with its nodes in another order; edges may then go from later to earlier ones, which no feature minds. */
function renumbered(graph: NodeGraph, place: readonly number[]): NodeGraph {
  const nodes = new Array<string>(graph.nodes.length);
  graph.nodes.forEach((op, i) => {
    nodes[place[i]] = op;
  });
  const edges = graph.edges.map(([from, to]) => [place[from], place[to]] as const);
  return { ...graph, nodes, edges, input: place[graph.input], output: place[graph.output] };
}
