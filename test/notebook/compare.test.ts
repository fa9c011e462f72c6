import { beforeAll, expect, test, vi } from 'vitest';
import { rng } from '../../src/core/base/rng.js';
import { nasbench201 } from '../../src/core/spaces/nasbench201.js';
import { budgetPoints } from '../../src/data/compare/budget.js';
import { benchmark } from '../../src/data/own-table.js';
import { type Comparison, compareOn } from '../../src/notebook/compare.js';
import { budgetCurves } from '../../src/notebook/figures/compare-budget.js';
import { compareCurves } from '../../src/notebook/figures/compare-curves.js';
import { mimeBundle } from '../../src/notebook/mime-bundle.js';
import { split } from '../../src/notebook/tabular.js';

const archs = [...new Set(Array.from({ length: 200 }, (_, i) => nasbench201.sample(rng(i))))];
const noise = rng(7);
const rows = archs.map((net) => ({ net, accuracy: 60 + 5 * (net.match(/2|3/g)?.length ?? 0) + noise.normal() }));
const bench = benchmark(rows, { space: 'nasbench201', arch: 'net', targets: [{ name: 'accuracy', unit: '%' }] });
const recipe = 'ridge on graf';

let race: Comparison;
beforeAll(async () => {
  race = await compareOn(bench, {
    models: ['ridge', 'knn'],
    features: ['graf', 'onehot'],
    train: [16, 64],
    seeds: 8,
    onProgress: () => {},
  });
});

interface Trace {
  readonly name?: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly fill?: string;
}

test('the table is a data frame of every row, made once', () => {
  const { table } = race;
  expect(table.shape).toEqual([64, table.columns.length]);
  expect(table.columns).toEqual(expect.arrayContaining(['recipe', 'train', 'seed', 'tau', 'tau_top10', 'regret1', 'fit_s']));
  expect(table.tau.values).toEqual(race.rows.map((row) => row.tau));
  expect(race.table).toBe(table);
});

test('the figure draws the median line and the quartile band of each recipe', () => {
  const traces = race.figure.data as unknown as readonly Trace[];
  const line = traces.find((trace) => trace.name === recipe) as Trace;
  const own = race.summary.filter((row) => row.recipe === recipe);
  expect([...line.x]).toEqual([16, 64]);
  for (const i of [0, 1]) expect(line.y[i]).toBeCloseTo(own[i].median, 5);
  const band = traces[traces.indexOf(line) - 1];
  expect(band.fill).toBe('toself');
  for (const [i, y] of [own[0].q1, own[1].q1, own[1].q3, own[0].q3].entries()) expect(band.y[i]).toBeCloseTo(y, 5);
  expect(traces.filter((trace) => trace.name !== undefined)).toHaveLength(4);
});

test('the figure says in words, at each size, who is best and who cannot be told apart', () => {
  const layout = race.figure.layout as { annotations: { text: string }[] };
  const words = layout.annotations.map(({ text }) => text.replaceAll('<br>', ' ')).join(' ');
  for (const { train, says } of race.significance) expect(words).toContain(`${train} labels: ${says}`);
  expect(race.says.split('\n')).toHaveLength(2);
});

test('the ceiling is drawn where it is known, on tau alone', () => {
  const shapes = (metric: 'tau' | 'regret1'): unknown =>
    (
      compareCurves(race.summary, race.significance, { metric, ceiling: { tau: 0.9, label: 'noise ceiling' } }).layout as {
        shapes?: { y0: number }[];
      }
    ).shapes?.[0].y0;
  expect(shapes('tau')).toBe(0.9);
  expect(shapes('regret1')).toBeUndefined();
  expect(race.ceiling).toBeNull();
});

test('other metrics have curves of their own, regret in the target’s unit', () => {
  const { layout, data } = race.curves('regret1', 'interval');
  expect(JSON.stringify(layout.yaxis)).toContain('regret@1 (%)');
  const line = (data as unknown as readonly Trace[]).find((trace) => trace.name === recipe) as Trace;
  expect(line.y.every((y) => y >= 0)).toBe(true);
});

test('a notebook shows the figure, a terminal the report with top-decile tau and regret', () => {
  const bundle = mimeBundle(race);
  expect(bundle['application/vnd.plotly.v1+json']).toBeDefined();
  expect(bundle['text/plain']).toContain('median tau');
  expect(mimeBundle(race.report)['text/html']).toContain('tau, top tenth');
  expect(race.report.html).toContain('regret@1');
});

test('costs become a curve of what a recipe is worth', () => {
  const figure = budgetCurves(budgetPoints(race.rows, { labelSeconds: 60 }));
  const line = (figure.data as unknown as readonly Trace[]).find((trace) => trace.name === recipe) as Trace;
  expect(line.x[0]).toBeGreaterThanOrEqual(16 * 60);
  expect(line.x[1]).toBeGreaterThan(line.x[0]);
});

test('a split of a benchmark tells of twins, once', async () => {
  const told = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const twice = benchmark([...rows, ...rows], { space: 'nasbench201', arch: 'net', targets: ['accuracy'] });
  const parts = split(twice, { train: archs.length, rng: rng(1) });
  expect(parts.leak?.rows.length).toBeGreaterThan(10);
  expect(split(twice, { train: archs.length, rng: rng(1) }).leak?.says).toBe(parts.leak?.says);
  expect(told.mock.calls).toEqual([[`nascope: note: ${parts.leak?.says}\n`]]);
  expect(split(twice.size, { train: 5, rng: rng(1) })).not.toHaveProperty('leak');
  told.mockRestore();
});
