import { expect, test } from 'vitest';
import { countHistogramsWith } from '../../src/core/base/histogram-room.js';
import { rng } from '../../src/core/base/rng.js';
import { type BoostingOptions, gradientBoosting } from '../../src/core/models/boosting.js';
import { simdHistograms } from '../../src/wasm/histograms.js';
import { noisyRows } from '../core/models/rows.js';

/** Fits plainly, then with histograms in WebAssembly; says how often room was made there. */
async function bothWays(rowCount: number, options: BoostingOptions): Promise<{ plain: string; simd: string; rooms: number }> {
  const { x, y } = noisyRows(rowCount, 1);
  const fit = async (): Promise<string> => JSON.stringify((await gradientBoosting(options).fit(x, y, { rng: rng(1) })).toJSON());
  countHistogramsWith(() => null);
  const plain = await fit();
  let rooms = 0;
  countHistogramsWith((...size) => {
    rooms++;
    return simdHistograms(...size);
  });
  const simd = await fit();
  countHistogramsWith(() => null);
  return { plain, simd, rooms };
}

for (const method of ['exact', 'hist'] as const) {
  test(`boosting (${method}) grows the same trees, bit for bit, with histograms in WebAssembly`, async () => {
    for (const [rowCount, options] of [
      [40, {}],
      [700, {}],
      [700, { subsample: 0.7, maxDepth: 12, minChildWeight: 3 }],
      [300, { maxDepth: 1 }],
    ] as const) {
      const { plain, simd, rooms } = await bothWays(rowCount, { rounds: 25, method, ...options });
      expect(rooms).toBe(1);
      expect(simd === plain, `${rowCount} rows, ${JSON.stringify(options)}`).toBe(true);
    }
  });
}

test('where columns are drawn anew, or trees may be of any depth, plain arrays are used', async () => {
  for (const options of [{ colsample: 0.5 }, { maxDepth: 100 }]) {
    const { plain, simd, rooms } = await bothWays(200, { rounds: 5, ...options });
    expect(rooms).toBe(0);
    expect(simd === plain).toBe(true);
  }
});

test('larger tables than a memory should hold get no room', () => {
  expect(simdHistograms(2 ** 31, 10)).toBeNull();
});
