import { describe, expect, test } from 'vitest';
import { DataError, ShapeError } from '../../../../src/core/base/errors.js';
import { rng } from '../../../../src/core/base/rng.js';
import { take } from '../../../../src/core/base/table.js';
import { features, onehot } from '../../../../src/core/features/index.js';
import { fitNovelty, noveltyFromJSON, STRANGE } from '../../../../src/core/models/uncertainty/novelty.js';
import { nasbench201 } from '../../../../src/core/spaces/nasbench201.js';
import { noisyRows, tableOf } from '../rows.js';

const share = (p: Float64Array): number => p.filter((value) => value <= STRANGE).length / p.length;
const graf = (archs: readonly string[]) => features(archs.map((arch) => nasbench201.toGraph(nasbench201.parse(arch))));
const convs = (arch: string): number => arch.match(/[23]/g)?.length ?? 0;

describe('novelty', () => {
  test('calls rows like the training rows strange about as often as it says', () => {
    // 30 draws of 300 rows: the mean share, of sd about .02 a draw, lies within .02 of .05.
    let strange = 0;
    for (let draw = 0; draw < 30; draw++) {
      const [seen, asked] = [noisyRows(100, draw).x, noisyRows(300, 100 + draw).x];
      strange += share(fitNovelty(seen, { rng: rng(draw) }).pValues(asked)) / 30;
    }
    expect(strange).toBeGreaterThan(0.03);
    expect(strange).toBeLessThan(0.07);
  });

  test('has p values spread evenly over familiar rows', () => {
    const p = fitNovelty(noisyRows(400, 1).x, { rng: rng(1) }).pValues(noisyRows(2000, 2).x);
    for (const level of [0.2, 0.5, 0.8]) expect(Math.abs(p.filter((v) => v <= level).length / 2000 - level)).toBeLessThan(0.09);
  });

  test('knows cells with more convolutions than any that it has seen', () => {
    const archs = [...(nasbench201.all?.() ?? [])];
    const few = archs.filter((arch) => convs(arch) <= 2);
    const [order, other] = [rng(1).choose(few.length, 500), archs.filter((arch) => convs(arch) >= 5)];
    const seen = graf(take(few, order.slice(0, 250)));
    const novelty = fitNovelty(seen, { rng: rng(2) });
    expect(share(novelty.pValues(graf(take(few, order.slice(250)))))).toBeLessThan(0.12);
    expect(share(novelty.pValues(graf(other)))).toBeGreaterThan(0.95);
  });

  test('finds any other value of a column that never varied strange', () => {
    const source = rng(3);
    const column = (n: number): Float64Array => Float64Array.from({ length: n }, () => source.normal());
    const novelty = fitNovelty(tableOf([column(200), new Float64Array(200).fill(3)]), { rng: rng(1) });
    expect(novelty.pValues(tableOf([new Float64Array(2), Float64Array.of(3, 4)]))[1]).toBe(1 / 201);
    expect(novelty.pValues(tableOf([new Float64Array(2), Float64Array.of(3, 4)]))[0]).toBeGreaterThan(0.2);
  });

  test('does not depend on the columns’ units', () => {
    const { x } = noisyRows(80, 1);
    const asked = noisyRows(40, 2).x;
    const scaled = (table: typeof x) =>
      tableOf(table.values.slice(4, 7).map((column) => Float64Array.from(column, (v) => 1000 * v - 7)));
    const plain = (table: typeof x) => tableOf(table.values.slice(4, 7).map((column) => Float64Array.from(column)));
    const p = fitNovelty(plain(x), { rng: rng(1) }).pValues(plain(asked));
    expect(fitNovelty(scaled(x), { rng: rng(1) }).pValues(scaled(asked))).toEqual(p);
  });

  test('is the same after saving and loading, and refuses other columns', () => {
    const novelty = fitNovelty(noisyRows(50, 1).x, { rng: rng(1) });
    const asked = noisyRows(20, 2).x;
    const file = JSON.parse(JSON.stringify(novelty.toJSON()));
    expect(noveltyFromJSON(file).pValues(asked)).toEqual(novelty.pValues(asked));
    expect(() => noveltyFromJSON({ ...file, usual: 'none' })).toThrow(DataError);
    expect(() => noveltyFromJSON({ ...file, format: 'other' })).toThrow(DataError);
    expect(() => novelty.pValues(onehot([nasbench201.toGraph(nasbench201.sample(rng(1)))]))).toThrow(ShapeError);
    expect(() => fitNovelty(take(asked, [0, 1]), { rng: rng(1) })).toThrow(/at least 3/);
  });
});
