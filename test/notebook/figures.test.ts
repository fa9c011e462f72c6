import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ShapeError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { type FeatureTable, featureTable } from '../../src/core/base/table.js';
import { type ShapValues, treeShap } from '../../src/core/explain/treeshap.js';
import { type FittedForest, randomForest } from '../../src/core/models/forest.js';
import type { Figure } from '../../src/notebook/figure.js';
import { beeswarm } from '../../src/notebook/figures/beeswarm.js';
import { density } from '../../src/notebook/figures/density.js';
import { dependence } from '../../src/notebook/figures/dependence.js';
import { drawnRows } from '../../src/notebook/figures/drawn-rows.js';
import { embeddingScatter } from '../../src/notebook/figures/embedding-scatter.js';
import { importanceByFamily } from '../../src/notebook/figures/importance-by-family.js';
import { learningCurves } from '../../src/notebook/figures/learning-curves.js';
import { paretoRows } from '../../src/notebook/figures/pareto.js';
import { paretoFront } from '../../src/notebook/figures/pareto-front.js';
import { predictedVsTrue } from '../../src/notebook/figures/predicted-vs-true.js';
import { predictionIntervals } from '../../src/notebook/figures/prediction-intervals.js';
import { principalPlane } from '../../src/notebook/figures/principal-plane.js';
import { swarm } from '../../src/notebook/figures/swarm.js';
import { type TauRow, tauBySize } from '../../src/notebook/figures/tau-by-size.js';
import { waterfall } from '../../src/notebook/figures/waterfall.js';
import { waterfallSteps } from '../../src/notebook/figures/waterfall-steps.js';

const evil = '<img src=x onerror="alert(1)"> %{x}';

interface Trace {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly [field: string]: unknown;
}

const traces = (figure: Figure): readonly Trace[] => figure.data as unknown as readonly Trace[];
const pointsOf = (figure: Figure): number => traces(figure).reduce((sum, trace) => sum + trace.x.length, 0);
const layoutOf = (figure: Figure): Record<string, Record<string, unknown>> => figure.layout as never;

/** A small table whose second column holds a text that is no markup, and a forest that has learned it. */
function small(rows: number): FeatureTable {
  const random = rng(3);
  const columns = ['a', evil, 'c'].map((name, c) => ({
    name,
    says: `words for ${name}`,
    family: c < 2 ? 'one' : 'two',
    unit: '',
  }));
  const values = columns.map((_, c) => Float64Array.from({ length: rows }, () => (c === 2 ? random.normal() : random.int(4))));
  return featureTable(rows, columns, values);
}

let x: FeatureTable;
let model: FittedForest;
let shap: ShapValues;
beforeAll(async () => {
  x = small(80);
  const y = Float64Array.from({ length: 80 }, (_, r) => 3 * x.values[0][r] + x.values[1][r] + x.values[2][r]);
  model = await randomForest({ trees: 8 }).fit(x, y, { rng: rng(1) });
  shap = treeShap(model, x);
});

describe('every figure', () => {
  const figures = (): Figure[] => [
    beeswarm(shap, x),
    waterfall(shap, 0, { x }),
    dependence(shap, x, evil),
    dependence(model, x, evil),
    importanceByFamily(shap),
    predictedVsTrue(model.predict(x), x.values[2], { target: evil, names: Array.from({ length: 80 }, () => evil) }),
    tauBySize([{ series: evil, train: 32, tau: 0.5 }], { ceiling: { tau: 0.9, label: evil } }),
    learningCurves([{ series: evil, step: 1, value: 2 }], { step: evil, value: evil }),
    paretoFront([{ [evil]: 1, y: 2, name: evil }], { x: evil, y: 'y', name: 'name', directions: { x: 'lower', y: 'higher' } }),
    embeddingScatter(x, { colour: Array.from({ length: 80 }, () => evil), names: Array.from({ length: 80 }, () => evil) }),
  ];

  test('is plain JSON, the same every time, and says in a sentence what is to be seen', () => {
    expect(figures()).toEqual(figures());
    for (const figure of figures()) {
      expect(JSON.parse(JSON.stringify(figure.data))).toEqual(figure.data);
      expect(figure.says).toMatch(/.{20,}\.$/);
    }
  });

  test('shows names as text: no tag and no template of theirs reaches plotly', () => {
    for (const { data, layout } of figures()) {
      const texts: string[] = [];
      JSON.stringify({ data, layout }, (field, value) => {
        // The group of a legend is a key and never drawn.
        if (typeof value === 'string' && field !== 'legendgroup') texts.push(value);
        return value;
      });
      for (const text of texts) expect(text).not.toMatch(/<img|alert\(1\)"> %\{x\}/);
    }
  });
});

describe('a figure draws at most 4,000 points', () => {
  const many = 9000;
  const random = rng(5);
  const a = Float64Array.from({ length: many }, () => random.normal());
  const b = a.map((value) => value + random.normal());
  const columns = ['a', 'b', 'c'].map((name) => ({ name, says: name, family: 'f', unit: '' }));

  /** The line of perfect prediction, or the means of twenty groups. */
  const MEANS = 20;

  test('and says so', () => {
    const table = featureTable(many, columns, [a, b, a]);
    const pareto = paretoFront(
      Array.from(a, (value, i) => ({ a: value, b: b[i] })),
      { x: 'a', y: 'b', directions: { x: 'lower', y: 'higher' } },
    );
    const wide: ShapValues = {
      kind: 'shap-values',
      base: 0,
      columns,
      rowCount: many,
      values: Float64Array.from({ length: 3 * many }, (_, i) => Math.sin(i)),
      importance: () => ({ kind: 'importance', method: 'm', unit: '', columns, mean: Float64Array.of(3, 2, 1) }),
    };
    for (const figure of [
      predictedVsTrue(a, b),
      embeddingScatter(table),
      pareto,
      beeswarm(wide, table),
      dependence(wide, table, 'a'),
    ]) {
      expect(pointsOf(figure)).toBeGreaterThan(3900);
      expect(pointsOf(figure)).toBeLessThanOrEqual(4000 + MEANS);
      expect(JSON.stringify(figure.layout.annotations)).toMatch(/(1,333|3,9\d\d|4,000)( of [89],\d{3}| are drawn)/);
    }
  });

  test('and chooses the same ones every time, without repetition', () => {
    const { rows } = drawnRows(many, 'rows');
    expect(new Set(rows).size).toBe(4000);
    expect(rows).toEqual(drawnRows(many, 'rows').rows);
    expect(drawnRows(3, 'rows')).toEqual({ rows: Int32Array.of(0, 1, 2), note: '' });
  });
});

describe('the Pareto front', () => {
  const better = fc.constantFrom('higher' as const, 'lower' as const);
  const value = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(Number.NaN));

  test('is what comparing all with all gives, ties and missing numbers included', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 30 }), better, better, (points, dx, dy) => {
        const gain = ([px, py]: readonly [number, number]): [number, number] => [
          dx === 'higher' ? px : -px,
          dy === 'higher' ? py : -py,
        ];
        const beats = (p: readonly [number, number], q: readonly [number, number]): boolean => {
          const [[px, py], [qx, qy]] = [gain(p), gain(q)];
          return px >= qx && py >= qy && (px > qx || py > qy);
        };
        const whole = (p: readonly [number, number]): boolean => !p.some(Number.isNaN);
        const expected = points.flatMap((p, i) => (whole(p) && !points.some((q) => whole(q) && beats(q, p)) ? [i] : []));
        const front = paretoRows(
          points.map((p) => p[0]),
          points.map((p) => p[1]),
          { x: dx, y: dy },
        );
        expect([...front].sort((i, j) => i - j)).toEqual(expected);
      }),
    );
  });

  test('needs to be told which way is good, unless a benchmark says it', () => {
    expect(() => paretoFront([{ a: 1, b: 2 }], { x: 'a', y: 'b' })).toThrow(ShapeError);
    expect(() => paretoFront([{ a: 1 }], { x: 'a', y: 'nothing', directions: { x: 'lower', y: 'lower' } })).toThrow('nothing');
  });
});

describe('a waterfall', () => {
  test('leads from the average prediction to the prediction without a gap, by the greatest moves', () => {
    for (let row = 0; row < 80; row += 7) {
      const { steps, base, prediction, restCount } = waterfallSteps(shap, row, 2);
      expect(restCount).toBe(1);
      expect(steps.at(-1)?.from).toBe(base);
      for (let i = 1; i < steps.length; i++) expect(steps[i].to).toBeCloseTo(steps[i - 1].from, 12);
      expect(steps[0].to).toBe(prediction);
      expect(prediction).toBeCloseTo(model.predict(x)[row], 9);
      expect(Math.abs(steps[0].share)).toBeGreaterThanOrEqual(Math.abs(steps[1].share));
    }
  });

  test('refuses rows and counts that are none', () => {
    expect(() => waterfall(shap, 80)).toThrow(ShapeError);
    expect(() => waterfall(shap, 0, { top: 0 })).toThrow(ShapeError);
  });
});

describe('a beeswarm', () => {
  test('has a row of points a feature, the most important on top, no point nearer to another row than to its own', () => {
    const figure = beeswarm(shap, x, { top: 2 });
    const { mean } = shap.importance();
    expect(traces(figure).map((trace) => trace.x.length)).toEqual([80, 80]);
    const greatest = mean.indexOf(Math.max(...mean));
    expect(traces(figure)[0].x[0]).toBeCloseTo(shap.values[greatest], 5);
    traces(figure).forEach((trace, place) => {
      for (const y of trace.y) expect(Math.abs(y - place)).toBeLessThanOrEqual(0.4);
    });
  });

  test('colours by rank: the lowest values 0, the highest 1, equal ones alike', () => {
    const figure = beeswarm(shap, x, { top: 3 });
    for (const trace of traces(figure)) {
      const colours = (trace.marker as { color: number[] }).color;
      const values = (trace.customdata as [number, string][]).map(([value]) => value);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      values.forEach((value, i) => {
        if (value === low) expect(colours[i]).toBe(0);
        if (value === high) expect(colours[i]).toBe(1);
        expect(colours[i]).toBe(colours[values.indexOf(value)]);
      });
    }
  });

  test('draws points that lie far out as triangles at the edge, tells how many, and keeps their true numbers', () => {
    const columns = [{ name: 'a', says: 'a', family: 'f', unit: '' }];
    const values = Float64Array.from({ length: 400 }, (_, r) => (r === 7 ? -50 : r % 2));
    const one = { kind: 'importance' as const, method: 'm', unit: '', columns, mean: Float64Array.of(1) };
    const far: ShapValues = { kind: 'shap-values', base: 0, columns, rowCount: 400, values, importance: () => one };
    const figure = beeswarm(far, featureTable(400, columns, [values]));
    const [trace] = traces(figure);
    expect(trace.x[7]).toBe(0);
    expect((trace.marker as { symbol: string[] }).symbol.filter((symbol) => symbol !== 'circle')).toEqual(['triangle-left']);
    expect((trace.customdata as [number, string][])[7]).toEqual([-50, '−50']);
    expect(figure.layout.annotations).toMatchObject([{ text: 'triangles: 1 point further out' }]);
  });

  test('refuses rows that were not explained', () => {
    expect(() => beeswarm(shap, small(79))).toThrow(ShapeError);
    expect(() => beeswarm(shap, { ...x, columns: [...x.columns].reverse() })).toThrow(ShapeError);
  });

  test('moves points of the same value apart and leaves lonely ones on the line', () => {
    expect([...swarm([5, 5, 5, 9])].map((offset) => Math.round(offset * 100))).toEqual([0, 7, -7, 0]);
    expect(Math.max(...swarm(new Float64Array(500)).map(Math.abs))).toBeCloseTo(0.4, 9);
  });
});

test('dependence gives the mean SHAP value at each value, and the mean prediction of a model with the feature set', () => {
  const [, mean] = traces(dependence(shap, x, 'a'));
  mean.x.forEach((value, i) => {
    const rows = Array.from(x.values[0].keys()).filter((r) => x.values[0][r] === value);
    const own = rows.reduce((sum, r) => sum + shap.values[3 * r], 0) / rows.length;
    expect(mean.y[i]).toBeCloseTo(own, 4);
  });
  const [, partial] = traces(dependence(model, x, 'a'));
  const set = { ...x, values: [new Float64Array(80).fill(2), x.values[1], x.values[2]] };
  const expected = model.predict(set).reduce((sum, p) => sum + p, 0) / 80;
  expect(partial.y[partial.x.indexOf(2)]).toBeCloseTo(expected, 4);
  expect(() => dependence(shap, x, 'none such')).toThrow(ShapeError);
});

test('a family’s bar is the sum of its columns, with their count', () => {
  const importance = { kind: 'importance' as const, method: 'm', unit: '%', columns: x.columns, mean: Float64Array.of(1, 2, 4) };
  const figure = importanceByFamily(importance);
  expect(traces(figure)[0].x).toEqual([4, 3]);
  expect(layoutOf(figure).yaxis.ticktext).toEqual(['two (1)', 'one (2)']);
});

describe('tau by size', () => {
  const rows: TauRow[] = [1, 2, 3, 4].map((k) => ({ series: 's', train: 32, tau: k / 10 }));

  test('draws mean ± standard deviation, or median and quartiles, and the ceiling with its name', () => {
    // Of 1, 2, 3, 4: mean 2.5, sample standard deviation 1.2909944; numpy's quartiles 1.75 and 3.25.
    const [band, line] = traces(tauBySize(rows, { ceiling: 0.9 }));
    expect(line.y).toEqual([0.25]);
    expect(band.y).toEqual([0.120901, 0.379099]);
    expect(traces(tauBySize(rows, { band: 'quartiles' }))[0].y).toEqual([0.175, 0.325]);
    const { annotations, shapes } = tauBySize(rows, { ceiling: 0.9 }).layout as { annotations: object[]; shapes: object[] };
    expect(annotations).toMatchObject([{ y: 0.9, text: 'noise ceiling 0.9' }]);
    expect(shapes).toMatchObject([{ y0: 0.9, y1: 0.9 }]);
  });

  test('refuses numbers that are none', () => {
    expect(() => tauBySize([])).toThrow(ShapeError);
    expect(() => tauBySize([{ series: 's', train: 32, tau: Number.NaN }])).toThrow('row 0');
  });
});

test('learning curves of many steps keep the last one of each series', () => {
  const rows = ['a', 'b'].flatMap((series) => Array.from({ length: 5000 }, (_, step) => ({ series, step, value: step })));
  const figure = learningCurves(rows);
  expect(pointsOf(figure)).toBeLessThanOrEqual(4000);
  for (const trace of traces(figure)) expect(trace.x.at(-1)).toBe(4999);
});

test('points are coloured by how many lie around them', () => {
  const crowd = density([...new Array<number>(50).fill(1), 9], [...new Array<number>(50).fill(1), 9]);
  expect([crowd[0], crowd[50]]).toEqual([1, 0]);
});

test('counts as colours have the whole range on their scale, whole steps as ticks; other numbers their middle 98 %', () => {
  const plane = featureTable(
    1000,
    ['a', 'b'].map((name) => ({ name, says: name, family: 'f', unit: '' })),
    [Float64Array.from({ length: 1000 }, (_, i) => i), new Float64Array(1000)],
  );
  const scaleOf = (colour: (i: number) => number): unknown =>
    traces(embeddingScatter(plane, { colour: Array.from({ length: 1000 }, (_, i) => colour(i)) }))[0].marker;
  // One network in a thousand has six of them, as the one without an operation in NAS-Bench-201.
  const counts = (i: number): number => (i === 0 ? 6 : i % 4);
  expect(scaleOf(counts)).toMatchObject({ cmin: 0, cmax: 6, colorbar: { tick0: 0, dtick: 1 } });
  expect(scaleOf((i) => 10 * counts(i))).toMatchObject({ cmin: 0, cmax: 60 });
  expect(scaleOf((i) => (i === 0 ? 0 : 50.5 + (i % 4)))).toMatchObject({ cmin: 50.5, cmax: 53.5 });
  expect(scaleOf((i) => (i === 0 ? 1e9 : i % 4))).toMatchObject({ cmin: 0, cmax: 3 });
});

test('the principal plane of points on a line holds them all in its first direction', () => {
  const t = Float64Array.of(-3, -1, 0, 1, 3);
  const columns = ['a', 'b', 'c'].map((name) => ({ name, says: name, family: 'f', unit: '' }));
  const plane = principalPlane(featureTable(5, columns, [t, t.map((v) => 2 * v + 7), t.map((v) => -2 * v)]));
  expect(plane.shares[0]).toBeCloseTo(1, 9);
  // The direction is (1, 2, −2) / 3, the greatest weight positive.
  plane.first.forEach((place, i) => {
    expect(Math.abs(place)).toBeCloseTo(Math.abs(3 * t[i]), 6);
  });
});

test('the principal plane finds directions of nearly the same variance', () => {
  const columns = ['a', 'b', 'c', 'd'].map((name) => ({ name, says: name, family: 'f', unit: '' }));
  // Independent columns of variances 4.04, 4, 1, 0.25 in 16 rows (a 2⁴ design): the directions are the columns themselves.
  const sizes = [Math.sqrt(4.04), 2, 1, 0.5];
  const values = sizes.map((size, c) => Float64Array.from({ length: 16 }, (_, r) => ((r >> c) & 1 ? size : -size)));
  const plane = principalPlane(featureTable(16, columns, values));
  expect(plane.shares[0]).toBeCloseTo(4.04 / 9.29, 9);
  expect(plane.shares[1]).toBeCloseTo(4 / 9.29, 9);
  for (let r = 0; r < 16; r++) {
    expect(plane.first[r]).toBeCloseTo(values[0][r], 6);
    expect(plane.second[r]).toBeCloseTo(values[1][r], 6);
  }
});

describe('intervals of predictions', () => {
  const value = Float64Array.of(3, 1, 2, 4);
  const intervals = { value, low: Float64Array.of(2, 0, 1.5, Number.NEGATIVE_INFINITY), high: Float64Array.of(4, 2, 2.5, 5) };

  test('stand in the order of the predictions, with the share of true values within', () => {
    const made = predictionIntervals(intervals, [3.5, 5, 1, -9], { ood: [0, 0, 1, 0], level: 0.8 });
    const [bars, within, outside, strange] = traces(made);
    expect(bars.y).toEqual([0, 2, null, 1.5, 2.5, null, 2, 4, null, null, 5, null]);
    expect([within.x, within.y]).toEqual([
      [2, 3],
      [3.5, -9],
    ]);
    // One above its interval, one below.
    expect([outside.x, outside.y]).toEqual([
      [0, 1],
      [5, 1],
    ]);
    expect([strange.x, strange.y]).toEqual([[1], [1]]);
    expect(made.says).toContain('50 % of 4 true values lie within');
    expect(JSON.stringify(made.layout)).toContain('50 % of 4 true values lie within; 80 % were to');
  });

  test('refuse lists of different lengths', () => {
    expect(() => predictionIntervals(intervals, [1, 2, 3])).toThrow(ShapeError);
    expect(() => predictionIntervals(intervals, [1, 2, 3, 4], { names: ['one'] })).toThrow('1 names');
  });
});
