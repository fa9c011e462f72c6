import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rng } from '../../src/core/base/rng.js';
import type { CellGraph } from '../../src/core/ir/cell-graph.js';
import { spaces } from '../../src/core/spaces/index.js';
import type { SearchSpace } from '../../src/core/spaces/space.js';
import { describe as inWords, picture } from '../../src/notebook/cell-picture.js';
import { layeredLayout } from '../../src/notebook/layered-layout.js';
import { elements } from './xml.js';

const hostile: CellGraph = {
  kind: 'node-ops',
  space: '"><script>',
  vocabulary: { markers: ['in'], ops: ['</text><script>alert(1)</script>', 'a&b\u0000'], phantoms: [], zero: null },
  nodes: ['in', '</text><script>alert(1)</script>', 'a&b\u0000'],
  input: 0,
  output: 2,
  edges: [
    [0, 1],
    [1, 2],
  ],
};

describe.each(Object.values(spaces) as SearchSpace[])('a picture of $id', (space) => {
  test('is well-formed XML that names every operation as often as it occurs', () => {
    for (let i = 0; i < 30; i++) {
      const graph = space.toGraph(space.sample(rng(i)));
      const labels = elements(picture(graph))
        .filter((element) => element.name === 'text')
        .map((element) => element.text);
      for (const op of opsOf(graph)) {
        expect(labels).toContain(op);
        labels.splice(labels.indexOf(op), 1);
      }
    }
  });

  test('dashes the connections of the zero operation and no others', () => {
    for (let i = 0; i < 30; i++) {
      const graph = space.toGraph(space.sample(rng(i)));
      const zeros = opsOf(graph).filter((op) => op === graph.vocabulary.zero).length;
      const dashed = elements(picture(graph)).filter(
        (element) => element.name === 'path' && 'stroke-dasharray' in element.attributes,
      );
      expect(dashed.length).toBe(2 * zeros);
    }
  });

  test('is the same every time', () => {
    const graph = space.toGraph(space.sample(rng(1)));
    expect(picture(graph)).toBe(picture(JSON.parse(JSON.stringify(graph)) as CellGraph));
    expect(inWords(graph)).toContain(space.id);
  });
});

test('a picture shows names as text, whatever they hold', () => {
  const all = elements(picture(hostile));
  expect(all.map((element) => element.name)).not.toContain('script');
  expect(all.filter((element) => element.name === 'text').map((element) => element.text)).toEqual([
    'in',
    '</text><script>alert(1)</script>',
    'a&b\ufffd',
  ]);
});

describe('the layered layout', () => {
  const dag = fc.integer({ min: 1, max: 9 }).chain((n) =>
    fc.record({
      boxes: fc.array(fc.record({ width: fc.integer({ min: 5, max: 90 }), height: fc.integer({ min: 5, max: 40 }) }), {
        minLength: n,
        maxLength: n,
      }),
      edges:
        n < 2
          ? fc.constant([])
          : fc.array(
              fc.tuple(fc.nat(n - 2), fc.nat(n)).map(([from, step]) => [from, Math.min(n - 1, from + 1 + step)] as const),
              { maxLength: 14 },
            ),
    }),
  );
  const gaps = { betweenLayers: 20, betweenNodes: 10 };

  test('never lays boxes on each other, keeps them inside, and leads edges from left to right', () => {
    fc.assert(
      fc.property(dag, ({ boxes, edges }) => {
        const layout = layeredLayout(boxes, edges, gaps);
        const rects = boxes.map((box, i) => ({
          left: layout.nodes[i].x - box.width / 2,
          right: layout.nodes[i].x + box.width / 2,
          top: layout.nodes[i].y - box.height / 2,
          bottom: layout.nodes[i].y + box.height / 2,
        }));
        const slack = 1e-6;
        for (const [i, a] of rects.entries()) {
          expect(
            a.left >= -slack && a.top >= -slack && a.right <= layout.width + slack && a.bottom <= layout.height + slack,
          ).toBe(true);
          for (const b of rects.slice(0, i)) {
            expect(
              a.left >= b.right - slack || b.left >= a.right - slack || a.top >= b.bottom - slack || b.top >= a.bottom - slack,
            ).toBe(true);
          }
        }
        for (const [e, [from, to]] of edges.entries()) {
          const xs = layout.routes[e].map((point) => point.x);
          expect(xs[0]).toBeCloseTo(rects[from].right, 6);
          expect(xs[xs.length - 1]).toBeCloseTo(rects[to].left, 6);
          expect(xs.every((x, i) => i === 0 || x >= xs[i - 1] - slack)).toBe(true);
        }
      }),
    );
  });

  test('refuses a cycle', () => {
    const box = { width: 1, height: 1 };
    expect(() =>
      layeredLayout(
        [box, box],
        [
          [0, 1],
          [1, 0],
        ],
        gaps,
      ),
    ).toThrow('without a cycle');
  });
});

function opsOf(graph: CellGraph): string[] {
  switch (graph.kind) {
    case 'edge-ops':
      return graph.edges.map((edge) => edge.op).filter((op) => !graph.vocabulary.markers.includes(op));
    case 'node-ops':
      return [...graph.nodes];
    case 'sequence':
      return [...graph.blocks];
    case 'cell-stack':
      return graph.cells.flatMap((cell) => opsOf(cell.graph));
  }
}
