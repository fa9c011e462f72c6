import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { gaussianProcess, weisfeilerLehmanProcess } from '../../../src/core/models/gaussian-process.js';
import { type KernelId, kernels } from '../../../src/core/models/kernels.js';
import { negativeLogLikelihood } from '../../../src/core/models/marginal-likelihood.js';
import { momentsOf, standardisation, standardised } from '../../../src/core/models/standardise.js';
import { formulaCell, formulaTable, furthest, targets } from './oracle-rows.js';
import { noisyRows, tableOf } from './rows.js';

const x = formulaTable(0, 30, 4);
const y = targets(30, (r) => 3 * Math.sin(formulaCell(r, 0) / 3) + formulaCell(r, 1) / 2 + ((r * r * 31) % 89) / 100);

/**
 * scikit-learn 1.2.1 (scipy 1.17.1, numpy 1.26.4) on standardised columns and target: the log marginal likelihood and its
 * gradient (signal, length scale, noise) at 1.7, 2 and 0.3; the likelihood after optimisation; predictions of 4 new rows.
 */
const oracles: Readonly<Record<KernelId, { at: number; gradient: number[]; best: number; mean: number[]; sd: number[] }>> = {
  matern52: {
    at: -32.476712910939476,
    gradient: [-3.9556921313776745, 8.820928155028582, -5.587090334186523],
    best: -17.889801440152493,
    mean: [5.3856274306170135, 3.551535427488627, 5.941013863950085, 4.822221878266537],
    sd: [0.29766538264271225, 0.27445076238636357, 0.45938430871765024, 0.5931909412279309],
  },
  rbf: {
    at: -30.13756316867542,
    gradient: [-2.479607250207935, 7.817695293086688, -6.779433226619437],
    best: -17.065131863728432,
    mean: [5.384108348203402, 3.5397078978746093, 5.939437170662046, 4.949829778349507],
    sd: [0.3037111869096517, 0.2681391241435721, 0.42167376506250537, 0.5434764035755618],
  },
};

function likelihood(kernel: KernelId, lengthScale: number, signalVariance: number, noiseVariance: number) {
  const z = standardised(x, standardisation(x));
  const { mean, sd } = momentsOf(y);
  const squared = new Float64Array(900);
  for (let i = 0; i < 30; i++) {
    for (let j = 0; j < 30; j++) {
      for (let c = 0; c < 4; c++) squared[i * 30 + j] += (z[i * 4 + c] - z[j * 4 + c]) ** 2;
    }
  }
  const gradient = new Float64Array(3);
  const scales = { lengthScale, signalVariance, noiseVariance };
  const scaled = y.map((v) => (v - mean) / sd);
  return { value: -negativeLogLikelihood(squared, scaled, scales, kernels[kernel], gradient), gradient: gradient.map((g) => -g) };
}

for (const [id, oracle] of Object.entries(oracles)) {
  const kernel = id as KernelId;
  describe(`a Gaussian process with kernel ${kernel}`, () => {
    test("has scikit-learn's marginal likelihood and gradient", () => {
      const { value, gradient } = likelihood(kernel, 2, 1.7, 0.3);
      expect(value).toBeCloseTo(oracle.at, 10);
      expect(furthest([gradient[1], gradient[0], gradient[2]], oracle.gradient)).toBeLessThan(1e-9);
    });

    test('finds the likeliest scales, and predicts with them what scikit-learn predicts', async () => {
      const model = await gaussianProcess({ kernel }).fit(x, y, { rng: rng(1) });
      const { lengthScale, signalVariance, noiseVariance } = model.scales;
      expect(likelihood(kernel, lengthScale, signalVariance, noiseVariance).value).toBeGreaterThan(oracle.best - 1e-4);
      const next = formulaTable(30, 34, 4);
      const { mean, sd } = model.predictWithSd(next);
      expect(furthest(mean, oracle.mean)).toBeLessThan(5e-3);
      expect(furthest(sd, oracle.sd)).toBeLessThan(5e-3);
      expect(mean).toEqual(model.predict(next));
    });
  });
}

test('scales found on some of the rows still predict from all of them', async () => {
  const model = await gaussianProcess({ fitRows: 20 }).fit(x, y, { rng: rng(1) });
  expect(furthest(model.predict(x), y)).toBeLessThan(0.5);
});

test('an unknown kernel and too few rows to fit on are refused', () => {
  expect(() => gaussianProcess({ kernel: 'linear' as KernelId })).toThrow(ShapeError);
  expect(() => gaussianProcess({ fitRows: 1 })).toThrow(ShapeError);
});

describe('the Weisfeiler-Lehman process', () => {
  test('sees angles only: twice every count is the same graph', async () => {
    const { x, y } = noisyRows(30, 6);
    const counts = tableOf(x.values.map((column) => Float64Array.from(column, (v) => Math.round(Math.abs(4 * v)))));
    const doubled = tableOf(counts.values.map((column) => Float64Array.from(column, (v) => 2 * v)));
    const model = await weisfeilerLehmanProcess().fit(counts, y, { rng: rng(1) });
    const [once, twice] = [model.predict(counts), model.predict(doubled)];
    for (let r = 0; r < once.length; r++) expect(twice[r]).toBeCloseTo(once[r], 10);
  });

  test('covers by exp(−(1 − cos) / l²): one training row, hand-worked', async () => {
    const train = tableOf([Float64Array.of(3, 0), Float64Array.of(4, 5)]);
    const model = await weisfeilerLehmanProcess().fit(train, Float64Array.of(1, 3), { rng: rng(1) });
    const { lengthScale, signalVariance, noiseVariance } = model.scales;
    // Rows (.6, .8) and (0, 1): their cosine is .8. Targets are −1 and 1 once standardised.
    const between = signalVariance * Math.exp(-(1 - 0.8) / lengthScale ** 2);
    const own = signalVariance + noiseVariance;
    const weight = 1 / (own - between); // K⁻¹ (−1, 1) = (−w, w)
    const asked = tableOf([Float64Array.of(1), Float64Array.of(0)]); // cosines .6 and 0
    const cover = (cos: number): number => signalVariance * Math.exp(-(1 - cos) / lengthScale ** 2);
    expect(model.predict(asked)[0]).toBeCloseTo(2 + weight * (cover(0) - cover(0.6)), 10);
  });
});
