import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import type { FeatureTable } from '../../../src/core/base/table.js';
import { edits, editsOfAll } from '../../../src/core/explain/edits.js';
import { editsHeld } from '../../../src/core/explain/edits-held.js';
import { spaces } from '../../../src/core/spaces/index.js';
import { nasbench201 } from '../../../src/core/spaces/nasbench201.js';
import type { ArchId, SearchSpace } from '../../../src/core/spaces/space.js';

type Nb201 = ArchId<'nasbench201'>;

/** The number of 3×3 convolutions (2) less the number of poolings (4), read off GRAF's counts. */
const convolutions = {
  predict(x: FeatureTable): Float64Array {
    const of = (name: string): ArrayLike<number> => x.values[x.columns.findIndex((column) => column.name === name)];
    const [conv, pool] = [of('op_count_2'), of('op_count_4')];
    return Float64Array.from({ length: x.rowCount }, (_, r) => conv[r] - pool[r]);
  },
};
const count = (arch: Nb201): number => (arch.match(/2/g) ?? []).length - (arch.match(/4/g) ?? []).length;

describe('edits by a predictor that counts', () => {
  const arch = nasbench201.parse('(4, 0, 3, 1, 4, 3)');

  test('are every change of the function, the best first: a pooling becomes a convolution', () => {
    const made = edits(convolutions, nasbench201, arch);
    expect(made.predicted).toBe(-2);
    expect(made.edits[0].change).toBe(2);
    expect(made.edits[0].says).toBe('1→2: avg_pool_3x3 becomes nor_conv_3x3');
    expect(made.edits[1].says).toBe('2→4: avg_pool_3x3 becomes nor_conv_3x3');
    expect(made.edits.map(({ change }) => change)).toEqual(made.edits.map(({ change }) => change).sort((a, b) => b - a));
    const expected = nasbench201.neighbours(arch).filter((other) => nasbench201.identity(other) !== nasbench201.identity(arch));
    expect(made.edits.map(({ to }) => to).sort()).toEqual(expected.sort());
    for (const { to, predicted, change } of made.edits) {
      expect(predicted).toBe(count(to));
      expect(change).toBe(predicted - count(arch));
    }
  });

  test('turn round where less is better', () => {
    const made = edits(convolutions, nasbench201, arch, { better: 'lower' });
    expect(made.edits[0].change).toBe(-1);
    expect(made.edits[0].says).toMatch(/becomes avg_pool_3x3$/);
  });

  test('leave out changes of idle connections, and those that are not asked for', () => {
    // Nothing reaches node 2: its outgoing connections are idle.
    const idle = nasbench201.parse('(1, 2, 2, 1, 1, 2)');
    const made = edits(convolutions, nasbench201, idle);
    expect(made.edits.every(({ says }) => !says.startsWith('2→'))).toBe(true);
    expect(made.edits.some(({ says }) => says.startsWith('1→3'))).toBe(true);
    const kept = edits(convolutions, nasbench201, arch, { among: (other) => !other.includes('2') });
    expect(kept.edits.every(({ to }) => !to.includes('2'))).toBe(true);
    expect(kept.edits.length).toBeGreaterThan(0);
  });

  test('of many are those of each', () => {
    const archs = [0, 1, 2, 3].map((i) => nasbench201.sample(rng(i)));
    const plain = (made: ReturnType<typeof edits>) =>
      made.edits.map(({ to, says, predicted, change }) => [to, says, predicted, change]);
    const all = editsOfAll(convolutions, nasbench201, archs);
    archs.forEach((one, i) => {
      expect(plain(all[i])).toEqual(plain(edits(convolutions, nasbench201, one)));
    });
    expect(() => editsOfAll(convolutions, nasbench201, [])).toThrow(ShapeError);
  });
});

describe.each(
  Object.values(spaces).map((space) => [space.id, space as unknown as SearchSpace] as const),
)('edits in %s', (_id, space) => {
  test('say in words what differs, each something else', () => {
    const arch = space.sample(rng(5));
    const made = edits({ predict: (x) => new Float64Array(x.rowCount) }, space, arch);
    expect(made.edits.length).toBeGreaterThan(3);
    for (const edit of made.edits) expect(edit.says).toMatch(/becomes?|moves|added|taken out/);
    expect(new Set(made.edits.map(({ says }) => says)).size).toBe(made.edits.length);
  });
});

describe('editsHeld', () => {
  const archs = [...nasbench201.all!()].filter((_, i) => i % 250 === 0);

  test('finds every promise kept where the model is the truth', () => {
    const held = editsHeld(editsOfAll(convolutions, nasbench201, archs), count);
    expect(held.helped).toBe(1);
    expect(held.best).toBe(1);
    expect(held.gain).toBeGreaterThan(1);
    expect(held.baseRate).toBeGreaterThan(0);
    expect(held.baseRate).toBeLessThan(0.6);
    expect(held.byPlace[0].helped).toBe(1);
  });

  test('turns round with the edits: where less is better, the truth that falls is the one that helps', () => {
    const held = editsHeld(editsOfAll(convolutions, nasbench201, archs, { better: 'lower' }), count);
    expect([held.helped, held.best]).toEqual([1, 1]);
    expect(held.gain).toBeGreaterThan(1);
  });

  test('calls nothing a help that leaves the truth as it is', () => {
    const held = editsHeld(editsOfAll(convolutions, nasbench201, archs), () => 7);
    expect([held.helped, held.baseRate, held.gain]).toEqual([0, 0, 0]);
    expect(held.byPlace.every(({ helped }) => helped === 0)).toBe(true);
  });

  test('finds every promise broken where the truth is the opposite', () => {
    const held = editsHeld(editsOfAll(convolutions, nasbench201, archs), (arch) => -count(arch));
    expect(held.helped).toBe(0);
    expect(held.best).toBe(0);
    expect(held.gain).toBeLessThan(held.baseGain);
  });

  test('helps as often as chance where truth and model have nothing in common', () => {
    const truth = (arch: Nb201): number => rng(9).fork(arch).uniform();
    const many = [...nasbench201.all!()].filter((_, i) => i % 25 === 0);
    const held = editsHeld(editsOfAll(convolutions, nasbench201, many), truth);
    expect(held.archs).toBeGreaterThan(500);
    expect(Math.abs(held.helped - held.baseRate)).toBeLessThan(0.07);
  });

  test('works out shares by hand: one helps, one does not, one is not known', () => {
    const known = new Map<string, number>();
    const arch = nasbench201.parse('(4, 4, 1, 1, 1, 1)');
    const made = edits(convolutions, nasbench201, arch);
    known.set(arch, 5);
    known.set(made.edits[0].to, 6);
    known.set(made.edits[1].to, 4);
    known.set(made.edits[2].to, 9);
    const held = editsHeld([made], (of) => known.get(of) ?? Number.NaN);
    expect(held).toMatchObject({ archs: 1, helped: 1, gain: 1, best: 0 });
    expect(held.baseRate).toBeCloseTo(2 / 3, 12);
    expect(held.baseGain).toBeCloseTo((1 - 1 + 4) / 3, 12);
    expect(held.byPlace.map(({ helped }) => helped)).toEqual([1, 0, 1]);
    expect(() => editsHeld([made], () => Number.NaN)).toThrow(ShapeError);
  });
});
