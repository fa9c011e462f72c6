import { describe, expect, it } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import type { EdgeGraph } from '../../../src/core/ir/cell-graph.js';
import { functionalClass, uniqueString } from '../../../src/core/spaces/cell-function.js';
import { spaces } from '../../../src/core/spaces/index.js';
import { isValid, type SearchSpace } from '../../../src/core/spaces/space.js';

const { nasbench201 } = spaces;
const transnasMicro = spaces['transnas-micro'];

const nb201 = (digits: string): EdgeGraph => nasbench201.toGraph(nasbench201.parse(digits));

describe('edges', () => {
  it('of NAS-Bench-201 stand by source in the tuple', () => {
    expect(nb201('403143').edges).toEqual([
      { from: 0, to: 1, op: 'avg_pool_3x3' },
      { from: 0, to: 2, op: 'skip_connect' },
      { from: 0, to: 3, op: 'nor_conv_1x1' },
      { from: 1, to: 2, op: 'none' },
      { from: 1, to: 3, op: 'avg_pool_3x3' },
      { from: 2, to: 3, op: 'nor_conv_1x1' },
    ]);
  });

  it('of TransNAS-Bench-101 stand by target, and its operations have other numbers', () => {
    const { edges } = transnasMicro.toGraph(transnasMicro.parse('64-41414-3_12_013'));
    expect(edges).toEqual([
      { from: 0, to: 1, op: 'nor_conv_3x3' },
      { from: 0, to: 2, op: 'skip_connect' },
      { from: 1, to: 2, op: 'nor_conv_1x1' },
      { from: 0, to: 3, op: 'none' },
      { from: 1, to: 3, op: 'skip_connect' },
      { from: 2, to: 3, op: 'nor_conv_3x3' },
    ]);
  });

  it('are the same objects in every graph, and cannot be changed', () => {
    expect(nb201('403143').edges[0]).toBe(nb201('400000').edges[0]);
    expect(Object.isFrozen(nb201('403143').edges[0])).toBe(true);
  });
});

describe('zeroing', () => {
  it("cleans the example of zc_combine's README", () => {
    const arch = nasbench201.parse('(2, 1, 0, 1, 0, 2)');
    expect(nasbench201.canonical(arch)).toBe('(2, 1, 0, 1, 0, 1)');
    expect(functionalClass(nasbench201.toGraph(arch))).toBe(functionalClass(nb201('210101')));
  });

  it.each([nasbench201, transnasMicro] as SearchSpace<
    string,
    EdgeGraph
  >[])('of $id keeps a net iff every edge with an operation lies on a path of such edges, and never changes the function', (space) => {
    for (const arch of space.all?.() ?? []) {
      const graph = space.toGraph(arch);
      expect(isValid(space, arch)).toBe(everyEdgeIsUsed(graph));
      expect(functionalClass(space.toGraph(space.canonical(arch)))).toBe(functionalClass(graph));
    }
  });
});

/** By definition, not by the rule: over the four paths of the cell. */
function everyEdgeIsUsed({ edges }: EdgeGraph): boolean {
  const used = new Set<string>();
  for (const nodes of [
    [0, 3],
    [0, 1, 3],
    [0, 2, 3],
    [0, 1, 2, 3],
  ]) {
    const path = nodes.slice(1).map((to, i) => edges.find((edge) => edge.from === nodes[i] && edge.to === to));
    if (path.every((edge) => edge?.op !== 'none')) for (const edge of path) used.add(`${edge?.from} ${edge?.to}`);
  }
  return edges.every(({ from, to, op }) => op === 'none' || used.has(`${from} ${to}`));
}

describe('identity', () => {
  it('of NAS-Bench-201 is the official string, written by hand for one cell', () => {
    // Node 1: avg of the input. Node 2: skip of the input, none. Node 3: conv of the input, avg of node 1, conv of node 2.
    expect(nasbench201.identity(nasbench201.parse('403143'))).toBe(
      '(#+0)@nor_conv_1x1+((0)@avg_pool_3x3)@avg_pool_3x3+(0)@nor_conv_1x1',
    );
    expect(uniqueString(nb201('111111'))).toBe('#+#+#');
  });

  it('by function drops zero terms and flattens skipped sums, where the official string does not', () => {
    expect(functionalClass(nb201('403143'))).toBe('((0)@avg_pool_3x3)@avg_pool_3x3+(0)@nor_conv_1x1+(0)@nor_conv_1x1');
    expect(functionalClass(nb201('111111'))).toBe('');
    // The input plus its convolution, summed at node 2 and skipped on, against the same sum made at the output.
    const [nested, flat] = [nb201('201010'), nb201('210101')];
    expect([functionalClass(nested), functionalClass(flat)]).toEqual(['(0)@nor_conv_3x3+0', '(0)@nor_conv_3x3+0']);
    expect([uniqueString(nested), uniqueString(flat)]).toEqual(['#+#+(0)@nor_conv_3x3+0', '#+(0)@nor_conv_3x3+0']);
  });

  it.each([
    [nasbench201, 4930],
    [transnasMicro, 871],
  ] as [
    SearchSpace<string, EdgeGraph>,
    number,
  ][])('by function tells apart what numbers tell apart, and nothing else (%#)', (space, count) => {
    // A cell as a function of one number: each operation a different odd map, so that equal values mean equal functions.
    const maps: Record<string, (x: number) => number> = {
      skip_connect: (x) => x,
      none: () => 0,
      nor_conv_3x3: (x) => Math.tanh(3.1 * x),
      nor_conv_1x1: (x) => Math.sinh(0.7 * x),
      avg_pool_3x3: (x) => Math.atan(1.9 * x),
    };
    const value = ({ edges }: EdgeGraph): string => {
      const nodes = [0.37, 0, 0, 0];
      for (let to = 1; to < 4; to++) {
        const terms = edges.filter((edge) => edge.to === to).map((edge) => maps[edge.op](nodes[edge.from]));
        nodes[to] = terms.reduce((sum, term) => sum + term, 0);
      }
      return nodes[3].toFixed(11);
    };
    const values = new Map<string, string>();
    const classes = new Map<string, string>();
    for (const arch of space.all?.() ?? []) {
      const graph = space.toGraph(arch);
      const [form, result] = [functionalClass(graph), value(graph)];
      expect(values.get(form) ?? result).toBe(result);
      expect(classes.get(result) ?? form).toBe(form);
      values.set(form, result);
      classes.set(result, form);
    }
    expect(values.size).toBe(count);
  });
});

it('is sampled evenly', () => {
  const stream = rng(5);
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    nasbench201.toGraph(nasbench201.sample(stream)).edges.forEach(({ op }, k) => {
      counts.set(`${k} ${op}`, (counts.get(`${k} ${op}`) ?? 0) + 1);
    });
  }
  expect(counts.size).toBe(30);
  // 1,200 expected; five standard deviations are 155.
  for (const count of counts.values()) expect(Math.abs(count - 1200)).toBeLessThan(155);
});
