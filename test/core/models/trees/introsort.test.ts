import fc from 'fast-check';
import { expect, test } from 'vitest';
import { introsort } from '../../../../src/core/models/trees/introsort.js';

function expectSorted(values: readonly number[], from: number, to: number): void {
  const keys = Float32Array.from(values);
  const items = Int32Array.from(values.keys());
  introsort(keys, items, from, to);
  const wanted = Float32Array.from(values);
  wanted.subarray(from, to).sort();
  expect(keys).toEqual(wanted);
  expect(Float32Array.from(items, (item) => values[item])).toEqual(keys);
  expect([...items].sort((a, b) => a - b)).toEqual([...values.keys()]);
}

test('sorts a stretch, carries the items along and leaves the rest alone', () => {
  const list = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: -1000, max: 1000 })), { maxLength: 200 });
  fc.assert(
    fc.property(list, fc.nat(), fc.nat(), (values, a, b) => {
      const [from, to] = [a % (values.length + 1), b % (values.length + 1)].sort((x, y) => x - y);
      expectSorted(values, from, to);
    }),
  );
});

test('sorts keys that an adversary has laid out against the median of three', () => {
  // McIlroy 1999, "A killer adversary for quicksort", run on 40 keys: each parting takes off the least two, until heapsort
  // steps in at the last 20. Those may be any greater keys.
  const killer = [
    0, 21, 36, 2, 39, 38, 4, 23, 16, 6, 35, 24, 8, 25, 37, 10, 30, 20, 12, 27, 1, 14, 3, 34, 5, 29, 7, 18, 9, 32, 11, 31, 13, 22,
    15, 28, 17, 33, 19, 26,
  ];
  const greater = fc.array(fc.integer({ min: 20, max: 40 }), { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(greater, (last) => {
      const keys = killer.map((key) => (key < 20 ? key : last[key - 20]));
      expectSorted([9, ...keys, 0.5], 1, 41);
    }),
  );
});
