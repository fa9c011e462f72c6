import { beforeAll, describe, expect, test } from 'vitest';
import { DataError, ShapeError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { featureTable, take } from '../../src/core/base/table.js';
import { features } from '../../src/core/features/index.js';
import { quantile } from '../../src/core/metrics/quantile.js';
import { type FittedForest, randomForest } from '../../src/core/models/forest.js';
import { nasbench201 } from '../../src/core/spaces/nasbench201.js';
import type { ArchId } from '../../src/core/spaces/space.js';
import type { Benchmark } from '../../src/data/benchmark.js';
import { benchmark } from '../../src/data/own-table.js';
import { card } from '../../src/notebook/card/card.js';
import { nearestRows } from '../../src/notebook/card/nearest-rows.js';
import { rankOf } from '../../src/notebook/card/rank.js';
import { treeSpread } from '../../src/notebook/card/tree-spread.js';
import { elements } from './xml.js';

let bench: Benchmark<'nasbench201'>;
let model: FittedForest;
const archs: ArchId<'nasbench201'>[] = Array.from({ length: 40 }, (_, i) => nasbench201.sample(rng(i)));

beforeAll(async () => {
  const rows = [...new Set(archs)].map((net, i) => ({ net, accuracy: (i * 7) % 40, latency: i }));
  bench = makeBenchmark(rows);
  const x = features(bench.graphs);
  model = await randomForest({ trees: 10 }).fit(x, bench.target('accuracy'), { rng: rng(1) });
});

describe('a card', () => {
  test('is well-formed and shows encodings, labels with ranks, prediction, moves and near networks without any script', () => {
    const arch = bench.archs[5];
    const { html, text } = card(arch, bench, { model, nearest: 2 });
    const all = elements(html);
    expect(all.map((element) => element.name)).not.toContain('script');
    const codes = all.filter((element) => element.name === 'code').map((element) => element.text);
    expect(codes.slice(0, 2)).toEqual([arch, nasbench201.format(arch)]);
    // Its own picture, the waterfall, and two neighbours.
    expect(all.filter((element) => element.name === 'svg')).toHaveLength(4);
    const accuracy = bench.target('accuracy');
    const rank = 1 + accuracy.filter((value) => value > accuracy[5]).length;
    expect(text).toContain(`accuracy ${accuracy[5]}, rank ${rank} of ${bench.size}`);
    expect(html).toContain(`rank ${rank} of ${bench.size}`);
    expect(text).toMatch(/10th to 90th percentile of the 10 trees: .* not a confidence interval/);
  });

  test('shows what a table calls its columns as text', () => {
    const evil = '<script>alert(1)</script>';
    const own = makeBenchmark([...new Set(archs)].map((net, i) => ({ net, [evil]: i })));
    const all = elements(card(own.archs[0], own, { nearest: 1 }).html);
    expect(all.map((element) => element.name)).not.toContain('script');
    expect(all.some((element) => element.text.includes(evil))).toBe(true);
  });

  test('refuses an architecture that is not in the benchmark, and features of other rows', () => {
    const absent = [...nasbench201.all!()].find((arch) => !bench.archs.includes(arch)) as ArchId<'nasbench201'>;
    expect(() => card(absent, bench)).toThrow(DataError);
    expect(() => card(absent, undefined as unknown as typeof bench)).toThrow(/card: bench: expected the benchmark that holds/);
    expect(() => card(bench.archs[0], bench, { x: take(features(bench.graphs), [0, 1]) })).toThrow(ShapeError);
  });
});

test('ranks count from the best, share the better rank among equals, and leave missing rows out', () => {
  const values = [3, 1, Number.NaN, 3, 2];
  expect(rankOf(values, 0, 'higher')).toEqual({ rank: 1, of: 4 });
  expect(rankOf(values, 3, 'higher')).toEqual({ rank: 1, of: 4 });
  expect(rankOf(values, 4, 'higher')).toEqual({ rank: 3, of: 4 });
  expect(rankOf(values, 4, 'lower')).toEqual({ rank: 2, of: 4 });
  expect(rankOf(values, 2, 'lower')).toBeNull();
  expect(rankOf(values, 0, 'none')).toBeNull();
});

test('near rows are near in standard deviations, whatever the unit of a column', () => {
  const columns = ['a', 'b', 'same'].map((name) => ({ name, says: name, family: 'f', unit: '' }));
  // Standard deviations 1 and 1000: row 1 is 1 away, row 2 half, row 3 two in a and one in b.
  const a = Float64Array.of(0, 0, 0, 2);
  const b = Float64Array.of(0, 2000, 1000, 2000);
  const near = nearestRows(featureTable(4, columns, [a, b, new Float64Array(4).fill(7)]), 0, 3);
  expect(near.map(({ row, differing }) => [row, differing])).toEqual([
    [2, 1],
    [1, 1],
    [3, 2],
  ]);
  const sd = (values: Float64Array): number => {
    const mean = values.reduce((sum, v) => sum + v, 0) / 4;
    return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 4);
  };
  expect(near[2].distance).toBeCloseTo(Math.hypot(2 / sd(a), 2000 / sd(b)), 12);
});

test('the spread is of what single trees predict, and only of forests', () => {
  const x = features(bench.graphs);
  const answers = Float64Array.from(model.trees, (tree) => {
    const alone = { ...model, trees: [tree], treeWeight: 1 };
    return treeAnswer(
      alone.trees[0],
      x.values.map((column) => column[3]),
    );
  }).sort();
  expect(treeSpread(model, x, 3)).toEqual({ low: quantile(answers, 0.1), high: quantile(answers, 0.9), trees: 10 });
  expect(answers.reduce((sum, answer) => sum + answer, 0) / 10).toBeCloseTo(model.predict(x)[3], 9);
  expect(treeSpread({ ...model, treeWeight: 0.05 }, x, 3)).toBeNull();
  expect(treeSpread({}, x, 3)).toBeNull();
});

function treeAnswer(tree: FittedForest['trees'][number], row: readonly number[], node = 0): number {
  if (tree.feature[node] < 0) return tree.value[node];
  return treeAnswer(tree, row, row[tree.feature[node]] <= tree.value[node] ? tree.left[node] : tree.left[node] + 1);
}

/** A benchmark of every column but `net`, the greater the better. */
function makeBenchmark(rows: readonly Record<string, string | number>[]): Benchmark<'nasbench201'> {
  const targets = Object.keys(rows[0]).filter((name) => name !== 'net');
  return benchmark(rows, { space: 'nasbench201', arch: 'net', targets });
}
