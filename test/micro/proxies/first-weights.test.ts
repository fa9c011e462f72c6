import { expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import type { Init, Parameter, ParameterKind } from '../../../src/micro/engine/network.js';
import { fanInInit, torchInit, zenInit } from '../../../src/micro/proxies/first-weights.js';

const COUNT = 20_000;
const FAN_IN = 50;

function drawn(init: Init, kind: ParameterKind): Float32Array {
  const value = new Float32Array(COUNT).fill(7);
  init({ kind, value, gradient: value, node: 1, shape: [COUNT], fanIn: FAN_IN, fanOut: 3 } satisfies Parameter, rng(1));
  return value;
}

const variance = (values: Float32Array): number => values.reduce((sum, v) => sum + v * v, 0) / COUNT;

// The relative standard error of a variance of so many normal numbers is 1 %.
test.each([
  ['as PyTorch: uniform, and so a third of the bound’s square', torchInit, 1 / FAN_IN / 3],
  ['as Zen-NAS: N(0, 1)', zenInit, 1],
  ['as AZ-NAS: N(0, 2 / fan in)', fanInInit, 2 / FAN_IN],
])('weights %s', (_, init, expected) => {
  for (const kind of ['conv', 'depthwise', 'dense'] as const) {
    expect(Math.abs(variance(drawn(init, kind)) / expected - 1), kind).toBeLessThan(0.05);
  }
  for (const kind of ['bias', 'shift'] as const) expect(variance(drawn(init, kind)), kind).toBe(0);
  expect(drawn(init, 'scale')).toEqual(new Float32Array(COUNT).fill(1));
});

test('weights as PyTorch draws them lie within 1 / √(fan in), and fill it', () => {
  const bound = 1 / Math.sqrt(FAN_IN);
  const values = drawn(torchInit, 'conv');
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
  expect(Math.max(...values)).toBeGreaterThan(0.99 * bound);
  expect(Math.min(...values)).toBeLessThan(-0.99 * bound);
});
