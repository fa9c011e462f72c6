import { rng } from '../core/base/rng.js';
import { split } from '../core/base/split.js';
import { type FeatureTable, featureTable, take } from '../core/base/table.js';
import { features } from '../core/features/index.js';
import { kendallTau } from '../core/metrics/kendall.js';
import { randomForest } from '../core/models/forest.js';
import { e201 } from '../core/spaces/micro/e201.js';
import type { BenchmarkTable } from '../data/benchmark.js';

/** What was aimed at: by how much GRAF beats `params_raw`. */
export const GRAF_GAIN_AIM = 0.1;

/** Labels that a forest learns from, and how many such draws the taus are means of. */
const TRAIN = 128;
const DRAWS = 4;

/** Kendall's tau with `cls.acc` on the networks not learned from, by what a forest sees of an E201 network. */
export interface GrafGain {
  /** GRAF of the cell whose dead edges are `none`. */
  readonly graf: number;
  readonly paramsRaw: number;
  readonly paramsLive: number;
  /** Of each draw, GRAF's tau less that of `params_raw`. */
  readonly gains: readonly number[];
}

/** Of the table of E201; null where it holds no `cls.acc`, or no more networks than a forest learns from. Fits twelve forests: some seconds. */
export async function grafGain(table: BenchmarkTable): Promise<GrafGain | null> {
  const place = (name: string): number => table.columns.findIndex((column) => column.name === name);
  const y = table.values[place('cls.acc')];
  if (y === undefined || y.length <= TRAIN) return null;
  const rows = y.length;
  const only = (name: string): FeatureTable => featureTable(rows, [table.columns[place(name)]], [table.values[place(name)]]);
  const { space } = e201;
  const seen = [
    features(table.archs.map((text) => space.toGraph(space.canonical(space.parse(text))))),
    only('params_raw'),
    only('params_live'),
  ];
  const taus: number[][] = seen.map(() => []);
  for (let seed = 0; seed < DRAWS; seed++) {
    const { train, test } = split(rows, { train: TRAIN, rng: rng(seed).fork('split') });
    for (const [i, x] of seen.entries()) {
      const model = await randomForest({ trees: 100 }).fit(take(x, train), take(y, train), { rng: rng(seed).fork('fit') });
      taus[i].push(kendallTau(model.predict(take(x, test)), take(y, test)));
    }
  }
  const [graf, paramsRaw, paramsLive] = taus.map((values) => values.reduce((sum, value) => sum + value, 0) / DRAWS);
  return { graf, paramsRaw, paramsLive, gains: taus[0].map((value, draw) => value - taus[1][draw]) };
}
