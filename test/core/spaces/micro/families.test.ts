import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rng } from '../../../../src/core/base/rng.js';
import { features } from '../../../../src/core/features/index.js';
import { computeEdges } from '../../../../src/core/ir/compute-graph.js';
import { cost } from '../../../../src/core/ir/cost.js';
import { inferShapes } from '../../../../src/core/ir/shapes.js';
import {
  drawMicro,
  type MicroFamily,
  microFamilies,
  microFamilyNamed,
  microSplit,
} from '../../../../src/core/spaces/micro/index.js';
import { nasbench201 } from '../../../../src/core/spaces/nasbench201.js';

const all = Object.values(microFamilies) as unknown as readonly MicroFamily[];

/** What every family promises. */
function familyLaws(family: MicroFamily): void {
  const arch = fc.nat(1e9).map((seed) => family.sample(rng(seed)));

  test('reads back what it writes', () => {
    fc.assert(
      fc.property(arch, (a) => {
        expect(family.parse(family.format(a))).toBe(a);
      }),
    );
  });

  test('has one canonical form, which is its own', () => {
    fc.assert(
      fc.property(arch, (a) => {
        const canonical = family.canonical(a);
        expect(family.canonical(canonical)).toBe(canonical);
        expect(family.canonicalId(a)).toBe(family.canonicalId(canonical));
        expect(family.drawnOnce(a)).toBe(family.drawnOnce(canonical));
      }),
    );
  });

  test('builds a network of the scenes’ shapes for each head, of one output, without unused nodes', () => {
    fc.assert(
      fc.property(arch.filter(family.isLive), (a) => {
        for (const [head, shape] of [
          ['classes', [10]],
          ['pixels', [12, 12, 1]],
        ] as const) {
          const graph = family.toCompute(a, head);
          const shapes = inferShapes(graph).out;
          expect(shapes[0]).toEqual([12, 12, 1]);
          expect(shapes[graph.nodes.length - 1]).toEqual(shape);
          const read = new Set(computeEdges(graph).map(([from]) => from));
          expect(graph.nodes.flatMap((_, i) => (read.has(i) ? [] : [i]))).toEqual([graph.nodes.length - 1]);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('gives the canonical network the cost of the part that is in use: never more than the text says', () => {
    fc.assert(
      fc.property(arch.filter(family.isLive), (a) => {
        const [live, written] = [cost(family.toCompute(a, 'classes')), cost(family.toComputeAsWritten(a, 'classes'))];
        expect(live.params).toBeLessThanOrEqual(written.params);
        expect(live.macs).toBeLessThanOrEqual(written.macs);
      }),
      { numRuns: 60 },
    );
  });

  test('draws different live architectures, a long draw starting with a short one', () => {
    const long = drawMicro(family, rng(1), 120);
    expect(new Set(long.map(family.drawnOnce)).size).toBe(120);
    expect(long.every(family.isLive)).toBe(true);
    expect(drawMicro(family, rng(1), 30)).toEqual(long.slice(0, 30));
    expect(drawMicro(family, rng(2), 30)).not.toEqual(long.slice(0, 30));
  });

  test('has graphs that GRAF describes by finite numbers', () => {
    const graphs = drawMicro(family, rng(5), 40).map((a) => family.space.toGraph(a));
    const table = features(graphs);
    expect(table.columns.length).toBeGreaterThan(40);
    expect(table.values.every((column) => Array.from(column).every(Number.isFinite))).toBe(true);
  });

  test('has neighbours that are other architectures of the space, each once', () => {
    fc.assert(
      fc.property(arch, (a) => {
        const near = family.space.neighbours(a);
        expect(near).not.toContain(a);
        expect(new Set(near).size).toBe(near.length);
        for (const other of near) expect(family.space.parse(family.space.format(other))).toBe(other);
      }),
      { numRuns: 20 },
    );
  });
}

for (const family of all) describe(`MicroBench family ${family.id}`, () => familyLaws(family));

describe('the NAS-Bench-201 family', () => {
  const { E201 } = microFamilies;
  const archs = [...(nasbench201.all?.() ?? [])];

  test('knows 4,930 functions, one of them that passes nothing on', () => {
    expect(new Set(archs.map(E201.drawnOnce)).size).toBe(4930);
    expect(new Set(archs.filter((a) => !E201.isLive(a)).map(E201.drawnOnce)).size).toBe(1);
  });

  test('trains cells of the same function and the same number of weights in each other’s place', () => {
    const weights = new Map<string, number>();
    for (const arch of archs.filter((_, i) => i % 37 === 0).filter(E201.isLive)) {
      const canonical = E201.canonical(arch);
      expect(E201.drawnOnce(canonical)).toBe(E201.drawnOnce(arch));
      const params = cost(E201.toComputeAsWritten(nasbench201.canonical(arch), 'classes')).params;
      expect(weights.get(canonical) ?? params).toBe(params);
      weights.set(canonical, params);
    }
    expect(weights.size).toBeGreaterThan(200);
  });

  test('counts weights on dead edges in the text but not in the network', () => {
    // Two cells of 8 and 16 channels; a 3x3 convolution has 9 c^2 weights, its batch norm 2 c. The edge 2-3 is dead.
    const arch = E201.parse('|nor_conv_3x3~0|+|none~0|none~1|+|none~0|skip_connect~1|nor_conv_3x3~2|');
    const oneConv = 9 * 8 * 8 + 2 * 8 + 9 * 16 * 16 + 2 * 16;
    const stem = 9 * 8 + 2 * 8;
    const reduction = 9 * 8 * 16 + 2 * 16;
    const head = 2 * 16 + 16 * 10 + 10;
    expect(cost(E201.toCompute(arch, 'classes')).params).toBe(stem + reduction + head + oneConv);
    expect(cost(E201.toComputeAsWritten(arch, 'classes')).params).toBe(stem + reduction + head + 2 * oneConv);
  });

  test('has a reduction of 1x1 before pixels, which are laid out from 16 channels of 3 x 3', () => {
    const arch = E201.parse('|skip_connect~0|+|none~0|none~1|+|none~0|skip_connect~1|none~2|');
    const stem = 9 * 8 + 2 * 8;
    const reduction = 8 * 16 + 2 * 16;
    const head = 2 * 16 + 16 * 16 + 16;
    expect(cost(E201.toCompute(arch, 'pixels')).params).toBe(stem + reduction + head);
  });
});

test('isomorphic NAS-Bench-101 cells are one network', () => {
  const { E101 } = microFamilies;
  const write = (ops: string[], matrix: number[][]): string => JSON.stringify({ matrix, ops: ['input', ...ops, 'output'] });
  const [a, b] = ['conv3x3-bn-relu', 'maxpool3x3'];
  // Two branches, written in either order.
  const one = E101.parse(
    write(
      [a, b],
      [
        [0, 1, 1, 0],
        [0, 0, 0, 1],
        [0, 0, 0, 1],
        [0, 0, 0, 0],
      ],
    ),
  );
  const other = E101.parse(
    write(
      [b, a],
      [
        [0, 1, 1, 0],
        [0, 0, 0, 1],
        [0, 0, 0, 1],
        [0, 0, 0, 0],
      ],
    ),
  );
  expect(one).not.toBe(other);
  expect(E101.canonical(one)).toBe(E101.canonical(other));
  expect(E101.canonicalId(one)).toBe(E101.canonicalId(other));
});

test('a NAS-Bench-101 cell projects its input to every vertex and what it concatenates: weights counted by hand', () => {
  const { E101 } = microFamilies;
  const params = (ops: string[], matrix: number[][]): number =>
    cost(E101.toCompute(E101.parse(JSON.stringify({ matrix, ops: ['input', ...ops, 'output'] })), 'classes')).params;
  const around = 9 * 8 + 2 * 8 + (9 * 8 * 16 + 2 * 16) + (2 * 16 + 16 * 10 + 10);
  // Two cells, of 8 and of 16 channels; each convolution with its batch norm.
  const both = (cell: (c: number) => number): number => around + cell(8) + cell(16);
  const [one, three] = [(c: number) => c * c + 2 * c, (c: number) => 9 * c * c + 2 * c];
  // A vertex, and an edge from the input to the output: a projection before each.
  const residual = params(
    ['conv3x3-bn-relu'],
    [
      [0, 1, 1],
      [0, 0, 1],
      [0, 0, 0],
    ],
  );
  expect(residual).toBe(both((c) => 2 * one(c) + three(c)));
  const branches = params(
    ['conv3x3-bn-relu', 'maxpool3x3'],
    [
      [0, 1, 1, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 1],
      [0, 0, 0, 0],
    ],
  );
  expect(branches).toBe(both((c) => 2 * one(c) + three(c) + (2 * c * c + 2 * c)));
});

test('a NAS-Bench-101 cell of seven vertices is refused by name', () => {
  const seven =
    '(0,1,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,4,4,4,4,4,1)';
  expect(() => microFamilies.E101.parse(seven)).toThrow(/E101: expected a cell of at most 6 vertices/);
});

test('the order in which two chains are written does not matter', () => {
  const { E2P } = microFamilies;
  expect(E2P.canonical(E2P.parse('c3,mp3|c1/add'))).toBe(E2P.canonical(E2P.parse('c1|c3,mp3/add')));
});

test('two chains meet in a sum, or in a concatenation that is projected back: weights counted by hand', () => {
  const { E2P } = microFamilies;
  const params = (text: string): number => cost(E2P.toCompute(E2P.parse(text), 'classes')).params;
  const around = 9 * 8 + 2 * 8 + (9 * 8 * 16 + 2 * 16) + (2 * 16 + 16 * 10 + 10);
  const both = (cell: (c: number) => number): number => around + cell(8) + cell(16);
  expect(params('c3,mp3|c1/add')).toBe(both((c) => 9 * c * c + 2 * c + c * c + 2 * c));
  expect(params('c3,mp3|c1/concat')).toBe(both((c) => 9 * c * c + 2 * c + c * c + 2 * c + 2 * c * c + 2 * c));
});

test('mobile blocks widen, look and narrow: their weights are counted by hand', () => {
  const { EMB } = microFamilies;
  const stem = 9 * 8 + 16;
  const head = 2 * 8 + 8 * 10 + 10;
  // k3e2: 1x1 to 16, depthwise 3x3, 1x1 to 8; k5e1; k3e1; each convolution with its batch norm.
  const first = 8 * 16 + 32 + 9 * 16 + 32 + 16 * 8 + 16;
  const second = 25 * 8 + 16 + 8 * 8 + 16;
  const third = 9 * 8 + 16 + 8 * 8 + 16;
  expect(cost(EMB.toCompute(EMB.parse('k3e2|k5e1|k3e1'), 'classes')).params).toBe(stem + first + second + third + head);
  const sums = (head: 'classes' | 'pixels'): number =>
    EMB.toCompute(EMB.parse('k3e2|k5e1,k3e1|k3e1'), head).nodes.filter(({ op }) => op.type === 'add').length;
  expect([sums('classes'), sums('pixels')]).toEqual([3, 0]);
});

test.each([
  ['EMB', 'k3e2|k5e1', 'another stage'],
  ['EMB', 'k3e3|k5e1|k3e1', 'one of k3e1, k3e2, k3e4, k5e1, k5e2, k5e4'],
  ['EMB', 'k3e1,k3e1,k3e1,k3e1|k5e1|k3e1', 'at most 3 blocks in a stage'],
  ['E2P', 'c3|c5/add', 'one of c1, c3, mp3, ap3'],
  ['E2P', 'c3|c1/mul', 'add or concat'],
  ['E2P', 'c3,c3,c3,c3,c3|c1/add', 'at most 4 operations'],
])('%s refuses %s saying what was expected', (family, text, expected) => {
  expect(() => microFamilyNamed(family).parse(text)).toThrow(expected);
});

test('splits go by the canonical id and hold about 65, 15 and 20 per cent', () => {
  const counts = { train_pool: 0, val: 0, test: 0 };
  for (let i = 0; i < 4000; i++) counts[microSplit('E201', `net ${i}`)]++;
  // Four standard errors of such a share are .03 at most.
  expect(Math.abs(counts.train_pool / 4000 - 0.65)).toBeLessThan(0.03);
  expect(Math.abs(counts.val / 4000 - 0.15)).toBeLessThan(0.03);
  expect(Math.abs(counts.test / 4000 - 0.2)).toBeLessThan(0.03);
  expect(microSplit('E201', 'net 1')).toBe(microSplit('E201', 'net 1'));
});
