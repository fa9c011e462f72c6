import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { featuresFrom } from '../../../src/core/features/index.js';
import { nasbench101 } from '../../../src/core/spaces/nasbench101.js';

// `nascope bench memory` measures the whole: 423,624 cells, a forest and its predictions within 1 GB.
const NB101_CELLS = 423_624;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('the features of all of NAS-Bench-101 would take less than 70 MB', () => {
  const random = rng(42);
  const x = featuresFrom(2_000, () => nasbench101.toGraph(nasbench101.sample(random)));
  expect(x.columns).toHaveLength(47);
  // Whole buffers: a column that is a view of something larger would keep that too.
  const bytesPerRow = x.values.reduce((sum, values) => sum + values.buffer.byteLength, 0) / x.rowCount;
  expect(bytesPerRow * NB101_CELLS).toBeLessThan(70e6);
});

test('graphs that are made one by one are not kept: the heap grows by less than a tenth of them', () => {
  const random = rng(42);
  // Few cells, again and again: of each new wiring a little is kept on purpose.
  const cells = Array.from({ length: 500 }, () => nasbench101.sample(random));
  const graphAt = (row: number) => nasbench101.toGraph(cells[row % cells.length]);
  const [from, to] = [2_000, 10_000];
  const heap: number[] = [];
  const used = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  featuresFrom(to + 1, (row) => {
    if (row === from || row === to) heap.push(used());
    return graphAt(row);
  });
  const before = used();
  const kept = Array.from({ length: to - from }, (_, row) => graphAt(row));
  const graphs = used() - before;
  expect(kept).toHaveLength(to - from);
  expect(graphs).toBeGreaterThan(1e6);
  expect(heap[1] - heap[0]).toBeLessThan(0.1 * graphs);
});
