import { describe, expect, it } from 'vitest';
import { ParseError, ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { features } from '../../../src/core/features/index.js';
import { functionalClass } from '../../../src/core/spaces/cell-function.js';
import { defineSpace } from '../../../src/core/spaces/define-space.js';
import { nasbench201 } from '../../../src/core/spaces/nasbench201.js';

const again = defineSpace({
  id: 'nasbench201-again',
  on: 'edges',
  ops: ['skip_connect', 'none', 'nor_conv_3x3', 'nor_conv_1x1', 'avg_pool_3x3'],
  zero: 'none',
  nodes: 4,
});

describe('NAS-Bench-201, defined as one’s own space', () => {
  it('lists the same 15,625 cells in the same order, with the same canonical forms and classes', () => {
    const [ours, theirs] = [[...(again.all?.() ?? [])], [...(nasbench201.all?.() ?? [])]];
    expect(ours).toEqual(theirs);
    expect(again.size).toBe(15625);
    expect(ours.map(again.canonical)).toEqual(theirs.map(nasbench201.canonical));
    expect(ours.map(again.identity)).toEqual(theirs.map((arch) => functionalClass(nasbench201.toGraph(arch))));
  });

  it('gives identical GRAF columns', () => {
    const x = features([...(again.all?.() ?? [])].map(again.toGraph));
    const y = features([...(nasbench201.all?.() ?? [])].map(nasbench201.toGraph));
    expect(x.columns).toEqual(y.columns);
    expect(x.values.filter((column, c) => column.some((value, row) => value !== y.values[c][row]))).toEqual([]);
    expect(x.rowCount).toBe(15625);
    expect(x.columns).toHaveLength(191);
  });

  it('has the same neighbours and draws', () => {
    const arch = again.parse('(4, 0, 3, 1, 4, 3)');
    expect(again.neighbours(arch)).toEqual(nasbench201.neighbours(nasbench201.parse('(4, 0, 3, 1, 4, 3)')));
    expect(again.sample(rng(3))).toBe(nasbench201.sample(rng(3)));
  });
});

describe('a space of one’s own', () => {
  const chain = defineSpace({
    id: 'diamond',
    on: 'nodes',
    ops: ['conv', 'conv_wide', 'pool'],
    nodes: 5,
    edges: [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
      [3, 4],
    ],
  });

  it('reads numbers and names, and writes names', () => {
    const arch = chain.parse('conv_wide|conv|pool');
    expect(arch).toBe('(1, 0, 2)');
    expect(chain.parse(' [1,0, 2] ')).toBe(arch);
    expect(chain.format(arch)).toBe('conv_wide|conv|pool');
    for (const encoding of chain.encodings) expect(chain.parse(encoding.example)).toBe('(0, 1, 2)');
    for (const text of ['', 'conv', 'conv|conv', 'conv|conv|conv|conv', 'conv|conv|max', '(0, 1)', '(0, 1, 3)', '(0, 1, 2) x']) {
      expect(() => chain.parse(text), text).toThrow(ParseError);
    }
  });

  it('makes graphs that the features can be had of', () => {
    const all = [...(chain.all?.() ?? [])];
    expect([all.length, chain.size, new Set(all).size]).toEqual([27, 27, 27]);
    const graph = chain.toGraph(all[5]);
    expect(graph.nodes).toEqual(['input', 'conv', 'conv_wide', 'pool', 'output']);
    const table = features(all.map(chain.toGraph), ['op_count']);
    expect(table.rowCount).toBe(27);
  });

  it('knows cells that compute the same: two branches may change places', () => {
    const same = (a: string, b: string): boolean => chain.identity(chain.parse(a)) === chain.identity(chain.parse(b));
    expect(same('conv|pool|conv', 'pool|conv|conv')).toBe(true);
    expect(same('conv|pool|conv', 'conv|conv|pool')).toBe(false);
  });

  it('is not listed when it is large', () => {
    const large = defineSpace({ id: 'large', on: 'edges', ops: ['a', 'b', 'c', 'd'], nodes: 6 });
    expect([large.all, large.size]).toEqual([null, 4 ** 15]);
    expect(large.parse(large.sample(rng(1)))).toBe(large.sample(rng(1)));
  });

  it('refuses parts that make no cell', () => {
    const parts = { id: 'x', on: 'edges', ops: ['a', 'b'], nodes: 3 } as const;
    const wrong = [
      { ...parts, ops: ['a'] },
      { ...parts, ops: ['a', 'a'] },
      { ...parts, ops: ['a', 'b|c'] },
      { ...parts, zero: 'c' },
      { ...parts, nodes: 1 },
      { ...parts, edges: [[1, 0]] as const },
      { ...parts, edges: [[0, 3]] as const },
      {
        ...parts,
        edges: [
          [0, 2],
          [0, 2],
        ] as const,
      },
      {
        ...parts,
        edges: [
          [0, 1],
          [0, 2],
        ] as const,
      },
    ];
    for (const each of wrong) expect(() => defineSpace(each)).toThrow(ShapeError);
  });
});
