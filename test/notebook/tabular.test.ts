import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { featureTable } from '../../src/core/base/table.js';
import type { Fitted, Predictor } from '../../src/core/models/predictor.js';
import { spaces } from '../../src/core/spaces/index.js';
import { danfo, frame, table } from '../../src/notebook/frame.js';
import { readRow } from '../../src/notebook/read-row.js';
import { features, numbersOf, split, tableOf, take, withTables } from '../../src/notebook/tabular.js';

const made = featureTable(
  4,
  ['a', 'b'].map((name) => ({ name, says: `says ${name}`, family: 'own', unit: 'ops' })),
  [Float64Array.of(1, 2, 3, 4), Int8Array.of(5, 6, 7, 8)],
);

describe('data frames', () => {
  test('hold the numbers of a feature table, exactly', () => {
    const exact = featureTable(2, made.columns.slice(0, 1), [Float64Array.of(91.12345678901234, Number.NaN)]);
    expect(frame(exact).values).toEqual([[91.12345678901234], [Number.NaN]]);
    expect(Array.from(table(exact).array('a') as ArrayLike<number>)).toEqual([91.12345678901234, Number.NaN]);
  });

  test('keep missing numbers out of comparisons and statistics', () => {
    const df = frame([{ y: 1 }, { y: null }, { y: 3 }]);
    expect(df.y.lt(5).values).toEqual([true, false, true]);
    expect(df.y.mean()).toBe(2);
    expect(
      table([{ y: 1 }, { y: null }, { y: 3 }])
        .rollup({ m: 'd => op.mean(d.y)' } as never)
        .get('m', 0),
    ).toBe(2);
  });

  test('come back as feature tables', () => {
    for (const as of [frame(made), table(made)]) {
      const back = tableOf(as);
      expect(back.columns.map((c) => c.name)).toEqual(['a', 'b']);
      expect(back.values.map((v) => [...v])).toEqual([
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ]);
    }
    expect(tableOf(made)).toBe(made);
  });

  test('with text where numbers are wanted are refused with column and row', () => {
    expect(() => tableOf(frame([{ n: 1 }, { n: 'two' }]))).toThrow('column n, row 1');
    expect(() => tableOf(frame([{ n: 1 }, { n: 'two' }]))).toThrow(ShapeError);
  });
});

describe('take and split', () => {
  test('give back the kind they were given, rows in the order asked for', () => {
    expect(take(frame(made), [2, 0]).values).toEqual([
      [3, 7],
      [1, 5],
    ]);
    expect(take(new (danfo().Series)([1, 2, 3]), [2, 0]).values).toEqual([3, 1]);
    expect(take(table(made), Int32Array.of(2, 0)).objects()).toEqual([
      { a: 3, b: 7 },
      { a: 1, b: 5 },
    ]);
    expect([...take(made, [3]).values[1]]).toEqual([8]);
    expect(take(['x', 'y'], [1])).toEqual(['y']);
  });

  test.each([frame(made), table(made), made])('refuse rows that are not there (%#)', (from) => {
    expect(() => take(from as typeof made, [4])).toThrow(ShapeError);
    expect(() => take(from as typeof made, [-1])).toThrow(ShapeError);
  });

  test('split a table as they split its row count', () => {
    const options = { train: 2, rng: rng(1) };
    expect(split(frame(made), { train: 2, rng: rng(1) })).toEqual(split(4, options));
    expect(split(table(made), { train: 2, rng: rng(1) }).train).toHaveLength(2);
  });
});

test('features of the architectures in a data frame are the same kind of data frame', () => {
  const space = spaces.nasbench201;
  const archs = [{ arch: '(4, 0, 3, 1, 4, 3)' }, { arch: '(1, 1, 1, 1, 1, 1)' }];
  const expected = tableOf(
    features(
      archs.map(({ arch }) => space.toGraph(space.parse(arch))),
      ['op_count'],
    ),
  );
  expect(tableOf(features(frame(archs), ['op_count'], { space })).values.map((v) => [...v])).toEqual(
    expected.values.map((v) => [...v]),
  );
  expect(tableOf(features(table(archs), ['op_count'], { space })).columns.map((c) => c.name)).toEqual(
    expected.columns.map((c) => c.name),
  );
  expect(() => features(frame([{ net: 'x' }]), undefined, { space })).toThrow('a column "arch"');
});

test('predictors take data frames, and their fitted values stay what they are', async () => {
  class Sums implements Fitted {
    readonly id = 'sums';
    readonly #secret = 1;
    constructor(readonly targets: Float64Array) {}
    predict(x: typeof made): Float64Array {
      return Float64Array.from({ length: x.rowCount }, (_, r) => x.values.reduce((sum, v) => sum + v[r], 0) * this.#secret);
    }
    toJSON(): { format: string; version: number } {
      return { format: 'sums', version: this.#secret };
    }
  }
  const sums: Predictor<typeof made, Sums> = { id: 'sums', fit: async (_x, y) => new Sums(y) };
  const fitted = await withTables(sums).fit(frame(made), new (danfo().Series)([1, 2, 3, 4]), { rng: rng(1) });
  expect([...fitted.predict(frame(made))]).toEqual([6, 8, 10, 12]);
  expect([...fitted.predict(made)]).toEqual([6, 8, 10, 12]);
  expect([...fitted.targets]).toEqual([1, 2, 3, 4]);
  expect(fitted).toBeInstanceOf(Sums);
  expect(JSON.parse(JSON.stringify(fitted))).toEqual({ format: 'sums', version: 1 });
  expect([...numbersOf([1, 2])]).toEqual([1, 2]);
});

test('a row reads as what each number is', () => {
  expect(readRow(made, 1, ['b'])).toEqual([{ feature: 'says b', value: 6, unit: 'ops', column: 'b' }]);
  expect(readRow(made, 0)).toHaveLength(2);
  expect(() => readRow(made, 4)).toThrow(ShapeError);
  expect(() => readRow(made, 0, ['c'])).toThrow(ShapeError);
});
