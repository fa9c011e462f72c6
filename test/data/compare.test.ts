import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DataError, ParseError, ShapeError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { split } from '../../src/core/base/split.js';
import { features } from '../../src/core/features/index.js';
import { evaluate } from '../../src/core/models/evaluate.js';
import { type Evaluator, evaluateJob } from '../../src/core/models/evaluate-job.js';
import { predictors } from '../../src/core/models/index.js';
import { ridge } from '../../src/core/models/ridge.js';
import { nasbench201 } from '../../src/core/spaces/nasbench201.js';
import type { Benchmark } from '../../src/data/benchmark.js';
import { budgetGrid, budgetPoints } from '../../src/data/compare/budget.js';
import type { CompareRow } from '../../src/data/compare/results-file.js';
import { runComparison } from '../../src/data/compare/run.js';
import type { CompareOptions } from '../../src/data/compare/settings.js';
import { summariseRows, testRows } from '../../src/data/compare/summary.js';
import { featureSets } from '../../src/data/feature-sets.js';
import { findLeak, withoutTwins } from '../../src/data/leaks.js';
import { benchmark } from '../../src/data/own-table.js';
import { seedList } from '../../src/data/seeds.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Cells of NAS-Bench-201 whose made-up accuracy counts convolutions, with noise; a proxy that knows it almost. */
function small(size = 120): Benchmark {
  const archs = [...new Set(Array.from({ length: 3 * size }, (_, i) => nasbench201.sample(rng(i))))].slice(0, size);
  const noise = rng(7);
  const rows = archs.map((net) => {
    const accuracy = 60 + 5 * (net.match(/2|3/g)?.length ?? 0) + noise.normal();
    return { net, accuracy, hint: accuracy + noise.normal() };
  });
  return benchmark(rows, { space: 'nasbench201', arch: 'net', targets: ['accuracy'], proxies: ['hint'] });
}

const bench = small();
const few: CompareOptions = { models: ['ridge', 'knn'], features: ['graf', 'zcp+graf'], train: [20, 40], seeds: [3, 1] };
const timeless = (rows: readonly CompareRow[]): unknown[] => rows.map(({ fit_s, predict_s, ...row }) => row);

describe('a comparison', () => {
  test('has one row a recipe, size and seed, with the numbers that evaluate gives', async () => {
    const { rows } = await runComparison(bench, few);
    expect(rows.map(({ recipe, train, seed }) => `${recipe} ${train} ${seed}`)).toEqual(
      [3, 1].flatMap((seed) =>
        [20, 40].flatMap((train) =>
          ['ridge', 'knn'].flatMap((model) => ['graf', 'graf+zcp'].map((sets) => `${model} on ${sets} ${train} ${seed}`)),
        ),
      ),
    );
    const parts = split(bench.size, { train: 40, rng: rng(3).fork('split') });
    const byHand = await evaluate(ridge(), features(bench.graphs), bench.target(), parts, { rng: rng(3).fork('fit') });
    const row = rows.find((r) => r.recipe === 'ridge on graf' && r.train === 40 && r.seed === 3) as CompareRow;
    expect([row.tau, row.rmse, row.tau_top10, row.regret1]).toEqual([byHand.tau, byHand.rmse, byHand.tau_top10, byHand.regret1]);
    expect([row.test, row.features, row.model]).toEqual([80, 'graf', 'ridge']);
  });

  test('gives the same numbers however many work at it, and in whatever order they finish', async () => {
    const late = rng(1);
    const dawdling: Evaluator = async (job, signal) => {
      await new Promise((resolve) => setTimeout(resolve, late.int(8)));
      return evaluateJob(job, signal);
    };
    const alone = await runComparison(bench, few);
    const many = await runComparison(bench, few, { evaluate: dawdling, jobs: 5 });
    expect(timeless(many.rows)).toEqual(timeless(alone.rows));
  });

  test.each([
    ['ours', 'knn' as const],
    ['of one’s own', { ...ridge(), id: 'own' }],
  ])('looks for the best where the target is good: a low latency, by a predictor %s', async (_, model) => {
    const rows = bench.archs.map((net, i) => ({ net, latency: bench.target()[i] }));
    const targets = (direction: 'higher' | 'lower') => [{ name: 'latency', direction }];
    const scored = async (direction: 'higher' | 'lower'): Promise<CompareRow> => {
      const own = benchmark(rows, { space: 'nasbench201', arch: 'net', targets: targets(direction) });
      return (await runComparison(own, { models: [model], features: ['onehot'], train: [40], seeds: [1] })).rows[0];
    };
    const [low, high] = [await scored('lower'), await scored('higher')];
    expect(low.tau).toBe(high.tau);
    expect([low.tau_top10, low.regret1]).not.toEqual([high.tau_top10, high.regret1]);
    const parts = split(bench.size, { train: 40, rng: rng(1).fork('split') });
    const predictor = typeof model === 'string' ? predictors[model]() : model;
    const x = featureSets(bench, 'onehot');
    const options = { rng: rng(1).fork('fit'), direction: 'lower' } as const;
    expect(low.regret1).toBe((await evaluate(predictor, x, bench.target(), parts, options)).regret1);
  });

  test('tells of the worst leak of all its splits', async () => {
    const options = { ...few, models: ['ridge'] as const, features: ['graf'], train: [20, 60], seeds: [0, 1, 2, 3, 4, 5] };
    const counts = options.train.map((train) =>
      options.seeds.map((seed) => findLeak(bench, split(bench.size, { train, rng: rng(seed).fork('split') }))?.rows.length ?? 0),
    );
    const most = Math.max(...counts.flat());
    // The first seed's splits are not the worst here.
    expect(Math.max(...counts.map(([first]) => first))).toBeLessThan(most);
    expect((await runComparison(bench, options)).leak?.rows).toHaveLength(most);
  });

  test('takes predictors of one’s own beside ours', async () => {
    const own = { ...ridge({ alpha: 1000 }), id: 'strong ridge' };
    const { rows } = await runComparison(bench, { ...few, models: ['ridge', own], features: ['graf'], train: [40] });
    expect(new Set(rows.map((row) => row.recipe))).toEqual(new Set(['ridge on graf', 'strong ridge on graf']));
    expect(rows[0].rmse).not.toBe(rows[1].rmse);
  });

  test('lets all recipes learn from the same rows, where features are missing in some', async () => {
    const rows = bench.archs.map((net, i) => ({
      net,
      accuracy: bench.target()[i],
      hint: i < 90 ? bench.column('hint')[i] : null,
    }));
    const holey = benchmark(rows, { space: 'nasbench201', arch: 'net', targets: ['accuracy'], proxies: ['hint'] });
    const { rows: found } = await runComparison(holey, { ...few, train: [40] });
    expect(new Set(found.map((row) => row.test))).toEqual(new Set([50]));
  });

  test('ends at once when interrupted, with the reason', async () => {
    const controller = new AbortController();
    const stuck: Evaluator = () => new Promise(() => {});
    const running = runComparison(bench, { ...few, signal: controller.signal }, { evaluate: stuck, jobs: 2 });
    setTimeout(() => controller.abort(new Error('enough')), 10);
    await expect(running).rejects.toThrow('enough');
  });

  test('tells how far it is', async () => {
    const told: number[] = [];
    await runComparison(bench, { ...few, train: [20], onProgress: ({ done, total }) => void told.push(done / total) });
    expect(told).toEqual(Array.from({ length: 9 }, (_, i) => i / 8));
  });

  test.each([
    ['an unknown model', { models: ['rff' as never] }, ParseError, /did you mean rf\?/],
    ['an unknown feature set', { features: ['grav'] }, ParseError, /one of graf/],
    ['a feature set twice', { features: ['zcp+graf', 'graf+zcp'] }, ShapeError, /each once/],
    ['no model', { models: [] }, ShapeError, /at least one/],
    ['too many labels', { train: [500] }, ShapeError, /1\.\.119/],
    ['seeds that are no range', { seeds: 'few' }, ParseError, /first-last/],
    ['an unknown target', { target: 'speed' }, DataError, /accuracy/],
    ['an unknown protocol', { protocol: 'rnd' as never }, ParseError, /did you mean rng/],
  ])('refuses %s before anything is computed', async (_, wrong, kind, says) => {
    const running = runComparison(bench, { ...few, ...wrong }, { evaluate: () => Promise.reject(new Error('computed')) });
    await expect(running).rejects.toThrow(kind);
    await expect(running).rejects.toThrow(says);
  });
});

test('seeds are a count from the protocol’s first, a range, or a list', () => {
  expect(seedList(3, 42)).toEqual([42, 43, 44]);
  expect(seedList('0-2', 42)).toEqual([0, 1, 2]);
  expect(seedList([7, 5], 42)).toEqual([7, 5]);
});

describe('a results file', () => {
  const none: Evaluator = () => Promise.reject(new Error('computed again'));

  test('is gone on with: what it holds is not computed again, numbers are the same to the last bit', async () => {
    const resume = join(folder, 'deep', 'race.jsonl');
    const first = await runComparison(bench, { ...few, resume });
    const again = await runComparison(bench, { ...few, resume }, { evaluate: none });
    expect(again.rows).toEqual(first.rows);
    const more = await runComparison(bench, { ...few, seeds: [3, 1, 5], resume });
    expect(more.rows.slice(0, first.rows.length)).toEqual(first.rows);
  });

  test('loses no more than the unit in hand when killed', async () => {
    const resume = join(folder, 'killed.jsonl');
    let left = 5;
    const dying: Evaluator = (job) => (left-- > 0 ? evaluateJob(job) : Promise.reject(new Error('killed')));
    await expect(runComparison(bench, { ...few, resume }, { evaluate: dying })).rejects.toThrow('killed');
    appendFileSync(resume, '{"recipe":"rid');
    let computed = 0;
    const counting: Evaluator = (job) => {
      computed++;
      return evaluateJob(job);
    };
    const { rows } = await runComparison(bench, { ...few, resume }, { evaluate: counting });
    expect(computed).toBe(rows.length - 5);
    expect(timeless(rows)).toEqual(timeless((await runComparison(bench, few)).rows));
    expect(readFileSync(resume, 'utf8').trimEnd().split('\n')).toHaveLength(1 + rows.length);
    expect((await runComparison(bench, { ...few, resume }, { evaluate: none })).rows).toEqual(rows);
  });

  test('of other settings, or of another kind, is refused by name and left as it was', async () => {
    const resume = join(folder, 'other.jsonl');
    await runComparison(bench, { ...few, train: [20], resume });
    const before = readFileSync(resume, 'utf8');
    await expect(runComparison(bench, { ...few, version: 'main', resume })).rejects.toThrow(/graf main, got icml24/);
    await expect(runComparison(small(119), { ...few, resume })).rejects.toThrow(/expected results with data/);
    expect(readFileSync(resume, 'utf8')).toBe(before);
    for (const [name, text] of [
      ['notes.txt', 'my notes\n'],
      ['thesis.tex', 'no line end'],
      ['list.json', '[1,2]\n'],
    ]) {
      writeFileSync(join(folder, name), text);
      await expect(runComparison(bench, { ...few, resume: join(folder, name) })).rejects.toThrow(DataError);
      expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
    }
  });

  test('of other rows of the same benchmark is refused: recipes must be compared on the same networks', async () => {
    const rows = bench.archs.map((net, i) => ({ net, accuracy: i, hint: i < 90 ? i : null }));
    const holey = benchmark(rows, { space: 'nasbench201', arch: 'net', targets: ['accuracy'], proxies: ['hint'] });
    const resume = join(folder, 'rows.jsonl');
    await runComparison(holey, { ...few, features: ['graf'], resume });
    await expect(runComparison(holey, { ...few, features: ['zcp'], resume })).rejects.toThrow(/expected results with rows/);
  });

  test('takes a predictor of one’s own only under a name of its own', async () => {
    const resume = join(folder, 'own.jsonl');
    const options = { ...few, features: ['graf'], resume };
    await expect(runComparison(bench, { ...options, models: [ridge({ alpha: 9 })] })).rejects.toThrow(/another id than ridge/);
    const named = { ...ridge({ alpha: 9 }), id: 'ridge with alpha 9' };
    expect((await runComparison(bench, { ...options, models: [named] })).rows[0].model).toBe('ridge with alpha 9');
  });

  test('keeps a metric that is not defined as not defined', async () => {
    const resume = join(folder, 'nan.jsonl');
    const undefinedTop: Evaluator = async (job) => ({ ...(await evaluateJob(job)), tau_top10: Number.NaN });
    await runComparison(bench, { ...few, resume }, { evaluate: undefinedTop });
    const { rows } = await runComparison(bench, { ...few, resume }, { evaluate: none });
    expect(rows.every((row) => Number.isNaN(row.tau_top10) && Number.isFinite(row.tau))).toBe(true);
  });
});

test('summaries and tests come by size, recipes in their order', async () => {
  const { rows } = await runComparison(bench, { ...few, seeds: 7, train: [40, 20] });
  const summary = summariseRows(rows, 'tau');
  expect(summary.map(({ recipe, train }) => [recipe, train]).slice(0, 5)).toEqual([
    ['ridge on graf', 20],
    ['ridge on graf+zcp', 20],
    ['knn on graf', 20],
    ['knn on graf+zcp', 20],
    ['ridge on graf', 40],
  ]);
  const own = rows
    .filter((row) => row.recipe === 'knn on graf' && row.train === 40)
    .map((row) => row.tau)
    .sort((a, b) => a - b);
  const of = summary.find((row) => row.recipe === 'knn on graf' && row.train === 40);
  expect([of?.median, of?.n]).toEqual([own[3], 7]);
  const regrets = rows
    .filter((row) => row.recipe === 'knn on graf' && row.train === 40)
    .map((row) => row.regret1)
    .sort((a, b) => a - b);
  expect(of?.regret1).toBe(regrets[3]);
  expect(regrets[3]).not.toBe(regrets.reduce((sum, regret) => sum + regret, 0) / 7);
  const tests = testRows(rows, 'tau');
  expect(tests.map(({ train, blocks }) => [train, blocks])).toEqual([
    [20, 7],
    [40, 7],
  ]);
  const medians = new Map(summary.filter((row) => row.train === 40).map((row) => [row.recipe, row.median]));
  expect(medians.get(tests[1].best)).toBe(Math.max(...medians.values()));
});

describe('the budget grid', () => {
  const row = (recipe: string, train: number, tau: number): CompareRow =>
    ({ recipe, model: recipe, features: recipe, train, test: 100, seed: 1, tau, fit_s: 2, predict_s: 1 }) as CompareRow;
  const rows = [
    row('cheap', 10, 0.5),
    row('cheap', 100, 0.6),
    row('dear', 10, 0.7),
    row('dear', 100, 0.8),
    row('dear', 100, 0.9),
  ];
  const points = budgetPoints(rows, { labelSeconds: 60, featureSeconds: { dear: 12 } });

  test('counts labels, their features and the fit before the first answer, features and prediction for each', () => {
    expect(points[0]).toEqual({ recipe: 'cheap', train: 10, initSeconds: 602, querySeconds: 0.01, tau: 0.5 });
    expect(points[3]).toMatchObject({ recipe: 'dear', train: 100, initSeconds: 100 * 72 + 2, querySeconds: 12.01 });
    expect(points[3].tau).toBeCloseTo(0.85, 12);
  });

  test('names the best recipe that both limits allow', () => {
    const best = budgetGrid(points, { init: [100, 700, 10_000], query: [1, 60] }).map(
      ({ best }) => best && `${best.recipe} ${best.train}`,
    );
    expect(best).toEqual([null, null, 'cheap 10', 'cheap 10', 'cheap 100', 'dear 100']);
    expect(() => budgetPoints(rows, { labelSeconds: -1 })).toThrow(ShapeError);
  });
});

describe('a leak', () => {
  // Skip, zero and pooling alone: the first two compute the same (a zero feeds nothing), the third another function.
  const archs = ['(0, 1, 1, 1, 1, 0)', '(0, 4, 1, 1, 1, 0)', '(4, 1, 1, 1, 1, 0)', '(2, 2, 2, 2, 2, 2)'];
  const twins = benchmark(
    archs.map((net, i) => ({ net, accuracy: i })),
    { space: 'nasbench201', arch: 'net', targets: ['accuracy'] },
  );
  const identities = archs.map((arch) => nasbench201.identity(nasbench201.parse(arch)));

  test('is found where a test network computes what a training network does, by the space’s own rule', () => {
    const same = identities.flatMap((id, i) => (i > 0 && id === identities[0] ? [i] : []));
    const found = findLeak(twins, { train: Int32Array.of(0), test: Int32Array.of(1, 2, 3) });
    expect(Array.from(found?.rows ?? [])).toEqual(same);
    const all = findLeak(
      benchmark(
        [
          { net: archs[0], a: 1 },
          { net: archs[0], a: 2 },
          { net: archs[3], a: 3 },
        ],
        { space: 'nasbench201', arch: 'net', targets: ['a'] },
      ),
      { train: Int32Array.of(0), test: Int32Array.of(1, 2) },
    );
    expect([Array.from(all?.rows ?? []), all?.of]).toEqual([[1], 2]);
    expect(all?.says).toContain('1 of 2 test networks (50 %)');
  });

  test('can be cut out of the split', () => {
    const parts = split(bench.size, { train: 60, rng: rng(1) });
    const leak = findLeak(bench, parts);
    const clean = withoutTwins(bench, parts);
    expect(clean.test.length).toBe(60 - (leak?.rows.length ?? 0));
    expect(findLeak(bench, clean)).toBeNull();
    expect(clean.train).toEqual(parts.train);
  });
});
