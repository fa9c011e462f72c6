import { describe, expect, it } from 'vitest';
import { rng } from '../../src/core/base/rng.js';
import { ComputeBuilder } from '../../src/core/ir/compute-builder.js';
import { type Repeat, repeats } from '../../src/core/ir/repeats.js';
import { familyNamed, graphFamilies } from '../../src/core/spaces/families/index.js';
import { computePicture, describeCompute } from '../../src/notebook/compute-picture.js';
import { elements } from './xml.js';

const example = (id: string): ReturnType<ReturnType<typeof familyNamed>['toCompute']> => {
  const family = familyNamed(id);
  return family.toCompute(family.parse(family.example));
};

describe('pieces that repeat', () => {
  const lengths = (found: readonly Repeat[]): [number, number][] => found.map(({ from, to, times }) => [to - from, times]);

  it('are the cells of a stack, and the blocks of a stage', () => {
    // Stem and first norm; five cells of 19 nodes; a reduction of 7; and so on; mean, dropout, classifier, output.
    expect(lengths(repeats(example('nasbench201')))).toEqual([
      [3, 1],
      [19, 5],
      [7, 1],
      [19, 5],
      [7, 1],
      [19, 5],
      [4, 1],
    ]);
  });

  it('cover each node once, in order, whatever the network', () => {
    for (const id of Object.keys(graphFamilies)) {
      const family = familyNamed(id);
      const graph = family.toCompute(family.sample(rng(2).fork(id)));
      let at = 0;
      for (const { from, to, times } of repeats(graph)) {
        expect(from).toBe(at);
        expect(to).toBeGreaterThan(from);
        at += (to - from) * times;
      }
      expect(at).toBe(graph.nodes.length);
    }
  });

  it('are not seen in what differs by an attribute only', () => {
    const builder = new ComputeBuilder();
    let x = builder.add({ type: 'input', shape: [8, 8, 4] }, [], 'input');
    for (const bias of [true, false, true, true]) {
      x = builder.add({ type: 'batchnorm' }, [x], 'norm');
      x = builder.add({ type: 'activation', function: 'relu' }, [x], 'relu');
      x = builder.add({ type: 'dense', units: 4, bias }, [x], 'dense');
    }
    expect(lengths(repeats(builder.graph('g')))).toEqual([
      [7, 1],
      [3, 2],
    ]);
  });
});

describe('the picture of a network', () => {
  it('is well-formed, refers to nothing outside, and is the same each time', () => {
    for (const id of Object.keys(graphFamilies).filter((name) => name !== 'nasbench301')) {
      const graph = example(id);
      const svg = computePicture(graph);
      expect(computePicture(graph)).toBe(svg);
      const all = elements(svg);
      expect(all[0].name).toBe('svg');
      expect(all[1]).toMatchObject({ name: 'title', text: describeCompute(graph) });
      expect(all.filter((element) => element.name === 'script' || 'href' in element.attributes)).toEqual([]);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('draws a repeated cell once with its number, or each time', () => {
    const graph = example('nasbench201');
    const texts = (svg: string): string[] => elements(svg).flatMap((element) => (element.name === 'text' ? [element.text] : []));
    const once = texts(computePicture(graph));
    const each = texts(computePicture(graph, { repeated: 'each' }));
    expect(once.filter((text) => text === '× 5')).toHaveLength(3);
    expect([once, each].map((all) => all.filter((text) => text === 'identity').length)).toEqual([4, 16]);
    expect([once, each].map((all) => all.filter((text) => text.startsWith('conv')).length)).toEqual([3 * 5 + 7, 15 * 5 + 7]);
    expect(each.filter((text) => text.startsWith('×'))).toEqual([]);
  });

  it('keeps boxes apart and inside of the picture', () => {
    const [root, ...rest] = elements(computePicture(example('hiaml')));
    const boxes = rest
      .filter((element) => element.name === 'rect' && element.attributes.rx === '6')
      .map(({ attributes: { x, y, width, height } }) => [x, y, width, height].map(Number));
    expect(boxes.length).toBeGreaterThan(20);
    for (const [i, [x, y, width, height]] of boxes.entries()) {
      expect(x + width).toBeLessThan(Number(root.attributes.width));
      expect(y + height).toBeLessThan(Number(root.attributes.height));
      for (const [ox, oy, ow, oh] of boxes.slice(0, i)) {
        expect(x + width <= ox || ox + ow <= x || y + height <= oy || oy + oh <= y).toBe(true);
      }
    }
  });
});
