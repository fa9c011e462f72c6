import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { bayesianLinear } from '../../../src/core/models/bayesian-linear.js';
import { nearestNeighbours } from '../../../src/core/models/nearest-neighbours.js';
import { ridge } from '../../../src/core/models/ridge.js';
import { formulaCell, formulaTable, furthest, targets } from './oracle-rows.js';
import { tableOf } from './rows.js';

const smooth = (r: number): number => Math.sin(r / 9) * 4 + formulaCell(r, 1) / 5 + ((r * r * 31) % 89) / 70;

/** scikit-learn 1.2.1 behind a StandardScaler, numpy 1.26.4: predictions of the four rows that would come next. */
const oracles = [
  {
    rows: 30,
    columns: 4,
    ridge1: [3.8130974903402333, 3.0882442708776257, 3.932366608886225, 3.351812069054734],
    ridge10: [3.8170528521917464, 3.244241124361924, 3.894556528569597, 3.3670993515532794],
    blr: [3.7386150324539087, 3.5026593972508464, 3.7638802196268237, 3.5150913841330076],
    noisePrecision: 0.477805437057017,
    weightPrecision: 34.193246047579976,
    knn5: [3.151401339657636, 3.807538270774979, 3.1824188175934642, 3.424186259761683],
    knn2: [4.388910132465361, 4.223769657682116, 2.1327541006941466, 3.7959184686568825],
  },
  {
    rows: 8,
    columns: 12,
    ridge1: [4.052266175326743, 3.9158100249899017, 5.633119263416862, 5.190146177635203],
    ridge10: [3.1632318202654908, 3.0148732072630264, 3.6675720801955487, 3.208003172721874],
    blr: [4.5321089554411405, 4.237200952329323, 6.57865408340259, 6.459907573012469],
    noisePrecision: 499995.15873822983,
    weightPrecision: 4.563440407693561,
    knn5: [2.8675005068090216, 2.721893384778274, 2.4184620072450365, 2.2224912751146064],
    knn2: [3.1751830590400028, 3.1012205672622697, 2.7335328898797844, 3.2037951903390423],
  },
];

for (const oracle of oracles) {
  const { rows, columns } = oracle;
  const x = formulaTable(0, rows, columns);
  const y = targets(rows, smooth);
  const next = formulaTable(rows, rows + 4, columns);

  describe(`on ${rows} rows of ${columns} columns`, () => {
    test("ridge gives scikit-learn's predictions", async () => {
      const one = await ridge().fit(x, y, { rng: rng(1) });
      expect(furthest(one.predict(next), oracle.ridge1)).toBeLessThan(1e-11);
      const ten = await ridge({ alpha: 10 }).fit(x, y, { rng: rng(1) });
      expect(furthest(ten.predict(next), oracle.ridge10)).toBeLessThan(1e-11);
    });

    test("Bayesian linear regression finds scikit-learn's precisions and predictions", async () => {
      const model = await bayesianLinear().fit(x, y, { rng: rng(1) });
      expect(furthest(model.predict(next), oracle.blr)).toBeLessThan(1e-6);
      expect(model.noisePrecision / oracle.noisePrecision).toBeCloseTo(1, 5);
      expect(model.weightPrecision / oracle.weightPrecision).toBeCloseTo(1, 5);
    });

    test("nearest neighbours give scikit-learn's means", async () => {
      const five = await nearestNeighbours().fit(x, y, { rng: rng(1) });
      expect(furthest(five.predict(next), oracle.knn5)).toBeLessThan(1e-12);
      const two = await nearestNeighbours({ neighbours: 2 }).fit(x, y, { rng: rng(1) });
      expect(furthest(two.predict(next), oracle.knn2)).toBeLessThan(1e-12);
    });
  });
}

test("Bayesian linear regression's standard deviations are scikit-learn's where rows span all columns", async () => {
  const model = await bayesianLinear().fit(formulaTable(0, 30, 4), targets(30, smooth), { rng: rng(1) });
  const { mean, sd } = model.predictWithSd(formulaTable(30, 34, 4));
  expect(furthest(sd, [1.4768177727214482, 1.4673448824276798, 1.4929687828250287, 1.4855279147275868])).toBeLessThan(1e-6);
  expect(mean).toEqual(model.predict(formulaTable(30, 34, 4)));
});

test('where rows are few, a direction that none of them has is uncertain by the prior', async () => {
  const x = tableOf([Float64Array.of(1, 2, 4), Float64Array.of(2, 4, 8), Float64Array.of(4, 2, 1), Float64Array.of(8, 4, 2)]);
  const model = await bayesianLinear().fit(x, Float64Array.of(1, 2, 4), { rng: rng(1) });
  const parted = tableOf([Float64Array.of(2, 2), Float64Array.of(4, 40), Float64Array.of(2, 2), Float64Array.of(4, 4)]);
  const { sd } = model.predictWithSd(parted);
  // Columns 0 and 1 were twins: 36 more in one alone is 36 / sd(2, 4, 8) standard deviations, half of them unseen.
  const apart = 36 / Math.sqrt((4 + 16 + 64) / 3 - (14 / 3) ** 2);
  expect(sd[1] ** 2 - sd[0] ** 2).toBeGreaterThan((0.99 * apart ** 2) / 2 / model.weightPrecision);
});

test('collinear and constant columns share their weight and do no harm', async () => {
  const a = Float64Array.from({ length: 20 }, (_, r) => formulaCell(r, 0));
  const y = a.map((v) => 3 + 2 * v);
  const x = tableOf([a, a.slice(), new Float64Array(20).fill(7)]);
  for (const model of [
    await ridge({ alpha: 1e-4 }).fit(x, y, { rng: rng(1) }),
    await bayesianLinear().fit(x, y, { rng: rng(1) }),
  ]) {
    expect(furthest(model.predict(x), y)).toBeLessThan(1e-3);
    expect(model.weights[0]).toBeCloseTo(model.weights[1], 9);
    expect(model.weights[2]).toBe(0);
  }
});

test('options out of range are refused', () => {
  expect(() => ridge({ alpha: 0 })).toThrow(ShapeError);
  expect(() => bayesianLinear({ rounds: 0 })).toThrow(ShapeError);
  expect(() => bayesianLinear({ tolerance: Number.NaN })).toThrow(ShapeError);
  expect(() => nearestNeighbours({ neighbours: 0 })).toThrow(ShapeError);
});
