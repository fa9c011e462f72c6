import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { type FeatureTable, featureTable } from '../../../src/core/base/table.js';
import { features, linearSelection } from '../../../src/core/features/index.js';
import { spaces } from '../../../src/core/spaces/index.js';
import type { SearchSpace } from '../../../src/core/spaces/space.js';
import { describeShared, readSharedCsv } from '../../shared.js';

function tableOf(...columns: readonly (readonly number[])[]): FeatureTable {
  return featureTable(
    columns[0].length,
    columns.map((_, c) => ({ name: `c${c}`, says: '', family: '', unit: '' })),
    columns.map((values) => Float64Array.from(values)),
  );
}

describe('the selection, by hand', () => {
  const [a, b] = [
    [1, 2, 0, 5, 3],
    [0, 1, 1, 0, 2],
  ];
  const sum = a.map((v, i) => v + b[i]);

  it('keeps columns that do not follow from one another', () => {
    expect(linearSelection(tableOf(a, b))).toEqual({ kept: [0, 1], redundant: [] });
  });

  it('drops the last of three columns of which one is the sum of two', () => {
    expect(linearSelection(tableOf(a, sum, b))).toEqual({ kept: [0, 1], redundant: [0, 1, 2] });
  });

  it('drops the last first, then from the front: of four that are equal the third stays', () => {
    expect(linearSelection(tableOf(a, a, a, a, b))).toEqual({ kept: [2, 4], redundant: [0, 1, 2, 3] });
  });

  it('takes a constant for predicted: a regression has an intercept', () => {
    expect(linearSelection(tableOf(a, [7, 7, 7, 7, 7], b))).toEqual({ kept: [0, 2], redundant: [1] });
    expect(
      linearSelection(
        tableOf(
          a,
          a.map((v) => 3 - v),
        ),
      ),
    ).toEqual({ kept: [0], redundant: [0, 1] });
  });

  it('sees through quotients', () => {
    const thirds = a.map((v) => v / 3);
    expect(linearSelection(tableOf(thirds, a, b)).kept).toEqual([0, 2]);
  });
});

/** The rank of columns with the mean taken out, by Gram-Schmidt in doubles: another method for the same number. */
function rankWithIntercept(columns: readonly (readonly number[])[]): number {
  const basis: number[][] = [];
  for (const column of columns) {
    const mean = column.reduce((s, v) => s + v, 0) / column.length;
    const rest = column.map((v) => v - mean);
    const size = Math.hypot(...rest);
    for (const other of [...basis, ...basis]) {
      const share = rest.reduce((s, v, i) => s + v * other[i], 0);
      other.forEach((v, i) => {
        rest[i] -= share * v;
      });
    }
    const left = Math.hypot(...rest);
    if (left > 1e-9 * Math.max(1, size)) basis.push(rest.map((v) => v / left));
  }
  return basis.length;
}

test('as many columns are kept as the table has rank, and they span it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 9 }),
      (columns) => {
        const { kept, redundant } = linearSelection(tableOf(...columns));
        const rank = rankWithIntercept(columns);
        expect(kept).toHaveLength(rank);
        expect(rankWithIntercept(kept.map((c) => columns[c]))).toBe(rank);
        for (const c of columns.keys()) {
          const others = columns.filter((_, other) => other !== c);
          expect(redundant.includes(c), `column ${c}`).toBe(rankWithIntercept(others) === rank);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('nothing that is kept of GRAF on NAS-Bench-201 follows from the rest', () => {
  const random = rng(1);
  const graphs = Array.from({ length: 400 }, () => spaces.nasbench201.toGraph(spaces.nasbench201.sample(random)));
  const table = features(graphs, undefined, { config: 'short' });
  const { kept } = linearSelection(table);
  const again = featureTable(
    table.rowCount,
    kept.map((c) => table.columns[c]),
    kept.map((c) => table.values[c]),
  );
  expect(kept.length).toBeLessThan(table.columns.length);
  expect(linearSelection(again)).toEqual({ kept: [...kept.keys()], redundant: [] });
});

// Oracle: numpy 2.4.6 `matrix_rank` and scikit-learn 1.9.1 `LinearRegression` (residuals below 1e-6) on the same golden columns.
describeShared('the selection on the golden nets', () => {
  it.each([
    ['nb201', spaces.nasbench201 as SearchSpace, 87, 27, 72],
    ['nb101', spaces.nasbench101 as SearchSpace, 31, 2, 29],
  ])('finds the rank and the dependent columns of %s', (file, space, columns, redundant, kept) => {
    const [, ...rows] = readSharedCsv('goldens', 'graf', `${file}_icml24.csv.gz`);
    const graphs = rows.map(([net]) => space.toGraph(space.parse(net)));
    const table = features(graphs, undefined, { config: 'short' });
    const found = linearSelection(table);
    expect([table.columns.length, found.redundant.length, found.kept.length]).toEqual([columns, redundant, kept]);
  });
});
