import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { familyGroups, groupImportance, groupShap, opGroups } from '../../../src/core/explain/groups.js';
import type { Importance } from '../../../src/core/explain/importance.js';
import { rankImportances, ranksOf } from '../../../src/core/explain/rank-importances.js';
import { treeShap } from '../../../src/core/explain/treeshap.js';
import { features } from '../../../src/core/features/index.js';
import { randomForest } from '../../../src/core/models/forest.js';
import { nasbench201 } from '../../../src/core/spaces/nasbench201.js';

const archs = Array.from({ length: 60 }, (_, i) => nasbench201.sample(rng(i)));
const x = features(archs.map((arch) => nasbench201.toGraph(arch)));
const y = Float64Array.from(archs, (arch) => arch.split('2').length - 1);

const importanceOf = (names: readonly string[], mean: readonly number[]): Importance => ({
  kind: 'importance',
  method: 'made up',
  unit: '%',
  columns: names.map((name) => ({ name, says: name, family: name[0], unit: '' })),
  mean: Float64Array.from(mean),
});

describe('groups of columns', () => {
  test('are named in plain words, with how many columns each has', () => {
    expect(familyGroups(x.columns).heads.map(({ says }) => says)).toEqual([
      'numbers of operations (5)',
      'shortest paths (31)',
      'operations on one path (31)',
      'node degrees (124)',
    ]);
    expect(
      opGroups(x.columns)
        .heads.map(({ says }) => says)
        .sort(),
    ).toEqual([...nasbench201.vocabulary.ops].sort());
    const proxy = { name: 'nwot', says: 'NASWOT', family: 'zcp', unit: '' };
    expect(opGroups([...x.columns, proxy]).heads.at(-1)?.name).toBe('no operation in particular');
    expect(familyGroups([proxy]).heads[0].says).toBe('zero-cost proxies (1)');
  });

  test('share every column out wholly, so that sums are kept and SHAP values stay additive', async () => {
    const model = await randomForest({ trees: 5 }).fit(x, y, { rng: rng(1) });
    const shap = treeShap(model, x);
    const predicted = model.predict(x);
    const total = shap.importance().mean.reduce((a, b) => a + b, 0);
    for (const groups of [familyGroups(x.columns), opGroups(x.columns)]) {
      for (const member of groups.members) expect(member.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
      expect(groupImportance(shap.importance(), groups).mean.reduce((a, b) => a + b, 0)).toBeCloseTo(total, 9);
      const grouped = groupShap(shap, groups);
      const width = groups.heads.length;
      for (let r = 0; r < x.rowCount; r++) {
        const sum = grouped.values.subarray(r * width, (r + 1) * width).reduce((a, b) => a + b, grouped.base);
        expect(Math.abs(sum - predicted[r])).toBeLessThan(1e-9);
      }
      // What columns do together is at most the sum of what each does.
      grouped.importance().mean.forEach((mean, head) => {
        expect(mean).toBeLessThanOrEqual(groupImportance(shap.importance(), groups).mean[head] + 1e-12);
      });
    }
  });

  test('give a column about two operations half to each', () => {
    const of = (ops: readonly string[]) => ({ name: ops.join(), says: '', family: 'f', unit: '', ops });
    const columns = [of(['conv']), of(['conv', 'pool'])];
    const { mean, method } = groupImportance(
      { kind: 'importance', method: 'size', unit: '', columns, mean: Float64Array.of(3, 4) },
      opGroups(columns),
    );
    expect([...mean]).toEqual([5, 2]);
    expect(method).toBe('sum of size');
  });
});

describe('mean ranks', () => {
  test('rank from 0 for the greatest, equal ones in the table’s order', () => {
    expect([...ranksOf(importanceOf(['a', 'b', 'c', 'd'], [1, 5, 1, 9]))]).toEqual([2, 1, 3, 0]);
  });

  test('are means over the fits, with spread and range', () => {
    const ranks = rankImportances([
      importanceOf(['a', 'b', 'c'], [3, 2, 1]),
      importanceOf(['a', 'b', 'c'], [30, 10, 20]),
      importanceOf(['a', 'b', 'c'], [0.1, 0.9, 0.5]),
    ]);
    expect([...ranks.mean].map((m) => Number(m.toFixed(6)))).toEqual([0.666667, 1, 1.333333]);
    expect(ranks.sd[1]).toBeCloseTo(1, 12);
    expect([[...ranks.best], [...ranks.worst], ranks.fits]).toEqual([[0, 0, 1], [2, 2, 2], 3]);
  });

  test('refuse none, and importances of other columns', () => {
    expect(() => rankImportances([])).toThrow(ShapeError);
    expect(() => rankImportances([importanceOf(['a', 'b'], [1, 2]), importanceOf(['a', 'c'], [1, 2])])).toThrow(
      /importances\[1\]/,
    );
    expect(() => rankImportances([importanceOf(['a'], [1]), importanceOf(['a', 'c'], [1, 2])])).toThrow(ShapeError);
  });
});
