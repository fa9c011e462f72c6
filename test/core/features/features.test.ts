import { describe, expect, test } from 'vitest';
import type { FeatureTable } from '../../../src/core/base/table.js';
import { type FamilyId, features, featuresFrom, onehot, pathEncoding } from '../../../src/core/features/index.js';
import type { EdgeGraph } from '../../../src/core/ir/cell-graph.js';
import { type SpaceId, spaceNamed } from '../../../src/core/spaces/index.js';
import { workedExamples } from './worked-examples.js';

describe('worked examples', () => {
  for (const { space, net, says, values } of workedExamples) {
    test.each(['icml24', 'main'] as const)(`${space}, ${says}: %s`, (version) => {
      const table = features([graphOf(space, net)], undefined, { version });
      const got = Object.fromEntries(Object.keys(values).map((name) => [name, numberIn(table, name)]));
      const expected = Object.entries(values).map(([name, value]) => [
        name,
        typeof value === 'number' ? value : value[version === 'icml24' ? 0 : 1],
      ]);
      expect(got).toEqual(Object.fromEntries(expected));
    });
  }
});

describe('columns', () => {
  // Full and short sizes of the reference's configurations (graf.md 2.7).
  test.each([
    ['nasbench201', '(4, 0, 3, 1, 4, 3)', 191, 87],
    ['transnas-micro', '(3, 1, 2, 0, 1, 3)', 95, 5 + 15 + 15 + 16],
    ['nasbench101', '(0, 1, 0, 0, 0, 1)', 47, 31],
    ['nasbench301', workedExamples[7].net, 1540, 580],
    ['transnas-macro', '(2, 3, 2, 3, 2, 3)', 16, 16],
  ] as const)('%s has as many as the reference, full and short', (space, net, full, short) => {
    const graph = graphOf(space, net);
    const columnsOf = (config: 'full' | 'short'): number => features([graph], undefined, { config }).columns.length;
    expect([columnsOf('full'), columnsOf('short')]).toEqual([full, short]);
  });

  test('the short ones are the full ones less the degrees of larger sets', () => {
    const graph = graphOf('nasbench201', '(4, 0, 3, 1, 4, 3)');
    const full = features([graph]).columns.map((column) => column.name);
    const short = features([graph], undefined, { config: 'short' }).columns.map((column) => column.name);
    expect(short).toEqual(full.filter((name) => !/node_degree_allowed_\(\d,/.test(name)));
  });

  test('the operation that no TransNAS network holds is counted in icml24 only, as 0', () => {
    const graph = graphOf('transnas-micro', '(3, 1, 2, 0, 1, 3)');
    const counts = (version: 'icml24' | 'main'): FeatureTable => features([graph], ['op_count'], { version });
    expect(counts('icml24').columns.map((column) => column.name)).toContain('op_count_4');
    expect(numberIn(counts('icml24'), 'op_count_4')).toBe(0);
    expect(counts('main').columns.map((column) => column.name)).not.toContain('op_count_4');
  });

  test('say what they count, the misnamed degrees too', () => {
    const says = (space: SpaceId, net: string, name: string): string | undefined =>
      features([graphOf(space, net)]).columns.find((column) => column.name === name)?.says;
    const nb201 = '(4, 0, 3, 1, 4, 3)';
    const nb101 = '(0, 1, 0, 0, 0, 1)';
    expect(says('nasbench201', nb201, 'min_path_len_banned_(1, 3, 4)')).toBe(
      'shortest path using only skip_connect, nor_conv_3x3',
    );
    expect(says('nasbench201', nb201, 'node_degree_allowed_(2)_in_degree')).toBe('edges with nor_conv_3x3 that leave the input');
    expect(says('nasbench201', nb201, 'node_degree_allowed_(2)_out_degree')).toBe(
      'edges with nor_conv_3x3 that enter the output',
    );
    expect(says('nasbench101', nb101, 'node_degree_allowed_(2)_in_degree')).toBe('edges from maxpool3x3 into the output');
    expect(says('nasbench101', nb101, 'node_degree_allowed_(2)_out_degree')).toBe('edges from the input to maxpool3x3');
    expect(says('nasbench301', workedExamples[7].net, 'op_count_reduce_1')).toBe(
      'number of max_pool_3x3 edges in the reduce cell',
    );
  });

  test('every meaning is told apart from every other, and none is empty', () => {
    for (const { space, net } of workedExamples) {
      const { columns } = features([graphOf(space, net)]);
      expect(new Set(columns.map((column) => `${column.says}, ${column.family}`)).size).toBe(columns.length);
      expect(columns.filter((column) => column.says === '' || column.unit === '')).toEqual([]);
    }
  });

  test('stand in the reference order whatever order the families are asked in', () => {
    const graphs = [graphOf('nasbench201', '(4, 0, 3, 1, 4, 3)')];
    const table = features(graphs, ['node_degree', 'op_count']);
    expect(table.columns.slice(0, 5).map((column) => column.family)).toEqual(Array(5).fill('op_count'));
    expect(table).toEqual(features(graphs, ['op_count', 'node_degree']));
  });
});

describe('rows', () => {
  test('graphs made one by one give the table of the list', () => {
    const nets = ['(4, 0, 3, 1, 4, 3)', '(2, 1, 0, 0, 4, 0)', '(1, 1, 1, 1, 1, 1)'];
    const graphs = nets.map((net) => graphOf('nasbench201', net));
    const asked: number[] = [];
    const table = featuresFrom(nets.length, (row) => {
      asked.push(row);
      return graphOf('nasbench201', nets[row]);
    });
    expect(table).toEqual(features(graphs));
    expect(asked).toEqual([0, 1, 2]);
  });

  test('a table is made anew each time: changing one leaves the next alone', () => {
    const graphs = [graphOf('nasbench201', '(4, 0, 3, 1, 4, 3)')];
    const first = features(graphs);
    const before = first.values.map((column) => column[0]);
    for (const column of first.values) column[0] = 99;
    expect(features(graphs).values.map((column) => column[0])).toEqual(before);
  });

  test('no graphs, or graphs of two spaces, are refused', () => {
    const mixed = [graphOf('nasbench201', '(4, 0, 3, 1, 4, 3)'), graphOf('transnas-micro', '(3, 1, 2, 0, 1, 3)')];
    for (const table of [features, onehot, pathEncoding]) {
      expect(() => table([])).toThrow(expect.objectContaining({ code: 'shape' }));
      expect(() => table(mixed)).toThrow(expect.objectContaining({ code: 'shape' }));
    }
  });

  test('an operation that the vocabulary lacks is named', () => {
    const graph = graphOf('nasbench201', '(4, 0, 3, 1, 4, 3)') as EdgeGraph;
    const strange = { ...graph, edges: graph.edges.map((edge, e) => (e === 2 ? { ...edge, op: 'swish' } : edge)) };
    expect(() => features([graph, strange])).toThrow(/graphs\[1\].*"swish"/);
    expect(() => onehot([graph, strange])).toThrow(/"swish"/);
  });

  test('an edge that goes back is refused', () => {
    const graph = graphOf('nasbench201', '(4, 0, 3, 1, 4, 3)') as EdgeGraph;
    const cyclic = { ...graph, edges: [...graph.edges, { from: 2, to: 1, op: 'none' }] };
    expect(() => features([cyclic])).toThrow(expect.objectContaining({ code: 'shape', got: '2 -> 1' }));
  });
});

describe('families', () => {
  const micro = [graphOf('transnas-micro', '(3, 1, 2, 0, 1, 3)')];

  test('an unknown one is refused with the names that there are', () => {
    expect(() => features(micro, ['op_counts' as FamilyId])).toThrow(
      expect.objectContaining({ code: 'parse', message: expect.stringContaining('op_count, min_path_len') }),
    );
    expect(() => features(micro, undefined, { version: 'icml' as 'icml24' })).toThrow(expect.objectContaining({ code: 'parse' }));
    expect(() => features(micro, undefined, { config: 'long' as 'full' })).toThrow(expect.objectContaining({ code: 'parse' }));
  });

  test('one that does not apply to the space is refused with those that do', () => {
    expect(() => features(micro, ['pos_state'])).toThrow(
      expect.objectContaining({ code: 'unsupported', instead: expect.stringContaining('node_degree') }),
    );
    const darts = [graphOf('nasbench301', workedExamples[7].net)];
    expect(() => features(darts, ['min_path_len'])).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  test('a cell too large for the tables is refused', () => {
    const graph = micro[0] as EdgeGraph;
    const pairs = Array.from({ length: 6 }, (_, from) => Array.from({ length: 5 - from }, (_, i) => [from, from + 1 + i])).flat();
    const edges = pairs.map(([from, to]) => ({ from, to, op: 'none' }));
    expect(() => features([{ ...graph, nodeCount: 6, output: 5, edges }])).toThrow(
      expect.objectContaining({ code: 'unsupported' }),
    );
    expect(() => features([{ ...graph, nodeCount: 16 }])).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });
});

function graphOf(id: SpaceId, net: string) {
  const space = spaceNamed(id);
  return space.toGraph(space.parse(net));
}

function numberIn(table: FeatureTable, name: string): number {
  const column = table.columns.findIndex((c) => c.name === name);
  if (column < 0) throw new Error(`no column ${name}`);
  return table.values[column][0];
}
