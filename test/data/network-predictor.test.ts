import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataError, ShapeError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { writeCg } from '../../src/core/ir/cg-json.js';
import type { ComputeGraph } from '../../src/core/ir/compute-graph.js';
import { cost } from '../../src/core/ir/cost.js';
import { kendallTau } from '../../src/core/metrics/kendall.js';
import { graphFamilies } from '../../src/core/spaces/families/index.js';
import { importModel } from '../../src/data/import/import-model.js';
import { toOnnx } from '../../src/data/import/to-onnx.js';
import { openModel, saveModel } from '../../src/data/model-file.js';
import { fitNetworkPredictor, type NetworkPredictor, networkPredictorFromJSON } from '../../src/data/network-predictor.js';
import { temporaryFolder } from '../../src/data/temporary-folder.js';
import { nascope } from '../cli/run-cli.js';

const folder = temporaryFolder('networks');
afterAll(() => folder.remove());

const { hiaml } = graphFamilies;
const drawn = (count: number, seed: number): ComputeGraph[] => {
  const random = rng(seed);
  return Array.from({ length: count }, () => hiaml.toCompute(hiaml.sample(random)));
};
/** What is to be learned: the logarithm of what a network costs. */
const target = (graph: ComputeGraph): number => Math.log10(cost(graph).flops);
const [known, asked] = [drawn(40, 1), drawn(12, 2)];
const truth = Float64Array.from(asked, target);

describe('a predictor of networks', () => {
  let fitted: NetworkPredictor;
  beforeAll(async () => {
    const y = Float64Array.from(known, target);
    fitted = await fitNetworkPredictor(known, y, { rng: rng(1), target: 'cost', model: 'ridge', intervals: 'split' });
  });

  test('ranks networks that it has not seen, and holds their values in its intervals', () => {
    const { value, low, high, p, ood } = fitted.predict(asked);
    expect(kendallTau(value, truth)).toBeGreaterThan(0.8);
    expect(truth.filter((t, i) => low[i] <= t && t <= high[i]).length).toBeGreaterThanOrEqual(9);
    expect(ood).toEqual(Uint8Array.from(p, (v) => Number(v <= 0.05)));
  });

  test('predicts the same of a network whichever others are asked with it, and from whichever file it comes', async () => {
    const alone = fitted.predict([asked[3]]).value[0];
    expect(alone).toBe(fitted.predict(asked).value[3]);
    const fromOnnx = (await importModel(toOnnx(asked[3]))).graph;
    expect(fitted.predict([fromOnnx]).value[0]).toBe(alone);
  });

  test('calls a network of another sort out of distribution', () => {
    const { inception } = graphFamilies;
    const stranger = inception.toCompute(inception.sample(rng(5)));
    expect(Array.from(fitted.predict([stranger]).ood)).toEqual([1]);
  });

  test('comes back from its file as it was', async () => {
    const path = join(folder.path, 'saved.json');
    await saveModel(path, fitted);
    const back = (await openModel(path)) as NetworkPredictor;
    expect(back.about).toEqual(fitted.about);
    expect(back.predict(asked)).toEqual(fitted.predict(asked));
  });

  test('refuses damaged files and labels that do not fit', async () => {
    const file = fitted.toJSON();
    expect(() => networkPredictorFromJSON({ ...file, version: 2 })).toThrow(DataError);
    expect(() => networkPredictorFromJSON({ ...file, about: { target: 'cost' } })).toThrow(/about/);
    const few = fitNetworkPredictor(known, new Float64Array(3), { rng: rng(1), target: 'cost' });
    await expect(few).rejects.toThrow(ShapeError);
  });
});

test('fit --networks learns from the files that a table lists, and predict reads such files', async () => {
  const at = (...parts: string[]): string => join(folder.path, ...parts);
  mkdirSync(at('files'));
  const write = (name: string, graph: ComputeGraph, onnx: boolean): string => {
    writeFileSync(at('files', name), onnx ? toOnnx(graph) : JSON.stringify(writeCg(graph)));
    return join('files', name);
  };
  const lines = known.map((graph, i) => {
    const onnx = i % 2 === 0;
    return `${write(`${i}.${onnx ? 'onnx' : 'json'}`, graph, onnx)},${i === 5 ? '' : target(graph)}`;
  });
  writeFileSync(at('table.csv'), `network,cost\n${lines.join('\n')}\n`);
  const fit = (...args: string[]): ReturnType<typeof nascope> =>
    nascope([
      'fit',
      '--networks',
      at('table.csv'),
      '--model',
      'ridge',
      '--intervals',
      'split',
      '--out',
      at('model.json'),
      ...args,
    ]);
  const made = await fit();
  expect(made.code, made.stderr).toBe(0);
  expect(made.stderr).toMatch(/predicts cost of networks from 39 labels/);

  const paths = asked.map((graph, i) => at(write(`asked${i}.onnx`, graph, true)));
  const { code, stdout, stderr } = await nascope(['predict', '--model', at('model.json')], { input: paths.join('\n') });
  expect(code, stderr).toBe(0);
  const [head, ...rows] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  expect(head).toEqual(['net', 'value', 'low', 'high', 'ood', 'p']);
  expect(rows.map(([net]) => net)).toEqual(paths);
  expect(
    kendallTau(
      Float64Array.from(rows, ([, value]) => Number(value)),
      truth,
    ),
  ).toBeGreaterThan(0.8);

  const broken = await nascope(['predict', '--model', at('model.json')], { input: `${paths[0]}\n${at('none.onnx')}\n` });
  expect(broken.code).toBe(2);
  expect(broken.stderr).toMatch(/line 2.*none\.onnx/);
  const wrong = await fit('--target', 'latency');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/columns network and latency/);
});
