import { describe, expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import type { FeatureTable } from '../../../src/core/base/table.js';
import { computeFeatures } from '../../../src/core/features/compute/compute-features.js';
import { frequentOperations } from '../../../src/core/features/compute/operation-names.js';
import { features } from '../../../src/core/features/index.js';
import type { NodeGraph } from '../../../src/core/ir/cell-graph.js';
import { ComputeBuilder } from '../../../src/core/ir/compute-builder.js';
import type { AtomicOp, ComputeGraph } from '../../../src/core/ir/compute-graph.js';
import { graphFamilies } from '../../../src/core/spaces/families/index.js';
import { nasbench101 } from '../../../src/core/spaces/nasbench101.js';

const value = (table: FeatureTable, name: string, row = 0): number => {
  const at = table.columns.findIndex((column) => column.name === name);
  if (at < 0) throw new Error(`no column ${name} among ${table.columns.map((column) => column.name).join(' ')}`);
  return table.values[at][row];
};

/** The same network with its nodes in another order and under other names. */
function shuffled(graph: ComputeGraph, seed: number): ComputeGraph {
  const random = rng(seed);
  const place = new Map<number, number>();
  const order: number[] = [];
  while (order.length < graph.nodes.length) {
    const ready = graph.nodes.flatMap(({ inputs }, i) => (!place.has(i) && inputs.every((from) => place.has(from)) ? [i] : []));
    const next = ready[random.int(ready.length)];
    place.set(next, order.length);
    order.push(next);
  }
  const nodes = order.map((i) => ({
    ...graph.nodes[i],
    name: `n${random.int(1000)}`,
    inputs: graph.nodes[i].inputs.map((from) => place.get(from) ?? 0),
  }));
  return { ...graph, name: 'shuffled', nodes };
}

test.each(['hiaml', 'two-path', 'nasbench201'] as const)('names and order of nodes do not matter: %s', (id) => {
  const family = graphFamilies[id] as unknown as (typeof graphFamilies)['hiaml'];
  const graph = family.toCompute(family.sample(rng(4)));
  const vocabulary = frequentOperations([graph], 5);
  const one = computeFeatures([graph], { vocabulary });
  expect(computeFeatures([shuffled(graph, 1)], { vocabulary })).toEqual(one);
});

describe('on a cell written down as a graph', () => {
  const window = { stride: [1, 1], dilation: [1, 1], padding: 'same', groups: 1, bias: false } as const;
  const ops: Readonly<Record<string, AtomicOp>> = {
    input: { type: 'input', shape: [8, 8, 4] },
    output: { type: 'output' },
    'conv3x3-bn-relu': { type: 'conv2d', filters: 4, kernel: [3, 3], ...window },
    'conv1x1-bn-relu': { type: 'conv2d', filters: 4, kernel: [1, 1], ...window },
    maxpool3x3: { type: 'pool', mode: 'max', kernel: [3, 3], stride: [1, 1], padding: 'same' },
  };
  const names: Readonly<Record<string, string>> = {
    'conv3x3-bn-relu': 'conv3x3',
    'conv1x1-bn-relu': 'conv1x1',
    maxpool3x3: 'maxpool3x3',
  };

  function asNetwork(cell: NodeGraph): ComputeGraph {
    const builder = new ComputeBuilder();
    cell.nodes.forEach((op, node) => {
      const inputs = cell.edges.flatMap(([from, to]) => (to === node ? [from] : []));
      builder.add(ops[op], inputs, `vertex${node}`);
    });
    return builder.graph('cell');
  }

  test('counts, shortest and longest paths and degrees are GRAF’s own on NAS-Bench-101', () => {
    const random = rng(9);
    const cells = Array.from({ length: 60 }, () => nasbench101.toGraph(nasbench101.sample(random)) as NodeGraph);
    const own = [...cells[0].vocabulary.ops];
    const vocabulary = own.map((op) => names[op]);
    const ids = new Map(own.map((op, i) => [op, i + cells[0].vocabulary.markers.length]));
    const graf = features(cells, ['op_count', 'min_path_len', 'max_op_on_path', 'node_degree'], { version: 'main' });
    const ours = computeFeatures(cells.map(asNetwork), { vocabulary });
    const subsets: string[][] = [[]];
    for (const op of own) subsets.push(...subsets.map((set) => [...set, op]));
    const listed = (set: readonly string[]): string => `(${set.map((op) => names[op]).join(', ')})`;
    const numbered = (set: readonly string[]): string => `(${set.map((op) => ids.get(op)).join(', ')})`;
    for (let row = 0; row < cells.length; row++) {
      for (const op of own) {
        expect(value(ours, `compute_op_count_${names[op]}`, row)).toBe(value(graf, `op_count_${ids.get(op)}`, row));
        for (const degree of ['in_degree', 'out_degree', 'avg_in', 'avg_out']) {
          const reference = value(graf, `node_degree_allowed_(${ids.get(op)})_${degree}`, row);
          expect(value(ours, `compute_node_degree_${names[op]}_${degree}`, row)).toBeCloseTo(reference, 12);
        }
      }
      for (const banned of subsets) {
        if (banned.length === own.length) continue;
        const allowed = own.filter((op) => !banned.includes(op));
        const shortest = value(graf, `min_path_len_banned_${numbered(banned)}`, row);
        expect(value(ours, `compute_min_path_len_banned_${listed(banned)}`, row)).toBe(shortest);
        // The reference subtracts three; -4 is no path.
        const longest = value(graf, `max_op_on_path_allowed_${numbered(allowed)}`, row) + 3;
        expect(value(ours, `compute_max_path_len_banned_${listed(banned)}`, row)).toBe(Math.max(longest, 0));
      }
    }
  });
});

test('a small network by hand: stages, degrees and paths', () => {
  const builder = new ComputeBuilder();
  const conv = { type: 'conv2d', filters: 4, kernel: [3, 3], dilation: [1, 1], padding: 'same', groups: 1, bias: false } as const;
  const input = builder.add({ type: 'input', shape: [16, 16, 3] }, [], 'input');
  const a = builder.add({ ...conv, stride: [1, 1] }, [input], 'a');
  const relu = builder.add({ type: 'activation', function: 'relu' }, [a], 'relu');
  const sum = builder.add({ type: 'add' }, [a, relu], 'sum');
  const b = builder.add({ ...conv, stride: [2, 2] }, [sum], 'b');
  const mean = builder.add({ type: 'mean', keepDims: false }, [b], 'mean');
  builder.add({ type: 'output' }, [mean], 'output');
  const table = computeFeatures([builder.graph('small')], { vocabulary: ['conv3x3', 'relu'] });
  const read = (name: string): number => value(table, `compute_${name}`);
  expect([read('op_count_conv3x3'), read('op_count_relu'), read('op_count_rest')]).toEqual([2, 1, 2]);
  // input - a - sum - b - mean - output; with the activation one more; without convolutions none: 7 nodes.
  expect([read('min_path_len_banned_()'), read('max_path_len_banned_()')]).toEqual([5, 6]);
  expect([read('min_path_len_banned_(conv3x3)'), read('max_path_len_banned_(conv3x3)')]).toEqual([7, 0]);
  expect([read('stage_0_conv3x3'), read('stage_1_conv3x3'), read('stage_5_nodes')]).toEqual([1, 1, 2]);
  expect([read('node_degree_conv3x3_out_degree'), read('joins'), read('forks')]).toEqual([1, 1 / 7, 1 / 7]);
});
