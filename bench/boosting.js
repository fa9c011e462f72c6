import { countHistogramsWith } from '../dist/core/base/histogram-room.js';
import { gradientBoosting } from '../dist/core/models/boosting.js';
import { simdHistograms } from '../dist/wasm/histograms.js';
import { fitAndPredict } from './fit-predict.js';
import { READ_ROWS } from './nb201-rows.js';
import { missingPackage } from './python-peer.js';

export const name = 'boosting';
export const says = 'gradient boosting of 100 trees on NAS-Bench-201: fitting, predicting';

const PREDICT = `
def predict(rows): STATE['model'].predict(STATE['x'][np.arange(rows) % len(STATE['x'])])
COMMANDS = dict(read=read, fit=fit, predict=predict)
`;

/** @param {'exact' | 'hist'} method */
const xgboost = (method) => `
import numpy as np, xgboost
${READ_ROWS}
def fit(train, seed):
    model = xgboost.XGBRegressor(tree_method='${method}', base_score=0.5, n_jobs=1)
    STATE['model'] = model.fit(STATE['x'][:train], STATE['y'][:train])
${PREDICT}
VERSIONS = 'xgboost ' + xgboost.__version__ + ', numpy ' + np.__version__
`;

/** At its own defaults, another model than ours: trees of 31 leaves grown leaf by leaf, at least 20 rows in a leaf, eta .1. */
const LIGHTGBM = `
import numpy as np, lightgbm
${READ_ROWS}
def fit(train, seed):
    STATE['model'] = lightgbm.LGBMRegressor(n_jobs=1, verbose=-1).fit(STATE['x'][:train], STATE['y'][:train])
${PREDICT}
VERSIONS = 'lightgbm ' + lightgbm.__version__ + ' (its defaults), numpy ' + np.__version__
`;

/**
 * `exact` is the default of xgboost 1.7, `hist` that of xgboost 2 and later; each is run against its own kind, and `hist` against
 * LightGBM too. Needs NAS-Bench-201: in the cache, from NASCOPE_MIRROR, or from the network.
 * @param {import('./contract.d.ts').BenchOptions} options
 */
export function run(options) {
  countHistogramsWith(simdHistograms);
  // Means of xgboost on the reference protocol are .668 and .757 at 32 and 128; no split comes near this far below.
  const leastTau = (/** @type {number} */ train) => (train >= 1_024 ? 0.8 : train >= 128 ? 0.69 : 0.5);
  const contest = (/** @type {'exact' | 'hist'} */ method, /** @type {string} */ program, /** @type {string} */ peer) => ({
    says: `boosting of 100 trees (${method})`,
    ours: gradientBoosting({ method }),
    ...{ leastTau, program, absent: missingPackage(peer) },
  });
  return fitAndPredict(
    [
      contest('exact', xgboost('exact'), 'xgboost'),
      contest('hist', xgboost('hist'), 'xgboost'),
      // Without a peer the same work need not be timed twice.
      ...(options.peer ? [{ ...contest('hist', LIGHTGBM, 'lightgbm'), briefFrom: 1_024 }] : []),
    ],
    options,
  );
}
