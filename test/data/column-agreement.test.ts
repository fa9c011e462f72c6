import { expect, test } from 'vitest';
import { DataError, ShapeError } from '../../src/core/base/errors.js';
import { columnAgreement } from '../../src/data/column-agreement.js';
import { benchmark } from '../../src/data/own-table.js';
import { agreementMap } from '../../src/notebook/figures/agreement-map.js';

const nets = ['(4, 0, 3, 1, 4, 3)', '000000', '(1, 1, 1, 1, 1, 1)', '(2, 2, 2, 2, 2, 2)'];
const bench = benchmark(
  {
    net: nets,
    acc: [1, 2, 3, 4],
    psnr: [4, 3, 2, 1],
    // One pair of six is turned.
    iou: [2, 1, 3, 4],
    some: [5, null, 6, null],
    flat: [7, 7, 7, 7],
  },
  { space: 'nasbench201', arch: 'net', targets: ['acc', 'psnr'], proxies: ['iou', 'some', 'flat'] },
);

test('pairs are compared on the networks that have both, by a tau worked by hand', () => {
  const { columns, taus, networks } = columnAgreement(bench, ['acc', 'psnr', 'iou', 'some']);
  expect(columns.map(({ name }) => name)).toEqual(['acc', 'psnr', 'iou', 'some']);
  const worked = [1, -1, 2 / 3, 1, -1, 1, -2 / 3, -1, 2 / 3, -2 / 3, 1, 1, 1, -1, 1, 1];
  worked.forEach((tau, i) => {
    expect(taus[i]).toBeCloseTo(tau, 12);
  });
  expect([...networks]).toEqual([4, 4, 4, 2, 4, 4, 4, 2, 4, 4, 4, 2, 2, 2, 2, 2]);
});

test('unless named, the columns are the default target and all proxies; a constant one orders nothing', () => {
  const { columns, taus } = columnAgreement(bench);
  expect(columns.map(({ name }) => name)).toEqual(['acc', 'iou', 'some', 'flat']);
  expect(taus[3]).toBeNaN();
});

test('a column that is not there, or only one, is refused', () => {
  expect(() => columnAgreement(bench, ['acc', 'nope'])).toThrow(DataError);
  expect(() => columnAgreement(bench, ['acc'])).toThrow(ShapeError);
});

test('the map shows each pair once, and says the best first', () => {
  const { data, says } = agreementMap(columnAgreement(bench));
  expect(data[0].z).toEqual([
    [null, null, null, null],
    [0.667, null, null, null],
    [1, 1, null, null],
    [null, null, null, null],
  ]);
  expect(says).toBe('Kendall tau with acc: some 1.00, iou 0.67, flat none.');
});
