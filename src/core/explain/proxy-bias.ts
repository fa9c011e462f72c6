import { ShapeError } from '../base/errors.js';
import type { WorkOptions } from '../base/progress.js';
import type { Rng } from '../base/rng.js';
import type { Split } from '../base/split.js';
import { type Column, type FeatureTable, take } from '../base/table.js';
import { kendallTau } from '../metrics/kendall.js';
import { r2 } from '../metrics/r2.js';
import type { Predictor } from '../models/predictor.js';
import { isTreeEnsemble } from '../models/trees/ensemble.js';
import type { Importance } from './importance.js';
import { permutationImportance } from './permutation.js';
import { treeShapInTurns } from './treeshap.js';

/** How much of a zero-cost proxy can be read off the graph. */
export interface ProxyBias {
  readonly kind: 'proxy-bias';
  readonly proxy: Column;
  /** Of the predictions on held-out networks: 1 where the proxy says nothing but what the features say. NaN for a constant proxy. */
  readonly r2: number;
  readonly tau: number;
  /** What the features say that the proxy should be, one a held-out row: `truth − predicted` is what it knows beyond them. */
  readonly predicted: Float64Array;
  /** What drives them. */
  readonly importance: Importance;
  readonly train: number;
  readonly test: number;
}

export interface ProxyBiasOptions extends WorkOptions {
  readonly predictor: Predictor;
  readonly split: Split;
  readonly rng: Rng;
  /** Held-out networks whose predictions are explained (500 unless said; the scores are of all). */
  readonly explained?: number;
}

const EXPLAINED = 500;

/**
 * Regresses each proxy on features of the graphs: a predictor learns the proxy's values on the training rows and is held
 * against the others. A proxy that it reproduces measures the graph, whatever its name promises.
 * @param proxies one column a proxy. Failure values (−1e8) and long tails drown R²: leave them out, or give ranks or `normalScores`.
 * @param x the features, the same rows.
 * @returns one a proxy, in the table's order. Drivers are mean |SHAP| of sums of trees, else permutation importances.
 * @throws ShapeError when the tables differ in rows, or a number is not finite; rejects with the signal's reason.
 * Takes a fit and an explanation a proxy.
 */
export async function proxyBiases(proxies: FeatureTable, x: FeatureTable, options: ProxyBiasOptions): Promise<ProxyBias[]> {
  const { predictor, split, rng, signal, onProgress, explained = EXPLAINED } = options;
  if (proxies.rowCount !== x.rowCount) {
    throw new ShapeError({ argument: 'proxyBiases: x', expected: `${proxies.rowCount} rows`, got: `${x.rowCount}` });
  }
  const [train, test] = [take(x, split.train), take(x, split.test)];
  const shown = Math.min(explained, test.rowCount);
  const asked = take(
    test,
    Array.from({ length: shown }, (_, i) => Math.floor((i * test.rowCount) / shown)),
  );
  const made: ProxyBias[] = [];
  for (const [p, proxy] of proxies.columns.entries()) {
    signal?.throwIfAborted();
    const values = Float64Array.from(proxies.values[p]);
    const own = rng.fork(proxy.name);
    const model = await predictor.fit(train, take(values, split.train), { rng: own.fork('fit'), signal });
    const predicted = model.predict(test);
    const truth = take(values, split.test);
    const importance = isTreeEnsemble(model)
      ? (await treeShapInTurns(model, asked, { signal })).importance()
      : permutationImportance(model, test, truth, { rng: own.fork('shuffle'), signal });
    made.push({
      kind: 'proxy-bias',
      proxy,
      r2: r2(predicted, truth),
      tau: kendallTau(predicted, truth),
      predicted,
      importance,
      train: train.rowCount,
      test: test.rowCount,
    });
    onProgress?.({ done: p + 1, total: proxies.columns.length, label: proxy.name });
  }
  return made;
}
