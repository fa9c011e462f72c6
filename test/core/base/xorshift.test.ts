import { expect, test } from 'vitest';
import { Xorshift32 } from '../../../src/core/base/xorshift.js';

const three = (seed: number) => {
  const draws = new Xorshift32(seed);
  return [draws.next(), draws.next(), draws.next()];
};

test('gives the low 31 bits of the published sequence for the paper’s seed', () => {
  expect(three(2463534242)).toEqual([723471715, 2497366906, 2064144800].map((word) => word % 2 ** 31));
});

test('takes seed 0, which would stay 0, for 1', () => {
  expect(three(1)).toEqual([270369, 67634689, 2647435461 % 2 ** 31]);
  expect(three(0)).toEqual(three(1));
});
