import { describe, expect, test } from 'vitest';
import { ShapeError, UnsupportedError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { type FeatureTable, take } from '../../../src/core/base/table.js';
import { interventionalShap } from '../../../src/core/explain/interventional.js';
import { gradientBoosting } from '../../../src/core/models/boosting.js';
import { randomForest } from '../../../src/core/models/forest.js';
import type { Fitted } from '../../../src/core/models/predictor.js';
import { noisyRows } from '../models/rows.js';

/** Shapley values by their definition: a set of known columns is worth the mean prediction with the others from the background. */
function shapleyOfAllSubsets(model: Fitted, x: FeatureTable, row: number, background: FeatureTable): number[] {
  const count = x.columns.length;
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  const repeated = take(x, new Array<number>(background.rowCount).fill(row));
  const worth = Array.from({ length: 1 << count }, (_, subset) => {
    const values = background.values.map((column, c) => ((subset >> c) & 1 ? repeated.values[c] : column));
    return model.predict({ ...background, values }).reduce((a, b) => a + b, 0) / background.rowCount;
  });
  return Array.from({ length: count }, (_, c) => {
    let value = 0;
    for (let subset = 0; subset < 1 << count; subset++) {
      if ((subset >> c) & 1) continue;
      const size = Array.from({ length: count }, (_, i) => (subset >> i) & 1).reduce((a, b) => a + b, 0);
      value += ((factorial(size) * factorial(count - size - 1)) / factorial(count)) * (worth[subset | (1 << c)] - worth[subset]);
    }
    return value;
  });
}

const { x, y } = noisyRows(40, 1);
const fresh = noisyRows(4, 2).x;
const background = noisyRows(7, 3).x;
const models = {
  'a forest': await randomForest({ trees: 4, maxFeatures: 0.5 }).fit(x, y, { rng: rng(1) }),
  boosting: await gradientBoosting({ rounds: 6 }).fit(x, y, { rng: rng(1) }),
};

describe('interventionalShap', () => {
  for (const [name, model] of Object.entries(models)) {
    test(`equals Shapley values over all subsets, ${name}`, () => {
      const shap = interventionalShap(model, fresh, background);
      for (let r = 0; r < fresh.rowCount; r++) {
        shapleyOfAllSubsets(model, fresh, r, background).forEach((expected, c) => {
          expect(shap.values[r * 8 + c]).toBeCloseTo(expected, 9);
        });
      }
    });
  }

  test('adds up from the background’s mean prediction to each row’s', () => {
    const model = models['a forest'];
    const shap = interventionalShap(model, fresh, background);
    expect(shap.base).toBeCloseTo(model.predict(background).reduce((a, b) => a + b, 0) / 7, 10);
    model.predict(fresh).forEach((prediction, r) => {
      expect(shap.values.subarray(r * 8, (r + 1) * 8).reduce((a, b) => a + b, shap.base)).toBeCloseTo(prediction, 9);
    });
  });

  test('gives nothing to a row compared with itself', () => {
    const one = take(fresh, [2]);
    expect([...interventionalShap(models['a forest'], one, one).values]).toEqual(new Array(8).fill(0));
  });

  test('stops when told to, and refuses what it cannot compare', () => {
    const control = new AbortController();
    const reason = new Error('enough');
    const options = { signal: control.signal, onProgress: (): void => control.abort(reason) };
    const model = models['a forest'];
    expect(() => interventionalShap(model, fresh, background, options)).toThrow(reason);
    expect(() => interventionalShap(model, fresh, take(background, []))).toThrow(ShapeError);
    expect(() => interventionalShap({ id: 'ridge' }, fresh, background)).toThrow(UnsupportedError);
  });
});
