import { expect, it } from 'vitest';
import { nearest } from '../../../src/core/base/nearest.js';

const known = ['nasbench101', 'nasbench201', 'nasbench301', 'transnas-micro', 'transnas-macro'];

it.each([
  ['nasbench21', 'nasbench201'],
  ['NASBench301', 'nasbench301'],
  ['transnas_mirco', 'transnas-micro'],
  ['nasbnech101', 'nasbench101'],
])('takes %s for %s', (typed, meant) => {
  expect(nearest(typed, known)).toBe(meant);
});

it('suggests nothing for a name that is like none', () => {
  expect(nearest('resnet', known)).toBeNull();
  expect(nearest('x'.repeat(1_000_000), known)).toBeNull();
  expect(nearest('anything', [])).toBeNull();
});
