import { DataFrame } from 'danfojs-node';
import { afterEach, describe, expect, test } from 'vitest';
import { rng } from '../../src/core/base/rng.js';
import { split } from '../../src/core/base/split.js';
import { type FeatureTable, featureTable } from '../../src/core/base/table.js';
import { accumulatedEffects as accumulatedInCore } from '../../src/core/explain/accumulated-effects.js';
import { partialDependence as dependenceInCore } from '../../src/core/explain/partial-dependence.js';
import { randomForest } from '../../src/core/models/forest.js';
import { setCellSignal } from '../../src/notebook/cell-signal.js';
import { tableOf } from '../../src/notebook/tabular.js';
import * as explain from '../../src/notebook/tabular-explain.js';

const ROWS = 60;
const random = rng(1);
const [a, b] = [0, 1].map(() => Array.from({ length: ROWS }, () => random.int(6)));
const sums = a.map((value, r) => 2 * value - b[r]);
const frame = new DataFrame({ a, b });
/** Predicts 2a − b. */
const model = {
  predict: ({ values: [first, second] }: FeatureTable): Float64Array =>
    Float64Array.from({ length: first.length }, (_, r) => 2 * first[r] - second[r]),
};

afterEach(() => setCellSignal(() => undefined));

describe('explanations of a data frame', () => {
  test('are those of the same numbers as a feature table', () => {
    const table = tableOf(frame);
    expect(explain.partialDependence(model, frame, 'a')).toEqual(dependenceInCore(model, table, 'a'));
    expect(explain.accumulatedEffects(model, frame, 'b')).toEqual(accumulatedInCore(model, table, 'b'));
  });

  test('of an additive model have slopes as it does, and nothing beyond the two by themselves', () => {
    const { places, effect } = explain.accumulatedEffects(model, frame, 'a');
    for (let k = 1; k < places.length; k++) expect(effect[k] - effect[k - 1]).toBeCloseTo(2 * (places[k] - places[k - 1]), 9);
    for (const height of explain.accumulatedEffectsPair(model, frame, ['a', 'b']).effect) expect(height).toBeCloseTo(0, 9);
    const { mean } = explain.partialDependence(model, frame, 'b');
    for (let k = 1; k < mean.length; k++) expect(mean[k] - mean[k - 1]).toBeCloseTo(-1, 9);
  });

  test('find a proxy that counts what the features hold, and one that does not', async () => {
    const noise = Array.from({ length: ROWS }, () => random.normal());
    const proxies = new DataFrame({ counted: sums, noise });
    const parts = split(ROWS, { train: 40, rng: rng(2) });
    const found = await explain.proxyBiases(proxies, frame, {
      predictor: randomForest({ trees: 20 }),
      split: parts,
      rng: rng(3),
    });
    expect(found.map(({ proxy }) => proxy.name)).toEqual(['counted', 'noise']);
    expect(found[0].tau).toBeGreaterThan(0.8);
    expect(Math.abs(found[1].tau)).toBeLessThan(0.5);
  });

  test('of trees add up to the predictions', async () => {
    const forest = await randomForest({ trees: 5 }).fit(tableOf(frame), Float64Array.from(sums), { rng: rng(4) });
    const shap = explain.interventionalShap(forest, frame, frame);
    const predicted = forest.predict(tableOf(frame));
    const { values } = explain.shapInteractions(forest, frame);
    for (let r = 0; r < ROWS; r++) {
      expect(shap.base + shap.values[2 * r] + shap.values[2 * r + 1]).toBeCloseTo(predicted[r], 9);
    }
    expect(values).toHaveLength(4 * ROWS);
    expect(explain.interactionStrengths(forest, frame).columns.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

test('an interrupt of the notebook’s cell stops each of them', async () => {
  setCellSignal(() => AbortSignal.abort(new Error('interrupted')));
  const table = featureTable(2, [{ name: 'a', says: '', family: '', unit: '' }], [Float64Array.of(0, 1)]);
  const ways = [
    () => explain.partialDependence(model, table, 'a'),
    () => explain.partialDependencePair(model, table, ['a', 'a']),
    () => explain.accumulatedEffects(model, table, 'a'),
    () => explain.accumulatedEffectsPair(model, table, ['a', 'a']),
    () => explain.interventionalShap(model, table, table),
    () => explain.shapInteractions(model, table),
    () => explain.interactionStrengths(model, table),
  ];
  for (const way of ways) expect(way).toThrow('interrupted');
  const parts = { train: Int32Array.of(0), test: Int32Array.of(1) };
  const asked = explain.proxyBiases(table, table, { predictor: randomForest(), split: parts, rng: rng(1) });
  await expect(asked).rejects.toThrow('interrupted');
});
