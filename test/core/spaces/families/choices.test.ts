import { expect, it } from 'vitest';
import { rng } from '../../../../src/core/base/rng.js';
import { writeCg } from '../../../../src/core/ir/cg-json.js';
import { readCg } from '../../../../src/core/ir/cg-json-read.js';
import { cgName } from '../../../../src/core/ir/cg-vocabulary.js';
import { type ComputeGraph, computeEdges } from '../../../../src/core/ir/compute-graph.js';
import { inferShapes } from '../../../../src/core/ir/shapes.js';
import { hiaml } from '../../../../src/core/spaces/families/hiaml.js';
import { inception } from '../../../../src/core/spaces/families/inception.js';
import { nb101 } from '../../../../src/core/spaces/families/nb101.js';
import { nb201 } from '../../../../src/core/spaces/families/nb201.js';
import { ofaResnet } from '../../../../src/core/spaces/families/ofa-resnet.js';
import { twoPath } from '../../../../src/core/spaces/families/two-path.js';

const count = (graph: ComputeGraph, name: string): number => graph.nodes.filter((node) => cgName(node.op) === name).length;

it('NAS-Bench-201: the best network has 306 nodes as released, and 291 as the released code would make it', () => {
  const best = nb201.parse(nb201.example);
  const graphs = [nb201.toCompute(best), nb201.toCompute(best, { skip: 'pruned' })];
  expect(graphs.map((graph) => graph.nodes.length)).toEqual([306, 291]);
  // The one that is left is the head's dropout.
  expect(graphs.map((graph) => count(graph, 'identity'))).toEqual([16, 1]);
});

it('NAS-Bench-201: a none edge is left out, a node that is read without inputs is one Zero', () => {
  const cell = (text: string): ComputeGraph => nb201.toCompute(nb201.parse(text));
  const full = cell('|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|');
  const oneLess = cell('|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|none~0|nor_conv_3x3~1|nor_conv_3x3~2|');
  // ReLU, convolution, norm and one sum less in each of fifteen cells.
  expect(full.nodes.length - oneLess.nodes.length).toBe(15 * 4);
  expect(count(oneLess, 'zero')).toBe(0);

  const noFirst = cell('|none~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|none~2|');
  expect(count(noFirst, 'zero')).toBe(15);
  const shapes = inferShapes(noFirst);
  const zeros = noFirst.nodes.flatMap((node, i) => (node.op.type === 'zero' ? [{ node, shape: shapes.out[i] }] : []));
  expect(new Set(zeros.map(({ shape }) => shape.join()))).toEqual(new Set(['32,32,16', '16,16,32', '8,8,64']));
  expect(zeros.every(({ node }) => node.inputs.length === 0)).toBe(true);

  // Node 1 is empty but nothing reads it.
  expect(count(cell('|none~0|+|nor_conv_3x3~0|none~1|+|nor_conv_3x3~0|none~1|none~2|'), 'zero')).toBe(0);
  expect(count(cell('|none~0|+|none~0|none~1|+|none~0|none~1|none~2|'), 'zero')).toBe(15);
});

it('NAS-Bench-101: a vertex with fewer channels reads the first of a wider one', () => {
  // Vertices 2 and 3 share the output's 128 channels; vertex 1 feeds 2 only and has as many as that.
  const graph = nb101.toCompute(nb101.parse('(0,1,0,0,1, 0,0,1,1,0, 0,0,0,0,1, 0,0,0,0,1, 0,0,0,0,0, 0,4,2,4,1)'));
  const shapes = inferShapes(graph);
  const concat = graph.nodes.findIndex((node) => node.op.type === 'concat');
  expect(graph.nodes[concat].inputs.map((input) => shapes.out[input][2])).toEqual([64, 64]);

  // Three vertices feed the output: 43, 43, 42. The third reads the first, which has one channel more.
  const cut = nb101.toCompute(nb101.parse('(0,1,1,0,0, 0,0,0,1,1, 0,0,0,0,1, 0,0,0,0,1, 0,0,0,0,0, 0,2,2,2,1)'));
  const seen = inferShapes(cut);
  const first = cut.nodes.findIndex((node) => node.op.type === 'concat');
  expect(cut.nodes[first].inputs.map((input) => seen.out[input][2])).toEqual([43, 43, 42]);
  const narrow = cut.nodes.findIndex((node) => node.name === 'stack0/module0/vertex_3/maxpool');
  expect([seen.out[cut.nodes[narrow].inputs[0]][2], seen.in[narrow][2], seen.out[narrow][2]]).toEqual([43, 42, 42]);
  expect(readCg(writeCg(cut))).toEqual(cut);
});

it('Inception: draws keep to the budgets of the data, or to those of the released code', () => {
  const lengths = (budgets: 'data' | 'released'): { most: number[]; least: number[] } => {
    const most = [0, 0, 0, 0];
    const least = [99, 99, 99, 99];
    for (let i = 0; i < 400; i++) {
      for (const { paths } of inception.sample(rng(i), { budgets }).stages) {
        const ops = paths.map((path) => path.ops.length);
        const at = paths.length - 1;
        most[at] = Math.max(
          most[at],
          ops.reduce((a, b) => a + b, 0),
        );
        least[at] = Math.min(least[at], ...ops);
      }
    }
    return { most, least };
  };
  expect(lengths('data')).toEqual({ most: [4, 8, 12, 16], least: [1, 1, 1, 1] });
  expect(lengths('released')).toEqual({ most: [3, 4, 8, 10], least: [1, 1, 2, 2] });
});

it('HiAML: the smallest and the largest networks have 55 and 167 nodes, the published range of random ones within', () => {
  const sizes = hiaml.sample(rng(0)).blocks.length;
  expect(sizes).toBe(4);
  expect(['l20', 't31'].map((block) => hiaml.toCompute(hiaml.parse(Array(4).fill(block).join(','))).nodes.length)).toEqual([
    55, 167,
  ]);
});

it('families: node counts of random networks stay in the published ranges', () => {
  const range = (sizes: readonly number[]): [number, number] => [Math.min(...sizes), Math.max(...sizes)];
  const sizes = Array.from({ length: 60 }, (_, i) => ofaResnet.toCompute(ofaResnet.sample(rng(i))).nodes.length);
  expect(range(sizes)[0]).toBeGreaterThanOrEqual(123);
  expect(range(sizes)[1]).toBeLessThanOrEqual(207);
  const cells = Array.from({ length: 200 }, (_, i) => nb201.toCompute(nb201.sample(rng(i))).nodes.length);
  // Published: 266 on average, 156 when all skip, 336 when none does.
  expect(Math.abs(cells.reduce((a, b) => a + b, 0) / cells.length - 266)).toBeLessThan(8);
  expect(range(cells)[0]).toBeGreaterThanOrEqual(156);
  expect(range(cells)[1]).toBeLessThanOrEqual(336);
  const paths = Array.from({ length: 200 }, (_, i) => twoPath.toCompute(twoPath.sample(rng(i))).nodes.length);
  const mean = paths.reduce((a, b) => a + b, 0) / paths.length;
  // Published: 70 on average, 42 to 96.
  expect(Math.abs(mean - 70)).toBeLessThan(5);
});

it('NAS-Bench-101: every network has one edge at least into each node but the image', () => {
  const graph = nb101.toCompute(nb101.sample(rng(4)));
  const reached = new Set(computeEdges(graph).map(([, to]) => to));
  expect(graph.nodes.flatMap((_, i) => (reached.has(i) ? [] : [i]))).toEqual([0]);
});
