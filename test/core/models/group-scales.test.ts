import { expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { gaussianProcess } from '../../../src/core/models/gaussian-process.js';
import { negativeLogLikelihoodOfGroups } from '../../../src/core/models/group-scales.js';
import { kernels } from '../../../src/core/models/kernels.js';
import { loadModel } from '../../../src/core/models/load.js';
import { negativeLogLikelihood } from '../../../src/core/models/marginal-likelihood.js';
import { onColumnScores } from '../../../src/core/models/on-scores.js';
import { furthest } from './oracle-rows.js';
import { noisyRows, tableOf } from './rows.js';

const random = rng(7);
const n = 12;
const points = Array.from({ length: n }, () => [random.normal(), random.normal(), random.normal()]);
const y = Float64Array.from(points, ([a, b]) => a - b * b);
const squared = (columns: readonly number[]): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return columns.reduce((sum, c) => sum + (points[i][c] - points[j][c]) ** 2, 0);
  });

test('with one group the likelihood is that of one length scale', () => {
  const [lengthScale, signalVariance, noiseVariance] = [1.3, 1.7, 0.2];
  const scales = { lengthScale, signalVariance, noiseVariance };
  const one = negativeLogLikelihood(squared([0, 1, 2]), y, scales, kernels.matern52, new Float64Array(3));
  const t = Float64Array.of(noiseVariance, signalVariance, 1 / lengthScale ** 2).map(Math.log);
  const grouped = negativeLogLikelihoodOfGroups([squared([0, 1, 2])], y, t, kernels.matern52, new Float64Array(3));
  expect(grouped).toBeCloseTo(one, 10);
});

test('its derivatives by noise, signal and each group are those of differences', () => {
  const groups = [squared([0]), squared([1, 2])];
  const t = Float64Array.of(-1.5, 0.4, -0.7, 0.3);
  for (const kernel of Object.values(kernels)) {
    const gradient = new Float64Array(4);
    const none = new Float64Array(4);
    negativeLogLikelihoodOfGroups(groups, y, t, kernel, gradient);
    const differences = t.map((_, at) => {
      const [up, down] = [1e-5, -1e-5].map((by) => {
        const moved = t.map((v, i) => (i === at ? v + by : v));
        return negativeLogLikelihoodOfGroups(groups, y, moved, kernel, none);
      });
      return (up - down) / 2e-5;
    });
    expect(furthest(gradient, differences)).toBeLessThan(1e-6);
  }
});

test('a group of noise columns is believed less, and predictions get better than with one scale for all', async () => {
  const draw = rng(11);
  const rows = (count: number) =>
    tableOf(Array.from({ length: 10 }, () => Float64Array.from({ length: count }, () => draw.normal())));
  const [seen, fresh] = [rows(60), rows(200)];
  const truth = ({ values: [a, b] }: typeof seen): Float64Array => Float64Array.from(a, (v, r) => Math.sin(v) + b[r]);
  const expected = truth(fresh);
  const miss = async (groups?: (column: { readonly name: string }) => string): Promise<number> => {
    const model = await gaussianProcess({ groups }).fit(seen, truth(seen), { rng: rng(1) });
    return model.predict(fresh).reduce((sum, p, r) => sum + (p - expected[r]) ** 2, 0);
  };
  expect(await miss(({ name }) => String(name <= 'b'))).toBeLessThan(0.5 * (await miss()));
});

test('a process with groups, and scores of some columns only, come back from JSON as they were', async () => {
  const { x, y: target } = noisyRows(40, 3);
  const inner = gaussianProcess({ groups: ({ name }) => String(name.length) });
  const [some] = x.columns;
  const model = await onColumnScores(inner, (column) => column === some).fit(x, target, { rng: rng(1) });
  const again = loadModel(JSON.parse(JSON.stringify(model.toJSON())));
  expect(again.predict(x)).toEqual(model.predict(x));
});

test('groups whose columns are constant change nothing', async () => {
  const { x, y: target } = noisyRows(30, 5);
  const constant = { ...x, values: x.values.map((column, c) => (c < 2 ? column.map(() => 4) : column)) };
  const groups = ({ name }: { readonly name: string }): string =>
    x.columns.findIndex((column) => column.name === name) < 2 ? 'constant' : 'rest';
  const model = await gaussianProcess({ groups }).fit(constant, target, { rng: rng(1) });
  expect(model.predict(constant).every(Number.isFinite)).toBe(true);
});
