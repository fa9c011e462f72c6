import { describe, expect, it } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { spaces } from '../../../src/core/spaces/index.js';
import { isPruned } from '../../../src/core/spaces/nb101-spec.js';
import type { ArchId } from '../../../src/core/spaces/space.js';
import { describeShared, readShared } from '../../shared.js';

const { nasbench101 } = spaces;
type Pairs = readonly (readonly [number, number])[];

/** A cell from its edges and the operations between input and output. */
function cell(edges: Pairs, inner: readonly string[]): ArchId<'nasbench101'> {
  const ops = ['input', ...inner, 'output'];
  const matrix = ops.map((_, i) => ops.map((_, j) => (edges.some(([from, to]) => from === i && to === j) ? 1 : 0)));
  return nasbench101.parse(JSON.stringify({ matrix, ops }));
}

const [conv1, conv3, pool] = ['conv1x1-bn-relu', 'conv3x3-bn-relu', 'maxpool3x3'];

describe('the graph hash', () => {
  it("is the official one of two cells of the benchmark's file", () => {
    const first = cell(
      [
        [0, 1],
        [0, 4],
        [0, 5],
        [1, 2],
        [2, 3],
        [2, 6],
        [3, 5],
        [4, 5],
        [5, 6],
      ],
      [conv3, pool, conv3, conv3, conv1],
    );
    expect(nasbench101.identity(first)).toBe('00005c142e6f48ac74fdcf73e3439874');
    const second = cell(
      [
        [0, 1],
        [0, 2],
        [0, 3],
        [0, 5],
        [1, 6],
        [2, 6],
        [3, 4],
        [4, 6],
        [5, 6],
      ],
      [conv1, conv3, conv3, conv3, pool],
    );
    expect(nasbench101.identity(second)).toBe('28cfc7874f6d200472e1a9dcd8650aa0');
  });

  it('does not depend on the order of the vertices, nor on vertices that compute nothing', () => {
    const branches: Pairs = [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 4],
      [2, 4],
      [3, 4],
    ];
    const identity = nasbench101.identity(cell(branches, [conv1, conv3, pool]));
    expect(nasbench101.identity(cell(branches, [pool, conv1, conv3]))).toBe(identity);
    expect(nasbench101.identity(cell(branches, [conv1, conv3, conv3]))).not.toBe(identity);
    const deadEnd: Pairs = [
      [0, 1],
      [0, 2],
      [0, 3],
      [0, 4],
      [1, 5],
      [2, 5],
      [3, 5],
    ];
    expect(nasbench101.identity(cell(deadEnd, [conv1, conv3, pool, conv1]))).toBe(identity);
  });
});

describe('pruning', () => {
  it('drops dead ends and vertices without a source, and keeps the order of the others', () => {
    // Vertex 1 has no source, vertex 4 leads nowhere, vertex 3 only follows vertex 1.
    const arch = cell(
      [
        [0, 2],
        [1, 3],
        [2, 4],
        [2, 5],
        [3, 5],
      ],
      [conv1, conv3, pool, conv1],
    );
    expect(nasbench101.canonical(arch)).toBe(
      nasbench101.parse(
        JSON.stringify({
          matrix: [
            [0, 1, 0],
            [0, 0, 1],
            [0, 0, 0],
          ],
          ops: ['input', conv3, 'output'],
        }),
      ),
    );
  });

  it('lets a cell have more than nine edges when those too many fall away', () => {
    const nine: Pairs = [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
      [0, 5],
      [1, 5],
      [3, 5],
    ];
    const arch = cell([...nine, [0, 4], [1, 4]], [conv1, conv3, pool, conv1]);
    expect(nasbench101.toGraph(arch).edges.length).toBe(11);
    expect(nasbench101.toGraph(nasbench101.canonical(arch)).edges.length).toBe(9);
  });
});

describe('the space', () => {
  it('has as many pruned cells as a listing of all matrices finds', () => {
    let cells = 0;
    for (let n = 2; n <= 7; n++) {
      for (let bits = 0; bits < 2 ** ((n * (n - 1)) / 2); bits++) {
        const rows: number[] = [];
        for (let i = 0, rest = bits; i < n; rest >>>= n - 1 - i, i++) rows.push((rest & ((1 << (n - 1 - i)) - 1)) << (i + 1));
        if (isPruned(rows)) cells += 3 ** (n - 2);
      }
    }
    expect(cells).toBe(nasbench101.size);
  });

  it('is sampled in proportion: nine cells in ten have seven vertices, operations are even', () => {
    const stream = rng(3);
    const graphs = Array.from({ length: 3000 }, () => nasbench101.toGraph(nasbench101.sample(stream)));
    // 4793 * 3^5 of 1,293,208; five standard deviations of 3,000 draws are 2.7 %.
    expect(Math.abs(graphs.filter((graph) => graph.nodes.length === 7).length / 3000 - 0.9006)).toBeLessThan(0.027);
    const inner = graphs.flatMap((graph) => graph.nodes.slice(1, -1));
    for (const op of nasbench101.vocabulary.ops) {
      expect(Math.abs(inner.filter((used) => used === op).length / inner.length - 1 / 3)).toBeLessThan(0.02);
    }
  });

  it('knows every neighbour of the smallest cells', () => {
    const direct = nasbench101.parse('(0, 1, 0, 0, 0, 1)');
    expect(nasbench101.neighbours(direct)).toEqual([]);
    const chain = cell(
      [
        [0, 1],
        [1, 2],
      ],
      [conv1],
    );
    const withSkip = cell(
      [
        [0, 1],
        [0, 2],
        [1, 2],
      ],
      [conv1],
    );
    expect(new Set(nasbench101.neighbours(chain))).toEqual(
      new Set([
        cell(
          [
            [0, 1],
            [1, 2],
          ],
          [conv3],
        ),
        cell(
          [
            [0, 1],
            [1, 2],
          ],
          [pool],
        ),
        withSkip,
      ]),
    );
  });
});

it('reads a cell under every name that upstream gives its parts', () => {
  const arch = cell(
    [
      [0, 1],
      [1, 2],
    ],
    [conv3],
  );
  for (const text of [
    "{'matrix': [[0, 1, 0], [0, 0, 1], [0, 0, 0]], 'ops': ['input', 'conv3x3-bn-relu', 'output']}",
    'ModelSpec(matrix=[[0, 1, 0], [0, 0, 1], [0, 0, 0]], ops=["input", "conv3x3-bn-relu", "output"])',
    '{"module_operations":["input","conv3x3-bn-relu","output"],"module_adjacency":[[0,1,0],[0,0,1],[0,0,0]]}',
    '(0,1,0,0,0,1,0,0,0,0,4,1)',
    '[0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 4, 1]',
  ]) {
    expect(nasbench101.parse(text)).toBe(arch);
  }
});

describeShared("NASLib's files of proxies", () => {
  it('name 500 NAS-Bench-101 and 500 NAS-Bench-301 nets that parse', () => {
    const folder = ['upstream', 'automl', 'NASLib', '9052f540457588af87633988cc1036bd2250419e', 'naslib', 'data'];
    for (const space of [nasbench101, spaces.nasbench301]) {
      const nets = Object.keys(JSON.parse(readShared(...folder, `zc_${space.id}.json`))[space.id].cifar10);
      expect(nets.length).toBe(500);
      expect(new Set(nets.map((net) => space.parse(net))).size).toBe(500);
    }
  });
});
