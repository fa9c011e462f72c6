import { expect, test } from 'vitest';
import { rng } from '../../src/core/base/rng.js';
import { GLYPHS } from '../../src/micro/glyphs.js';
import { SCENES_V1, type SceneSettings } from '../../src/micro/scene-settings.js';
import { drawBlock, SceneSource, testSets } from '../../src/micro/scenes.js';

const PIXELS = 144;
const few: SceneSettings = { ...SCENES_V1, testScenes: 200 };
const tests = testSets(few);

test('there are ten glyphs of different names', () => {
  expect(new Set(GLYPHS.map((glyph) => glyph.name)).size).toBe(10);
});

test('a seed’s scenes are the same whenever and in whatever order epochs are asked for, and other seeds’ are not', () => {
  const batch = (seed: number, epochs: readonly number[]): Float32Array[] => {
    const data = new SceneSource(seed, few, 64, tests).task('cls');
    return epochs.map((epoch) => data.batch(epoch, 1, 32).x.slice());
  };
  const [first, second] = batch(1, [0, 1]);
  expect(batch(1, [1, 0])).toEqual([second, first]);
  expect(first).not.toEqual(second);
  expect(batch(2, [0])[0]).not.toEqual(first);
});

test('the tasks of a seed see the same scenes and are asked different questions', () => {
  const source = new SceneSource(1, few, 64, tests);
  const [cls, den, seg] = (['cls', 'den', 'seg'] as const).map((task) => source.task(task).batch(0, 1, 32));
  expect(den.x).toEqual(cls.x);
  expect(seg.x).toEqual(cls.x);
  expect(cls.y).toHaveLength(32);
  expect(den.y).toHaveLength(32 * PIXELS);
  expect(Array.from(seg.y)).toEqual(Array.from(den.y as Float32Array, (value) => (value > SCENES_V1.maskAbove ? 1 : 0)));
});

test('test sets hold every class equally often, the same glyphs under noise of the stated strength', () => {
  const { plain, noisy } = tests;
  const counts = new Array<number>(10).fill(0);
  for (const label of plain.labels) counts[label]++;
  expect(counts).toEqual(new Array(10).fill(20));
  expect(noisy.labels).toEqual(plain.labels);
  expect(noisy.clean).toEqual(plain.clean);
  expect(
    deviation(plain.seen, drawBlock({ ...few, noise: 0 }, 200, rng(0).fork('microbench test'), (i) => i % 10).seen),
  ).toBeCloseTo(0.1, 2);
  // The two draws of noise are one draw at two strengths.
  expect(deviation(noisy.seen, plain.seen)).toBeCloseTo(SCENES_V1.strongNoise - SCENES_V1.noise, 2);
});

test('clean canvases hold ink from 0 to 1, some of it on every scene, and most of the ground empty', () => {
  const { clean } = tests.plain;
  for (let scene = 0; scene < 200; scene++) {
    const pixels = clean.subarray(scene * PIXELS, (scene + 1) * PIXELS);
    const marked = pixels.filter((value) => value > SCENES_V1.maskAbove).length;
    expect(Math.min(...pixels)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...pixels)).toBeLessThanOrEqual(1);
    expect(marked).toBeGreaterThan(3);
    expect(marked).toBeLessThan(90);
  }
});

test('strokes that belong to no glyph are seen but are not in the answer', () => {
  const without = drawBlock({ ...few, noise: 0, distractors: [0, 0] }, 20, rng(1));
  expect(without.seen).toEqual(without.clean);
  const withThree = drawBlock({ ...few, noise: 0, distractors: [3, 3] }, 20, rng(1));
  const differ = withThree.seen.filter((value, i) => value !== withThree.clean[i]).length;
  expect(differ).toBeGreaterThan(100);
});

test('a glyph without jitter is drawn where it is expected: a one is a vertical bar with a flag', () => {
  const still = {
    ...few,
    noise: 0,
    distractors: [0, 0],
    shift: 0,
    halfTurn: 0,
    shear: 0,
    pointJitter: 0,
    ink: [1, 1],
    scale: [1, 1],
    strokeWidth: [1, 1],
  } as const;
  const { clean } = drawBlock(still, 1, rng(1), () => 1);
  // The bar is at x = 6 + 8 * 0.75 * 0.05 = 6.3, from y = 2 to 10: a pen of width 1 covers 0.8 of the pixels to its right…
  for (let y = 3; y < 10; y++) expect(clean[y * 12 + 6]).toBeCloseTo(0.8, 5);
  // …and 0.2 of those to its left, where the flag is not.
  for (let y = 6; y < 10; y++) expect(clean[y * 12 + 5]).toBeCloseTo(0.2, 5);
  expect(clean[8 * 12 + 7]).toBe(0);
});

test('scenes are the same bits on every machine', () => {
  // A fingerprint, not a truth: what Node 20.20.2 (x64) drew for the scenes that labels of version 1 were made with.
  const { seen } = drawBlock(SCENES_V1, 3, rng(7));
  expect(Array.from(new Uint32Array(seen.buffer, 0, 432)).reduce((hash, word) => (Math.imul(hash, 31) + word) | 0, 7)).toBe(
    -1413254660,
  );
});

function deviation(a: Float32Array, b: Float32Array): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i] - b[i]) ** 2;
  return Math.sqrt(squares / a.length);
}
