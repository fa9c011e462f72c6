import { describe, expect, test } from 'vitest';
import { DataError, ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { type FeatureTable, take } from '../../../src/core/base/table.js';
import { predictors } from '../../../src/core/models/index.js';
import { loadModel } from '../../../src/core/models/load.js';
import { trainMlpsWith } from '../../../src/core/models/mlp-trainer.js';
import type { Predictor } from '../../../src/core/models/predictor.js';
import { tfjsMlpTrainer } from '../../../src/nn/mlp-trainer.js';
import { countRows, noisyRows, tableOf } from './rows.js';

trainMlpsWith(tfjsMlpTrainer);

for (const [id, make] of Object.entries(predictors)) {
  describe(`predictor ${id}`, () => predictorContract(id, make));
}

/** What every predictor in the registry promises. */
function predictorContract(id: string, make: () => Predictor): void {
  const { x, y } = noisyRows(60, 1);
  const fresh = noisyRows(25, 2).x;
  const save = (model: { toJSON(): unknown }): string => JSON.stringify(model.toJSON());

  test('goes by its id', async () => {
    expect(make().id).toBe(id);
    expect((await make().fit(x, y, { rng: rng(1) })).id).toBe(id);
  });

  test('leaves its inputs as they were', async () => {
    const before = JSON.stringify([x, Array.from(y)]);
    Object.freeze(x.values);
    const model = await make().fit(x, y, { rng: rng(1) });
    model.predict(x);
    expect(JSON.stringify([x, Array.from(y)])).toBe(before);
  });

  test('gives the same bytes for the same seed', async () => {
    const [a, b] = [await make().fit(x, y, { rng: rng(7) }), await make().fit(x, y, { rng: rng(7) })];
    expect(save(a)).toBe(save(b));
    expect(a.predict(fresh)).toEqual(b.predict(fresh));
  });

  test('does not depend on what the generator was used for before', async () => {
    const used = rng(7);
    used.uniform();
    const a = await make().fit(x, y, { rng: used });
    expect(save(a)).toBe(save(await make().fit(x, y, { rng: rng(7) })));
  });

  test('predicts one finite number a row, each row by itself', async () => {
    const model = await make().fit(x, y, { rng: rng(3) });
    const all = model.predict(fresh);
    expect(all).toHaveLength(fresh.rowCount);
    expect(all.every(Number.isFinite)).toBe(true);
    for (let r = 0; r < fresh.rowCount; r++) expect(model.predict(take(fresh, [r]))[0]).toBe(all[r]);
    expect(model.predict(take(fresh, []))).toHaveLength(0);
  });

  test('learns: predictions on its training rows follow the target', async () => {
    const { x, y } = id === 'gp-wl' ? countRows(60, 1) : noisyRows(60, 1); // which sees nothing but shares of counts
    const model = await make().fit(x, y, { rng: rng(3) });
    const predicted = model.predict(x);
    const mean = y.reduce((sum, v) => sum + v, 0) / y.length;
    const error = predicted.reduce((sum, p, i) => sum + (p - y[i]) ** 2, 0);
    expect(error).toBeLessThan(0.5 * y.reduce((sum, v) => sum + (v - mean) ** 2, 0));
  });

  test('is the same after saving and loading', async () => {
    const model = await make().fit(x, y, { rng: rng(4) });
    const loaded = loadModel(JSON.parse(save(model)));
    expect(loaded.id).toBe(id);
    expect(loaded.predict(fresh)).toEqual(model.predict(fresh));
    expect(save(loaded)).toBe(save(model));
  });

  test('a file of a newer version is refused', async () => {
    const file = (await make().fit(x, y, { rng: rng(4) })).toJSON();
    expect(() => loadModel({ ...file, version: file.version + 1 })).toThrow(DataError);
  });

  test('rejects with the reason when aborted before or while it works', async () => {
    const reason = new Error('enough');
    await expect(make().fit(x, y, { rng: rng(1), signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const large = noisyRows(4000, 3);
    const control = new AbortController();
    const onProgress = (): void => control.abort(reason);
    await expect(make().fit(large.x, large.y, { rng: rng(1), signal: control.signal, onProgress })).rejects.toBe(reason);
  });

  test('reports its way to the end', async () => {
    const seen: number[] = [];
    await make().fit(x, y, { rng: rng(1), onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test('gives a constant target back, up to rounding', async () => {
    const model = await make().fit(
      x,
      y.map(() => 0.1),
      { rng: rng(1) },
    );
    for (const predicted of model.predict(fresh)) expect(predicted).toBeCloseTo(0.1, 14);
  });

  test('works with one row and with constant columns', async () => {
    const one = await make().fit(take(x, [0]), take(y, [0]), { rng: rng(1) });
    for (const predicted of one.predict(fresh)) expect(predicted).toBeCloseTo(y[0], 12);
    const flat = tableOf([Float64Array.of(1, 1, 1), Int8Array.of(2, 2, 2)]);
    const predicted = (await make().fit(flat, Float64Array.of(1, 2, 3), { rng: rng(1) })).predict(flat);
    expect(new Set(predicted).size).toBe(1);
  });

  test('takes rows that stand several times, also with different targets', async () => {
    const twice = [...y.keys(), ...y.keys(), ...y.keys()];
    const labels = Float64Array.from(twice, (row, i) => y[row] + (i < y.length ? 0 : 0.25));
    const predicted = (await make().fit(take(x, twice), labels, { rng: rng(2) })).predict(take(fresh, [0, 0, 1]));
    expect(predicted.every(Number.isFinite)).toBe(true);
    expect(predicted[0]).toBe(predicted[1]);
    const same = await make().fit(take(x, [3, 3, 3, 3]), Float64Array.of(1, 1, 1, 1), { rng: rng(2) });
    expect(same.predict(take(x, [3]))[0]).toBeCloseTo(1, 12);
  });

  const bad: readonly (readonly [string, FeatureTable, Float64Array])[] = [
    ['a target that is NaN', x, y.map((v, i) => (i === 5 ? Number.NaN : v))],
    ['a target that is infinite', x, y.map((v, i) => (i === 5 ? Number.POSITIVE_INFINITY : v))],
    ['a feature that is NaN', tableOf([Float64Array.of(1, Number.NaN)]), Float64Array.of(1, 2)],
    ['a feature that is infinite', tableOf([Float64Array.of(1, Number.NEGATIVE_INFINITY)]), Float64Array.of(1, 2)],
    ['no rows', take(x, []), new Float64Array(0)],
    ['no columns', { ...x, columns: [], values: [] }, y],
    ['fewer targets than rows', x, y.subarray(1)],
  ];
  for (const [what, badX, badY] of bad) {
    test(`refuses ${what}`, async () => {
      await expect(make().fit(badX, badY, { rng: rng(1) })).rejects.toThrow(ShapeError);
    });
  }

  test('refuses to predict from other columns than those of the fit', async () => {
    const model = await make().fit(x, y, { rng: rng(1) });
    const narrow = { ...fresh, columns: fresh.columns.slice(1), values: fresh.values.slice(1) };
    expect(() => model.predict(narrow)).toThrow(ShapeError);
    const turned = { ...fresh, columns: [...fresh.columns].reverse(), values: [...fresh.values].reverse() };
    expect(() => model.predict(turned)).toThrow(ShapeError);
    const holed = { ...fresh, values: fresh.values.map((v) => (v instanceof Float64Array ? v.map(() => Number.NaN) : v)) };
    expect(() => model.predict(holed)).toThrow(ShapeError);
  });
}

describe('loadModel', () => {
  test('refuses formats that it does not know', () => {
    for (const format of ['nascope/no-such-model', 'toString', '']) {
      expect(() => loadModel({ format, version: 1 })).toThrow(DataError);
    }
    expect(() => loadModel(null as never)).toThrow(DataError);
  });

  test('refuses forests whose trees are damaged', () => {
    const leaf = { feature: [-1], value: [1], left: [0], cover: [1] };
    const stump = { feature: [0, -1, -1], value: [1, 0, 2], left: [1, 0, 0], cover: [2, 1, 1] };
    const columns = [{ name: 'a', says: 'a', family: 'f', unit: '' }];
    const file = (trees: unknown): Parameters<typeof loadModel>[0] => ({
      format: 'nascope/random-forest',
      version: 1,
      columns,
      trees,
    });
    expect(loadModel(file([leaf, stump])).predict(tableOf([Float64Array.of(0, 2)]))).toEqual(Float64Array.of(0.5, 1.5));
    for (const tree of [
      null,
      {},
      { ...stump, left: [0, 0, 0] },
      { ...stump, left: [2, 0, 0] },
      { ...stump, feature: [1, -1, -1] },
      { ...stump, value: [1, 0] },
      { ...stump, value: [1, 0, null] },
      { ...stump, cover: 'no' },
      { feature: [], value: [], left: [], cover: [] },
    ]) {
      expect(() => loadModel(file([tree])), JSON.stringify(tree)).toThrow(DataError);
    }
    expect(() => loadModel(file([]))).toThrow(DataError);
    expect(() => loadModel(file('trees'))).toThrow(DataError);
  });
});
