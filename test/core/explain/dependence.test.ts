import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { type FeatureTable, featureTable } from '../../../src/core/base/table.js';
import { accumulatedEffects } from '../../../src/core/explain/accumulated-effects.js';
import { accumulatedEffectsPair } from '../../../src/core/explain/accumulated-pair.js';
import { partialDependence, partialDependencePair } from '../../../src/core/explain/partial-dependence.js';
import { heightAt, placesOf } from '../../../src/core/explain/places.js';
import { tableOf } from '../models/rows.js';

/** A model that is a formula of a row's numbers. */
const formula = (of: (...row: number[]) => number): { predict(x: FeatureTable): Float64Array } => ({
  predict: (x) => Float64Array.from({ length: x.rowCount }, (_, r) => of(...x.values.map((column) => column[r]))),
});

/** A column of counts, one that goes along with it, and one that goes its own way. */
function correlatedRows(rowCount: number, seed: number): FeatureTable {
  const source = rng(seed);
  const count = Int8Array.from({ length: rowCount }, () => source.int(6));
  const along = Float64Array.from(count, (c) => c + 0.1 * source.normal());
  const other = Float64Array.from({ length: rowCount }, () => source.normal());
  return tableOf([count, along, other]);
}

const meanOf = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;

describe('placesOf', () => {
  test('gives every value of a column that has few, else that many at equal shares of the rows, ends included', () => {
    expect([...placesOf(Int8Array.of(3, 1, 1, 2), 5)]).toEqual([1, 2, 3]);
    expect([
      ...placesOf(
        Float64Array.from({ length: 101 }, (_, i) => i),
        5,
      ),
    ]).toEqual([0, 25, 50, 75, 100]);
    expect([...placesOf(Float64Array.of(0, 0, 0, 0, 0, 0, 1, 2, 3, 9), 3)]).toEqual([0, 9]);
  });
});

describe('an additive model', () => {
  const add = formula((a, b, c) => a * a + 3 * b - Math.exp(c));

  test('has the component as its partial dependence, up to the other components’ mean', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const x = correlatedRows(60, seed);
        const { places, mean, rows } = partialDependence(add, x, 'a');
        const rest = meanOf(formula((_, b, c) => 3 * b - Math.exp(c)).predict(x));
        places.forEach((place, k) => {
          expect(mean[k]).toBeCloseTo(place * place + rest, 8);
        });
        // Every row's own curve is the same, but for its height.
        for (let r = 1; r < x.rowCount; r++) {
          for (let k = 1; k < places.length; k++) {
            const rise = rows[r * places.length + k] - rows[r * places.length];
            expect(rise).toBeCloseTo(places[k] ** 2 - places[0] ** 2, 8);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test('has the component less its mean as its accumulated effects, and no effects of two columns together', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const x = correlatedRows(60, seed);
        const { places, effect, values } = accumulatedEffects(add, x, 'a');
        const own = places.map((place) => place * place);
        const mean = meanOf(Array.from(values, (value) => heightAt(places, own, value)));
        effect.forEach((height, k) => {
          expect(height).toBeCloseTo(own[k] - mean, 8);
        });
        for (const height of accumulatedEffectsPair(add, x, ['a', 'c']).effect) expect(Math.abs(height)).toBeLessThan(1e-9);
      }),
      { numRuns: 20 },
    );
  });
});

describe('columns that go together', () => {
  test('do not borrow each other’s effect in accumulated effects, as they do in partial dependence', () => {
    // b stays within some tenths of a. The model is wild where no row is, even when one is moved by a step of a.
    const wild = formula((a, b) => (Math.abs(a - b) > 1.8 ? 1000 : a));
    const x = correlatedRows(400, 3);
    const { places, effect } = accumulatedEffects(wild, x, 'a');
    expect([...places]).toEqual([0, 1, 2, 3, 4, 5]);
    effect.forEach((height, k) => {
      expect(height - effect[0]).toBeCloseTo(k, 9);
    });
    expect(Math.min(...partialDependence(wild, x, 'a').mean)).toBeGreaterThan(300);
  });

  test('are worked by hand: a row at a place speaks for the intervals on both sides of it', () => {
    const column = (name: string) => ({ name, says: name, family: 'f', unit: '' });
    const x = featureTable(3, [column('a'), column('b')], [Float64Array.of(0, 1, 2), Float64Array.of(1, 10, 100)]);
    // Of a × b: from 0 to 1 by the rows with b = 1 and 10, from 1 to 2 by those with 10 and 100.
    const { effect, counts } = accumulatedEffects(
      formula((a, b) => a * b),
      x,
      'a',
    );
    expect([...counts]).toEqual([2, 2]);
    for (const [k, height] of [0, 5.5, 60.5].entries()) expect(effect[k]).toBeCloseTo(height - 22, 12);
  });

  test('share out what a sum of both would give: each has its own slope', () => {
    const x = correlatedRows(500, 4);
    const both = formula((a, b) => 2 * a - 5 * b);
    const slopeOf = (column: string): number => {
      const { places, effect } = accumulatedEffects(both, x, column);
      return (effect[effect.length - 1] - effect[0]) / (places[places.length - 1] - places[0]);
    };
    expect(slopeOf('a')).toBeCloseTo(2, 9);
    expect(slopeOf('b')).toBeCloseTo(-5, 9);
  });
});

describe('two columns at once', () => {
  const product = formula((a, _, c) => a * c);

  test('have their mean prediction as partial dependence', () => {
    const x = correlatedRows(80, 5);
    const { first, second, effect } = partialDependencePair(product, x, ['a', 'c']);
    first.places.forEach((a, i) => {
      second.places.forEach((c, j) => {
        expect(effect[i * second.places.length + j]).toBeCloseTo(a * c, 9);
      });
    });
  });

  test('have in accumulated effects the part of a product that neither explains', () => {
    const x = correlatedRows(4000, 6);
    const { first, second, effect } = accumulatedEffectsPair(product, x, ['a', 'c'], { places: 6 });
    const [meanA, meanC] = [meanOf(first.values), meanOf(second.values)];
    const width = second.places.length;
    // (a − mean of a)(c − mean of c), up to what 4,000 draws leave of a correlation.
    for (let i = 0; i < first.places.length; i++) {
      for (let j = 0; j < width; j++) {
        const expected = (first.places[i] - meanA) * (second.places[j] - meanC);
        expect(Math.abs(effect[i * width + j] - expected)).toBeLessThan(0.45);
      }
    }
    // And their differences of second order exactly.
    for (let i = 1; i < first.places.length; i++) {
      for (let j = 1; j < width; j++) {
        const at = (k: number, l: number): number => effect[k * width + l];
        const together = at(i, j) - at(i - 1, j) - at(i, j - 1) + at(i - 1, j - 1);
        const expected = (first.places[i] - first.places[i - 1]) * (second.places[j] - second.places[j - 1]);
        expect(together).toBeCloseTo(expected, 9);
      }
    }
  });

  test('leave no accumulated effect to either column alone, and no mean', () => {
    const x = correlatedRows(300, 7);
    const pair = accumulatedEffectsPair(
      formula((a, b, c) => Math.sin(a * c) + b * c),
      x,
      ['a', 'c'],
      { places: 5 },
    );
    const width = pair.second.places.length;
    const surface = formula((a, _, c) => {
      const along = pair.first.places.map((__, k) =>
        heightAt(pair.second.places, pair.effect.subarray(k * width, (k + 1) * width), c),
      );
      return heightAt(pair.first.places, along, a);
    });
    expect(meanOf(surface.predict(x))).toBeCloseTo(0, 9);
    for (const column of ['a', 'c']) {
      for (const height of accumulatedEffects(surface, x, column, { places: 5 }).effect) expect(height).toBeCloseTo(0, 9);
    }
  });
});

test('a column with one value has one place and no effect', () => {
  const x = tableOf([new Int8Array(4).fill(3), Float64Array.of(1, 2, 3, 4)]);
  const model = formula((a, b) => a * b);
  expect([...partialDependence(model, x, 'a').mean]).toEqual([7.5]);
  expect([...accumulatedEffects(model, x, 'a').effect]).toEqual([0]);
  expect([...accumulatedEffectsPair(model, x, ['a', 'b']).effect]).toEqual([0, 0, 0, 0]);
});

test('no rows, unknown columns and too few places are refused by name; signals are heard; progress is told', () => {
  const x = correlatedRows(10, 8);
  const model = formula((a) => a);
  for (const work of [partialDependence, accumulatedEffects]) {
    expect(() => work(model, x, 'z')).toThrow(/expected a column of the table \(a; b; c, …\), got z/);
    expect(() => work(model, x, 'a', { places: 1 })).toThrow(ShapeError);
    expect(() => work(model, { ...x, rowCount: 0, values: x.values.map((v) => v.slice(0, 0)) }, 'a')).toThrow(ShapeError);
    const reason = new Error('enough');
    expect(() => work(model, x, 'a', { signal: AbortSignal.abort(reason) })).toThrow(reason);
    const seen: number[] = [];
    work(model, x, 'c', { places: 4, onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen.at(-1)).toBe(1);
  }
  expect(() => accumulatedEffectsPair(model, x, ['a', 'z'])).toThrow(ShapeError);
});
