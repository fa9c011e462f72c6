import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorByPrediction } from '../../../../src/core/models/uncertainty/error-by-prediction.js';

/** A row: what was predicted and how far off that was. */
const rows = fc.uniqueArray(
  fc.record({ predicted: fc.integer({ min: -1000, max: 1000 }), error: fc.integer({ min: 0, max: 100 }) }),
  { minLength: 2, maxLength: 60, selector: ({ predicted }) => predicted },
);
const of = (list: readonly { predicted: number; error: number }[]): ReturnType<typeof errorByPrediction> =>
  errorByPrediction(
    list.map(({ predicted }) => predicted),
    list.map(({ error }) => error),
  );

test('the error near a prediction is the mean of the rows nearest to it, and a tenth of the mean of all', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: -1100, max: 1100 }), (list, whole) => {
      const at = whole + 0.25; // never as far from one row as from another
      const count = Math.min(list.length, Math.max(8, Math.round(2 * Math.sqrt(list.length))));
      const mean = (part: readonly { error: number }[]): number => part.reduce((sum, { error }) => sum + error, 0) / part.length;
      const nearest = [...list].sort((a, b) => Math.abs(a.predicted - at) - Math.abs(b.predicted - at)).slice(0, count);
      const expected = mean(nearest) + 0.1 * mean(list);
      expect(of(list).near(at)).toBeCloseTo(expected > 0 ? expected : 1, 9);
    }),
  );
});

test('a row is judged as if it were not there', () => {
  fc.assert(
    fc.property(rows, (list) => {
      fc.pre(list.length > 2);
      const others = of(list.slice(1));
      const judged = of(list).nearRow(0);
      expect(judged).toBeCloseTo(others.near(list[0].predicted), 9);
      expect(of([{ ...list[0], error: 1e6 }, ...list.slice(1)]).nearRow(0)).toBeCloseTo(judged, 3);
    }),
  );
});
