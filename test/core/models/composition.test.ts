import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { take } from '../../../src/core/base/table.js';
import { kendallTau } from '../../../src/core/metrics/kendall.js';
import { randomForest } from '../../../src/core/models/forest.js';
import { loadModel } from '../../../src/core/models/load.js';
import { nearestNeighbours } from '../../../src/core/models/nearest-neighbours.js';
import { normalQuantile, normalScores } from '../../../src/core/models/normal-scores.js';
import { omni } from '../../../src/core/models/omni.js';
import { onColumnScores, onTargetScores } from '../../../src/core/models/on-scores.js';
import type { Predictor } from '../../../src/core/models/predictor.js';
import { rankAverage } from '../../../src/core/models/rank-average.js';
import { ridge } from '../../../src/core/models/ridge.js';
import { stack } from '../../../src/core/models/stack.js';
import { furthest } from './oracle-rows.js';
import { noisyRows, tableOf } from './rows.js';

const { x, y } = noisyRows(80, 1);
const fresh = noisyRows(60, 2);

test('the normal quantile is that of scipy 1.17.1 in the middle and far out', () => {
  const oracle = [
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798409],
    [0.001, -3.090232306167813],
    [0.025, -1.9599639845400545],
    [0.3, -0.5244005127080409],
    [0.5, 0],
    [0.9, 1.2815515655446004],
    [0.999, 3.090232306167813],
  ];
  for (const [p, z] of oracle) expect(Math.abs(normalQuantile(p) - z)).toBeLessThanOrEqual(1e-13 * Math.abs(z));
  expect([0, 1].map(normalQuantile)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect([-0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});

test('normal scores keep the order, share ties and forget the scale', () => {
  const scores = normalScores([5, -1e8, 7, 5]);
  expect([...scores]).toEqual([0, normalQuantile(1 / 8), normalQuantile(7 / 8), 0]);
  expect(normalScores([0.005, -1, 0.007, 0.005])).toEqual(scores);
});

describe('rank averaging', () => {
  test('of one member ranks as that member, and spreads as the training targets do', async () => {
    const alone = (await ridge().fit(x, y, { rng: rng(1) })).predict(fresh.x);
    const model = await rankAverage([{ predictor: ridge() }]).fit(x, y, { rng: rng(1) });
    const ranked = model.predict(fresh.x);
    expect(kendallTau(ranked, alone)).toBe(1);
    // Beyond the ends the scale goes on as a straight line.
    expect(Math.min(...ranked)).toBeGreaterThanOrEqual(Math.min(...y) - 3);
    expect(Math.max(...ranked)).toBeLessThanOrEqual(Math.max(...y) + 3);
  });

  test('does not care for a scale: a member on another unit of the target votes the same', async () => {
    const thousandfold: Predictor = {
      id: 'thousandfold',
      fit: async (rows, targets, options) => {
        const inner = await ridge().fit(rows, targets, options);
        return { ...inner, predict: (asked) => inner.predict(asked).map((p) => 1000 * p) };
      },
    };
    const members = (other: Predictor) => [{ predictor: other }, { predictor: nearestNeighbours() }];
    const [a, b] = await Promise.all([ridge(), thousandfold].map((m) => rankAverage(members(m)).fit(x, y, { rng: rng(1) })));
    expect(a.predict(fresh.x)).toEqual(b.predict(fresh.x));
  });
});

describe('stacking', () => {
  test('weighs a member that knows against one that does not', async () => {
    // Only columns a to e have to do with the target.
    const informed = { predictor: randomForest({ trees: 30 }) };
    const blind = { predictor: nearestNeighbours(), columns: (column: { name: string }) => column.name === 'h' };
    const { weights } = await stack([informed, blind]).fit(x, y, { rng: rng(1) });
    expect(weights[0] + weights[1]).toBeCloseTo(1, 12);
    expect(weights[0]).toBeGreaterThan(0.8);
  });

  test('is not taken in by a member that knows its own rows by heart', async () => {
    const noise = rng(3);
    const noisy = y.map((v) => v + 20 * noise.normal());
    const members = [{ predictor: nearestNeighbours({ neighbours: 1 }) }, { predictor: nearestNeighbours({ neighbours: 20 }) }];
    const { weights } = await stack(members).fit(x, noisy, { rng: rng(1) });
    expect(weights[0]).toBeLessThan(0.3);
  });

  test('gives no weight, rather than a negative one, to a member that is always wrong', async () => {
    const contrary: Predictor = {
      id: 'contrary',
      fit: async (rows, targets, options) => {
        const inner = await ridge().fit(rows, targets, options);
        return { ...inner, predict: (asked) => inner.predict(asked).map((p) => -p) };
      },
    };
    const centred = y.map((v) => v - y.reduce((sum, value) => sum + value, 0) / y.length);
    const { weights } = await stack([{ predictor: contrary }, { predictor: nearestNeighbours() }]).fit(x, centred, {
      rng: rng(1),
    });
    expect(weights).toEqual([0, 1]);
  });

  test('without folds, or with too few rows for them, is the plain mean', async () => {
    const members = [{ predictor: ridge() }, { predictor: nearestNeighbours() }];
    const parts = await Promise.all(members.map((m) => m.predictor.fit(x, y, { rng: rng(1) })));
    const [a, b] = parts.map((model) => model.predict(fresh.x));
    const mean = a.map((p, r) => (p + b[r]) / 2);
    const model = await stack(members, { folds: 0 }).fit(x, y, { rng: rng(1) });
    expect(furthest(model.predict(fresh.x), mean)).toBeLessThan(1e-12);
    const few = Int32Array.of(0, 1, 2, 3, 4, 5, 6);
    expect((await stack(members).fit(take(x, few), take(y, few), { rng: rng(1) })).weights).toEqual([0.5, 0.5]);
  });
});

describe('on normal scores', () => {
  test('a forest learns from ranks of the target alone, and answers in its unit', async () => {
    const stretched = y.map((v) => Math.exp(v / 5));
    const plain = await onTargetScores(randomForest({ trees: 20 })).fit(x, y, { rng: rng(1) });
    const other = await onTargetScores(randomForest({ trees: 20 })).fit(x, stretched, { rng: rng(1) });
    const [a, b] = [plain.predict(fresh.x), other.predict(fresh.x)];
    expect(kendallTau(a, b)).toBe(1);
    expect(Math.min(...a)).toBeGreaterThanOrEqual(Math.min(...y));
    expect(Math.max(...b)).toBeLessThanOrEqual(Math.max(...stretched));
  });

  test('columns count by rank: stretching one changes no prediction of a distance', async () => {
    const [a, b] = [Float64Array.of(1, 2, 3, 4, 5, 6), Float64Array.of(3, 1, 2, 6, 5, 4)];
    const target = Float64Array.of(1, 5, 2, 8, 3, 9);
    const predicted = [a, a.map((v) => 10 ** v)].map(async (column) => {
      const table = tableOf([column, b]);
      return (await onColumnScores(nearestNeighbours({ neighbours: 2 })).fit(table, target, { rng: rng(1) })).predict(table);
    });
    const [plain, stretched] = await Promise.all(predicted);
    expect(plain).toEqual(stretched);
  });
});

const compositions: Readonly<Record<string, Predictor>> = {
  'rank average': rankAverage([{ predictor: ridge() }, { predictor: randomForest({ trees: 5 }) }]),
  stack: stack([{ predictor: ridge() }, { predictor: onColumnScores(nearestNeighbours()) }]),
  'target scores': onTargetScores(ridge()),
};
for (const [says, predictor] of Object.entries(compositions)) {
  test(`${says}: saving and loading change nothing, aborting ends the work`, async () => {
    const model = await predictor.fit(x, y, { rng: rng(3) });
    const text = JSON.stringify(model.toJSON());
    const loaded = loadModel(JSON.parse(text));
    expect(loaded.predict(fresh.x)).toEqual(model.predict(fresh.x));
    expect(JSON.stringify(loaded.toJSON())).toBe(text);
    const reason = new Error('enough');
    await expect(predictor.fit(x, y, { rng: rng(3), signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
}

test('no member, a member without columns and a single fold are refused', async () => {
  expect(() => rankAverage([])).toThrow(ShapeError);
  expect(() => stack([{ predictor: ridge() }], { folds: 1 })).toThrow(ShapeError);
  const none = rankAverage([{ predictor: ridge(), columns: () => false }]);
  await expect(none.fit(x, y, { rng: rng(1) })).rejects.toThrow(ShapeError);
});

test('omni adds extra trees once there are two labels a column, and only then', async () => {
  const proxies = { ...x, columns: x.columns.map((column, c) => (c < 3 ? column : { ...column, family: 'zcp' })) };
  const membersOf = async (rows: number): Promise<unknown> => {
    const some = Int32Array.from({ length: rows }, (_, r) => r);
    const model = await omni().fit(take(proxies, some), take(y, some), { rng: rng(1) });
    const file = model.toJSON() as unknown as { model: { model: { members: { model: { format: string } }[] } } };
    return file.model.model.members.map((member) => member.model.format);
  };
  const few = ['nascope/on-column-scores', 'nascope/on-column-scores', 'nascope/gradient-boosting'];
  expect(await membersOf(15)).toEqual(few);
  expect(await membersOf(16)).toEqual([...few, 'nascope/extra-trees']);
});
