import { beforeAll, describe, expect, test } from 'vitest';
import { ShapeError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { split } from '../../src/core/base/split.js';
import { type FeatureTable, featureTable } from '../../src/core/base/table.js';
import { accumulatedEffects } from '../../src/core/explain/accumulated-effects.js';
import { accumulatedEffectsPair } from '../../src/core/explain/accumulated-pair.js';
import { type Edits, edits, editsOfAll } from '../../src/core/explain/edits.js';
import { editsHeld } from '../../src/core/explain/edits-held.js';
import { familyGroups } from '../../src/core/explain/groups.js';
import { interactionStrengths } from '../../src/core/explain/interactions.js';
import { partialDependence, partialDependencePair } from '../../src/core/explain/partial-dependence.js';
import { type ProxyBias, proxyBiases } from '../../src/core/explain/proxy-bias.js';
import { features } from '../../src/core/features/index.js';
import { gradientBoosting } from '../../src/core/models/boosting.js';
import type { Fitted } from '../../src/core/models/predictor.js';
import { nasbench201 } from '../../src/core/spaces/nasbench201.js';
import type { Figure } from '../../src/notebook/figure.js';
import { dependenceCurve } from '../../src/notebook/figures/dependence-curve.js';
import { dependenceSurface } from '../../src/notebook/figures/dependence-surface.js';
import { editPictures } from '../../src/notebook/figures/edits.js';
import { editsHeldBars } from '../../src/notebook/figures/edits-held.js';
import { interactionMap } from '../../src/notebook/figures/interactions.js';
import { proxyBiasMap } from '../../src/notebook/figures/proxy-bias.js';
import { elements } from './xml.js';

interface Trace {
  readonly [field: string]: unknown;
  readonly x: readonly number[];
  readonly y: readonly number[];
}
const traces = (figure: Figure): readonly Trace[] => figure.data as unknown as readonly Trace[];
const layoutOf = (figure: Figure): Record<string, Record<string, unknown>> => figure.layout as never;

const archs = Array.from({ length: 90 }, (_, i) => nasbench201.sample(rng(i)));
const truth = (arch: string): number => 60 + 5 * (arch.match(/2|3/g)?.length ?? 0);
const x = features(archs.map((arch) => nasbench201.toGraph(arch)));
const column = 'op_count_2';
const pair = ['op_count_2', 'op_count_3'] as const;

let model: Fitted;
let found: Edits<'nasbench201'>;
let biases: ProxyBias[];
let counts: FeatureTable;
beforeAll(async () => {
  model = await gradientBoosting({ rounds: 20 }).fit(x, Float64Array.from(archs, truth), { rng: rng(1) });
  found = edits(model, nasbench201, archs[0]);
  const noise = rng(3);
  counts = featureTable(
    90,
    ['<b>counts</b>', 'noise'].map((name) => ({ name, says: name, family: 'zcp', unit: '' })),
    [Float64Array.from(archs, truth), Float64Array.from(archs, () => noise.normal())],
  );
  biases = await proxyBiases(counts, x, {
    predictor: gradientBoosting({ rounds: 10 }),
    split: split(90, { train: 60, rng: rng(2) }),
    rng: rng(4),
  });
});

const everyFigure = (): Figure[] => [
  dependenceCurve(partialDependence(model, x, column), { unit: '%' }),
  dependenceCurve(accumulatedEffects(model, x, column)),
  dependenceSurface(partialDependencePair(model, x, pair), { unit: '%' }),
  dependenceSurface(accumulatedEffectsPair(model, x, pair)),
  interactionMap(interactionStrengths(model, x), { top: 5, unit: '%' }),
  editsHeldBars(editsHeld(editsOfAll(model, nasbench201, archs), truth)),
  proxyBiasMap(biases),
  proxyBiasMap(biases, { groups: familyGroups }),
];

test('every figure is plain JSON, the same every time, and says in a sentence what is to be seen', () => {
  expect(everyFigure()).toEqual(everyFigure());
  for (const figure of everyFigure()) {
    expect(JSON.parse(JSON.stringify(figure.data))).toEqual(figure.data);
    expect(figure.says).toMatch(/.{20,}\.$/);
  }
});

describe('a dependence curve', () => {
  test('is the core’s curve, with the band of the rows’ own curves and the rows below', () => {
    const curve = partialDependence(model, x, column);
    const [band, line, strip] = traces(dependenceCurve(curve));
    expect(line.x).toEqual([...curve.places]);
    line.y.forEach((y, k) => {
      expect(y).toBeCloseTo(curve.mean[k], 3);
    });
    expect(band.y).toHaveLength(2 * curve.places.length);
    expect(strip.type).toBe('bar');
    expect(strip.y.reduce((a, b) => a + b, 0)).toBe(90);
  });

  test('shows rows as ticks where values hardly repeat, and ends where nearly all rows do', () => {
    const source = rng(6);
    const values = Float64Array.from({ length: 400 }, (_, r) => (r === 0 ? -1e8 : source.normal()));
    const table = featureTable(400, [{ name: 'a', says: 'a proxy', family: 'zcp', unit: '' }], [values]);
    const figure = dependenceCurve(accumulatedEffects({ predict: (of) => Float64Array.from(of.values[0]) }, table, 'a'));
    const { range } = layoutOf(figure).xaxis as { range: [number, number] };
    expect(range[0]).toBeGreaterThan(-10);
    expect(range[1]).toBeLessThan(10);
    expect(JSON.stringify(figure.layout)).toContain('1 network further out');
    expect(traces(figure).at(-1)?.marker).toMatchObject({ symbol: 'line-ns-open' });
  });
});

test('an interaction map shows each pair once, those that take part in most first', () => {
  const strengths = interactionStrengths(model, x);
  const [heat] = traces(interactionMap(strengths, { top: 4 }));
  const z = heat.z as (number | null)[][];
  expect(z.flatMap((row, i) => row.map((value, k) => [value === null, k >= i]))).toSatisfy((cells: boolean[][]) =>
    cells.every(([empty, upper]) => empty === upper),
  );
  const width = strengths.columns.length;
  const taking = strengths.columns.map((_, i) =>
    strengths.columns.reduce((sum, __, j) => sum + (i === j ? 0 : strengths.values[i * width + j]), 0),
  );
  const order = [...taking.keys()].sort((a, b) => taking[b] - taking[a] || a - b);
  expect(z[1][0]).toBeCloseTo(strengths.values[order[1] * width + order[0]], 3);
  expect(() => interactionMap(strengths, { top: 0 })).toThrow(ShapeError);
});

describe('pictures of edits', () => {
  test('frame the one box that changed in each, and say what was promised and what came of it', () => {
    const { html, text } = editPictures(found, { top: 2, target: 'val_acc', unit: '%', truth });
    const svgs = html.match(/<svg.*?<\/svg>/gs) ?? [];
    expect(svgs).toHaveLength(3);
    expect(svgs.map((svg) => (svg.match(/class="edited"/g) ?? []).length)).toEqual([0, 1, 1]);
    for (const svg of svgs) expect(() => elements(svg)).not.toThrow();
    const really = truth(found.edits[0].to) - truth(archs[0]);
    expect(text).toContain(found.edits[0].says);
    expect(text).toContain(really > 0 ? `✓ came true: really +${really} %` : '✗ did not come true');
    expect(text).toContain(`${found.edits.length - 2} other edits promise less`);
  });

  test('are silent about truth that is not known, and hold no markup of names', () => {
    const { html, text } = editPictures(found, { truth: () => Number.NaN, target: '<i>evil</i>' });
    expect(text).not.toContain('came true');
    expect(html).not.toContain('<i>evil');
  });
});

test('bars of kept promises start at the first suggestion, over the line of a random edit', () => {
  const held = editsHeld(editsOfAll(model, nasbench201, archs), truth);
  const figure = editsHeldBars(held);
  expect(traces(figure)[0].y[0]).toBeCloseTo(100 * held.helped, 3);
  expect((figure.layout.shapes as { y0: number }[])[0].y0).toBeCloseTo(100 * held.baseRate, 9);
});

test('a map of proxies puts the one that the graph explains first, shares of each adding up to 100', () => {
  const figure = proxyBiasMap([...biases].reverse());
  const [bars, , heat] = traces(figure);
  expect(bars.y).toEqual(['&lt;b&gt;counts&lt;/b&gt;', 'noise']);
  for (const row of heat.z as number[][]) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(100, 3);
  expect(() => proxyBiasMap([])).toThrow(ShapeError);
});
