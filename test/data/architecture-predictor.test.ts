import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataError, ParseError, UnsupportedError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { randomForest } from '../../src/core/models/forest.js';
import { ridge } from '../../src/core/models/ridge.js';
import { nasbench201 } from '../../src/core/spaces/nasbench201.js';
import { transnasMicro } from '../../src/core/spaces/transnas-micro.js';
import {
  type ArchitecturePredictor,
  architecturePredictorFromJSON,
  fitArchitecturePredictor,
} from '../../src/data/architecture-predictor.js';
import { openModel, saveModel } from '../../src/data/model-file.js';
import { benchmark } from '../../src/data/own-table.js';
import { noisyRows } from '../core/models/rows.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-predictor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const archs = [...new Set(Array.from({ length: 120 }, (_, i) => nasbench201.sample(rng(i))))];
const truth = (net: string): number => 60 + 5 * (net.match(/2|3/g)?.length ?? 0);
const noise = rng(7);
const rows = archs.map((net) => ({ net, accuracy: truth(net) + noise.normal(), hint: truth(net) + 2 * noise.normal() }));
const bench = benchmark(rows, {
  space: 'nasbench201',
  arch: 'net',
  targets: [{ name: 'accuracy', unit: '%' }],
  proxies: ['hint'],
});
const asked = Array.from({ length: 60 }, (_, i) => nasbench201.sample(rng(1000 + i)));

describe('a predictor of architectures', () => {
  let graf: ArchitecturePredictor;
  let both: ArchitecturePredictor;
  beforeAll(async () => {
    graf = await fitArchitecturePredictor(bench, { model: randomForest({ trees: 15 }), rng: rng(1) });
    both = await fitArchitecturePredictor(bench, { features: 'zcp+graf', model: 'ridge', intervals: 'split', rng: rng(1) });
  });

  test('reads any encoding, and holds the true value about as often as asked', () => {
    const { value, low, high, ood, p } = graf.predict(asked);
    const held = asked.filter((net, i) => low[i] <= truth(net) && truth(net) <= high[i]).length;
    expect(held / asked.length).toBeGreaterThan(0.8);
    expect(ood).toEqual(Uint8Array.from(p, (v) => Number(v <= 0.05)));
    const official = asked.map((net) => nasbench201.format(nasbench201.parse(net)));
    expect(graf.predict(official).value).toEqual(value);
    expect(graf.about).toMatchObject({ target: 'accuracy', unit: '%', features: 'graf', labels: archs.length, intervals: 'cv' });
  });

  test('asks for the proxies that it learned from, and for nothing else', () => {
    expect(graf.about.columns).toEqual([]);
    expect(both.about.columns.map((column) => column.name)).toEqual(['hint']);
    const hint = asked.map(truth);
    expect(both.predict(asked, { hint }).value).toHaveLength(60);
    expect(() => both.predict(asked)).toThrow(/a column "hint"/);
    expect(() => both.predict(asked, { hint: hint.slice(1) })).toThrow(/60 numbers/);
    expect(() => both.predict(asked, { hint: hint.map((v, i) => (i === 3 ? Number.NaN : v)) })).toThrow(/row 4/);
  });

  test('is the same from its file', async () => {
    const path = join(folder, 'deep', 'model.json');
    await saveModel(path, graf);
    const back = (await openModel(path)) as ArchitecturePredictor;
    expect(back.predict(asked)).toEqual(graf.predict(asked));
    expect(back.about).toEqual(graf.about);
  });

  test('files of bare models open as what they are; files of nothing say so', async () => {
    const { x, y } = noisyRows(30, 1);
    const model = await ridge().fit(x, y, { rng: rng(1) });
    const path = join(folder, 'ridge.json');
    await saveModel(path, model);
    const back = await openModel(path);
    expect('predict' in back && (back as typeof model).predict(x)).toEqual(model.predict(x));
    writeFileSync(join(folder, 'broken.json'), '{"format"');
    await expect(openModel(join(folder, 'broken.json'))).rejects.toThrow(DataError);
    await expect(openModel(join(folder, 'absent.json'))).rejects.toThrow(ParseError);
  });

  test('refuses damaged files, other spaces and unknown methods', async () => {
    const file = JSON.parse(JSON.stringify(graf.toJSON()));
    for (const wrong of [{ format: 'x' }, { version: 99 }, { about: null }, { model: {} }, { novelty: {} }]) {
      expect(() => architecturePredictorFromJSON({ ...file, ...wrong })).toThrow(DataError);
    }
    expect(() => architecturePredictorFromJSON(file, transnasMicro)).toThrow(UnsupportedError);
    expect(() => graf.predict(['(9, 9, 9, 9, 9, 9)'])).toThrow(ParseError);
    await expect(fitArchitecturePredictor(bench, { intervals: 'none' as never, rng: rng(1) })).rejects.toThrow(/cv\+/);
  });
});
