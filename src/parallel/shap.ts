import type { WorkOptions } from '../core/base/progress.js';
import type { FeatureTable } from '../core/base/table.js';
import type { PartShares } from '../core/explain/tree-games.js';
import { explicable, ShapSum, type ShapValues, treeShapInTurns } from '../core/explain/treeshap.js';
import { type WorkerPool, workersCanStart } from './pool.js';
import { shareArray } from './share.js';

/** Starting threads and handing over rows pays from about here. */
const WORTH_MS = 200;
/** Measured on one core: milliseconds a node and row, of full-depth trees on some thousand rows. */
const MS_PER_NODE = 2e-5;

/**
 * `treeShap` on all threads of a pool where that is worth it, else here in turns. The values are the same, bit for bit,
 * for any number of threads. An abort is honoured at once; what threads have begun (eight trees each), they finish unheard.
 * @throws (rejects) as `treeShap` does.
 */
export async function treeShapOnPool(
  pool: WorkerPool,
  model: object,
  x: FeatureTable,
  options: WorkOptions & { readonly worthMs?: number } = {},
): Promise<ShapValues> {
  const { signal, worthMs = WORTH_MS } = options;
  signal?.throwIfAborted();
  const ensemble = explicable('treeShapOnPool', model, x);
  const { trees, treeWeight } = ensemble;
  const estimateMs = trees.reduce((sum, tree) => sum + tree.feature.length, 0) * x.rowCount * MS_PER_NODE;
  if (!workersCanStart || estimateMs < worthMs) return treeShapInTurns(model, x, options);

  const sum = new ShapSum(ensemble, x.rowCount, options);
  const values = x.values.map(shareArray);
  // Other parts are asked for only as parts come back, so that few results wait in memory.
  const enough = new AbortController();
  const stop = signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]);
  const aborted = new Promise<never>((_, reject) => {
    stop.addEventListener('abort', () => reject(stop.reason), { once: true });
  });
  aborted.catch(() => {});
  const running: Promise<PartShares>[] = [];
  let asked = 0;
  const ask = (): void => {
    const { fromTree, toTree, fromRow, toRow } = sum.parts[asked++];
    const part = pool.run('shap-part', { trees: trees.slice(fromTree, toTree), treeWeight, values, fromRow, toRow }, stop);
    part.catch(() => {});
    running.push(part);
  };
  try {
    for (const part of sum.parts) {
      while (asked < sum.parts.length && running.length <= pool.size) ask();
      sum.add(part, await Promise.race([running.shift() as Promise<PartShares>, aborted]));
    }
  } finally {
    enough.abort();
  }
  return sum.done();
}
