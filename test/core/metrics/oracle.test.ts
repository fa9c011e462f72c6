import { describe, expect, test } from 'vitest';
import { type MetricId, metrics, score } from '../../../src/core/metrics/index.js';
import { ndcgAt } from '../../../src/core/metrics/ndcg.js';
import { tauTop } from '../../../src/core/metrics/tau-top.js';
import { few, many, manySays } from './oracle.js';

describe('metrics equal scipy and scikit-learn', () => {
  for (const id of ['tau', 'spearman', 'pearson', 'mae', 'rmse', 'r2', 'ndcg10'] as const) {
    test(`${id} of fifteen rows with ties`, () => {
      expect(metrics[id].of(few.predicted, few.truth)).toBeCloseTo(few.says[id], 12);
    });
  }

  test('NDCG of the first three', () => {
    expect(ndcgAt(few.predicted, few.truth, 3)).toBeCloseTo(few.says.ndcg3, 12);
  });

  test('tau among the better half, and among the rows from the interpolated 60th percentile', () => {
    expect(tauTop(few.predicted, few.truth, 0.5)).toBeCloseTo(few.says.tauTopHalf, 12);
    expect(tauTop(few.predicted, few.truth, 0.6)).toBeCloseTo(few.says.tauTop40, 12);
  });

  test('the whole row of 2,000 heavily tied numbers', () => {
    const { predicted, truth } = many();
    const row = score(predicted, truth);
    for (const [id, value] of Object.entries(manySays)) expect(row[id as MetricId], id).toBeCloseTo(value, 12);
  });
});
