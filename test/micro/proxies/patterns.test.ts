import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { compileNetwork } from '../../../src/micro/engine/compile.js';
import { epeNas, jacov, rowCorrelations } from '../../../src/micro/proxies/input-jacobian.js';
import { ReluPatterns } from '../../../src/micro/proxies/relu-patterns.js';
import { act, chain, conv } from '../engine/small-graphs.js';

/** ln |A| by elimination. */
function logDet(matrix: readonly number[][]): number {
  const a = matrix.map((row) => [...row]);
  let sum = 0;
  a.forEach((row, i) => {
    const best = a.slice(i).reduce((at, other, k) => (Math.abs(other[i]) > Math.abs(a[at][i]) ? i + k : at), i);
    [a[i], a[best]] = [a[best], row];
    sum += Math.log(Math.abs(a[i][i]));
    for (const other of a.slice(i + 1)) {
      const factor = other[i] / a[i][i];
      for (let j = i; j < a.length; j++) other[j] -= factor * a[i][j];
    }
  });
  return sum;
}

describe('ReLU patterns', () => {
  test('give nwot of a kernel worked out by hand', () => {
    const patterns = new ReluPatterns(2);
    // Open for the first picture: neurons 1, 2; for the second: 1, 3. They agree on two of four.
    patterns.add(Float32Array.of(1, 2, -1, 0, 3, -1, 0.5, -2), true);
    expect(patterns.nwot()).toBeCloseTo(Math.log(4 * 4 - 2 * 2), 12);
    // Both, the first only, the second only, none.
    expect(patterns.swap()).toBe(4);
  });

  test('of pictures that open the same ReLUs have no volume', () => {
    const patterns = new ReluPatterns(2);
    patterns.add(Float32Array.of(1, -1, 2, -5), true);
    expect(patterns.nwot()).toBe(Number.NEGATIVE_INFINITY);
    expect(patterns.swap()).toBe(2);
  });

  test('of vectors count for nwot alone', () => {
    const patterns = new ReluPatterns(2);
    patterns.add(Float32Array.of(1, 2, -1, 0, 3, -1, 0.5, -2), false);
    expect(patterns.nwot()).toBeCloseTo(Math.log(12), 12);
    expect(patterns.swap()).toBe(0);
  });

  test('are those of a network whose ReLUs open by the sign of their pixel', () => {
    const graph = chain([1, 3, 1], conv(1, 1), act('relu'));
    const network = compileNetwork(graph, { batch: 2, rng: rng(1), keep: 'all', init: ({ value }) => value.fill(-2) });
    network.forward(Float32Array.of(1, -1, -1, -1, -1, 1), 'train');
    const patterns = new ReluPatterns(2);
    patterns.add(network.activation(2) as Float32Array, true);
    // Open: 0 1 1 and 1 1 0; they agree on one of three.
    expect(patterns.nwot()).toBeCloseTo(Math.log(9 - 1), 12);
    expect(patterns.swap()).toBe(3);
    network.release();
  });

  test('tell pictures apart past the bits of a word', () => {
    // Three ReLUs; the first and the last are open for picture 35 alone, the second for picture 36 alone.
    const values = new Float32Array(40 * 3).fill(-1);
    for (const [picture, neuron] of [
      [35, 0],
      [36, 1],
      [35, 2],
    ]) {
      values[picture * 3 + neuron] = 1;
    }
    const patterns = new ReluPatterns(40);
    patterns.add(values, true);
    expect(patterns.swap()).toBe(2);
  });

  test('agree with matrices written out, over several layers and more pictures than a word has bits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 3 }),
        fc.integer(),
        (batch, sizes, seed) => {
          // Fewer ReLUs than this may leave the kernel without volume.
          fc.pre(sizes.reduce((a, b) => a + b) > 2 * batch);
          const random = rng(seed);
          const patterns = new ReluPatterns(batch);
          const open: number[][] = Array.from({ length: batch }, () => []);
          for (const size of sizes) {
            const values = Float32Array.from({ length: batch * size }, () => random.normal());
            patterns.add(values, true);
            values.forEach((value, i) => {
              open[Math.floor(i / size)].push(value > 0 ? 1 : 0);
            });
          }
          const kernel = open.map((a) => open.map((b) => a.reduce((sum, bit, i) => sum + (bit === b[i] ? 1 : 0), 0)));
          const columns = new Set(open[0].map((_, i) => open.map((row) => row[i]).join('')));
          expect(patterns.swap()).toBe(columns.size);
          expect(patterns.nwot()).toBeCloseTo(logDet(kernel), 5);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('input Jacobians', () => {
  const K = 1e-5;

  test('of identical pictures have one eigenvalue that is not 0', () => {
    const correlations = rowCorrelations(Float32Array.of(1, 2, 3, 2, 4, 6, -1, 0, 1), 3);
    expect([...correlations]).toEqual(Array.from({ length: 9 }, () => expect.closeTo(1, 12)));
    const expected = -(Math.log(3 + K) + 1 / (3 + K)) - 2 * (Math.log(K) + 1 / K);
    expect(Math.abs(jacov(correlations, 3) / expected - 1)).toBeLessThan(1e-6);
  });

  test('without any likeness give minus one a picture', () => {
    const correlations = rowCorrelations(Float32Array.of(1, -1, 0, 0, 0, 0, 1, -1, 1, 1, -1, -1), 3);
    expect(jacov(correlations, 3)).toBeCloseTo(-3 * (Math.log(1 + K) + 1 / (1 + K)), 9);
  });

  test('that do not vary have no score', () => {
    expect(jacov(rowCorrelations(Float32Array.of(1, 1, 1, 2), 2), 2)).toBeNaN();
  });

  test('are compared within classes by EPE-NAS', () => {
    // Rows 1 and 3 are opposite, rows 1 and 2 have nothing in common.
    const correlations = rowCorrelations(Float32Array.of(1, -1, 0, 0, 0, 0, 1, -1, -1, 1, 0, 0), 3);
    const alone = Math.log(1 + K);
    expect(epeNas(correlations, Int32Array.of(0, 1, 0), 10)).toBeCloseTo(4 * alone + alone, 12);
    expect(epeNas(correlations, Int32Array.of(0, 0, 1), 10)).toBeCloseTo(Math.abs(2 * Math.log(K) + 2 * alone) + alone, 9);
    // More than 100 classes: scores a picture, and the mean over classes of all their differences.
    const [pair, single] = [(2 * Math.log(K) + 2 * alone) / 2, alone];
    expect(epeNas(correlations, Int32Array.of(0, 0, 1), 101)).toBeCloseTo((2 * Math.abs(pair - single)) / 2, 9);
  });
});
