import { randomForest } from '../dist/core/models/forest.js';
import { fitAndPredict } from './fit-predict.js';
import { READ_ROWS } from './nb201-rows.js';
import { NO_PEER } from './python-peer.js';

export const name = 'forest';
export const says = 'random forests of 100 trees on NAS-Bench-201: fitting, predicting';

const SKLEARN = `
import numpy as np, sklearn
from sklearn.ensemble import RandomForestRegressor
${READ_ROWS}
def fit(train, seed):
    STATE['model'] = RandomForestRegressor(random_state=seed, n_jobs=1).fit(STATE['x'][:train], STATE['y'][:train])
def predict(rows): STATE['model'].predict(STATE['x'][np.arange(rows) % len(STATE['x'])])
COMMANDS = dict(read=read, fit=fit, predict=predict)
VERSIONS = 'scikit-learn ' + sklearn.__version__ + ', numpy ' + np.__version__
`;

/**
 * Needs NAS-Bench-201: in the cache, from NASCOPE_MIRROR, or from the network.
 * @param {import('./contract.d.ts').BenchOptions} options
 */
export function run(options) {
  // Means of the reference protocol are .697, .778 and .845 at 32, 128 and 1,024; no split comes near this far below.
  const leastTau = (/** @type {number} */ train) => (train >= 1_024 ? 0.82 : train >= 128 ? 0.72 : 0.55);
  const contest = { says: 'a forest of 100 trees', ours: randomForest(), leastTau, program: SKLEARN, absent: NO_PEER };
  return fitAndPredict([contest], options);
}
