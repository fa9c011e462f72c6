import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rng } from '../dist/core/base/rng.js';
import { kendallTau } from '../dist/core/metrics/kendall.js';
import { spearman } from '../dist/core/metrics/spearman.js';
import { leastOf, timingNote } from './clock.js';
import { inTurns, NO_PEER, peerPython, pythonPeer } from './python-peer.js';

export const name = 'metrics';
export const says = 'Kendall tau-b and Spearman correlation, tied and long';

/** Calls a measurement: short work is lost in the clock's grain. */
const CALLS = 20;

const SCIPY = `
import numpy as np, scipy
from scipy.stats import kendalltau, spearmanr
DATA = {}
def read(size, path): DATA[size] = np.fromfile(path).reshape(2, size)
def tau(size, calls):
    for _ in range(calls): kendalltau(*DATA[size])
def spearman(size, calls):
    for _ in range(calls): spearmanr(*DATA[size])
COMMANDS = dict(read=read, tau=tau, spearman=spearman)
VERSIONS = 'scipy ' + scipy.__version__ + ', numpy ' + np.__version__
`;

/** @param {import('./contract.d.ts').BenchOptions} options */
export async function run({ peer, brief, onProgress }) {
  const sizes = brief ? [15_625] : [1_000, 15_625, 100_000];
  const python = peer && peerPython ? await pythonPeer(SCIPY) : null;
  const folder = mkdtempSync(join(tmpdir(), 'nascope-bench-'));
  const rows = [];
  try {
    for (const [i, size] of sizes.entries()) {
      onProgress?.({ done: i, total: sizes.length, label: `${size} rows` });
      const [predicted, truth] = tiedSides(size);
      check(predicted, truth);
      const path = join(folder, `${size}.f64`);
      writeFileSync(path, Buffer.concat([Buffer.from(predicted.buffer), Buffer.from(truth.buffer)]));
      await python?.run('read', size, path);
      for (const [id, metric] of /** @type {const} */ ([
        ['tau', kendallTau],
        ['spearman', spearman],
      ])) {
        const ours = () => {
          for (let call = 0; call < CALLS; call++) metric(predicted, truth);
        };
        const task = `${id}, ${size.toLocaleString('en')} rows with ties, ${CALLS} calls`;
        rows.push(await row(task, ours, python && { python, command: () => python.run(id, size, CALLS) }, peer));
      }
    }
  } finally {
    python?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  onProgress?.({ done: sizes.length, total: sizes.length });
  return rows;
}

/**
 * @param {string} task
 * @param {() => void} ours
 * @param {{ python: { versions: string }, command: () => Promise<number> } | null} theirs
 * @param {boolean} wanted
 */
async function row(task, ours, theirs, wanted) {
  const synthetic = 'synthetic rows, seed 42';
  if (theirs === null) {
    const timing = await leastOf(ours, { repeats: 11, warmUps: 3 });
    const note = timingNote(timing, wanted ? `${synthetic}; ${NO_PEER}` : synthetic);
    return { task, ours_ms: timing.cpu, unit_per_s: perSecond(timing.cpu), peer_ms: null, ratio: null, peer: null, note };
  }
  const { oursMs, peerMs, ratio, pairs, note } = await inTurns(ours, theirs.command, 21);
  const peer = theirs.python.versions;
  return {
    task,
    ours_ms: oursMs,
    unit_per_s: perSecond(oursMs),
    peer_ms: peerMs,
    ratio,
    pairs,
    peer,
    note: `${synthetic}; ${note}`,
  };
}

/** @param {number} ms */
function perSecond(ms) {
  return { value: (1000 * CALLS) / ms, unit: 'calls/s' };
}

/**
 * Truths in steps of 0.01 and predictions in steps of 0.001, as accuracies and forests give them.
 * @param {number} size
 */
function tiedSides(size) {
  const random = rng(42);
  const truth = Float64Array.from({ length: size }, () => Math.round(100 * (85 + 4 * random.normal())) / 100);
  const predicted = truth.map((t) => Math.round(1000 * (t + 3 * random.normal())) / 1000);
  return [predicted, truth];
}

/**
 * Tau over all pairs of a few rows, before anything is timed.
 * @param {Float64Array} predicted
 * @param {Float64Array} truth
 */
function check(predicted, truth) {
  const [a, b] = [predicted.subarray(0, 300), truth.subarray(0, 300)];
  let [surplus, untiedA, untiedB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const [da, db] = [Math.sign(a[i] - a[j]), Math.sign(b[i] - b[j])];
      surplus += da * db;
      untiedA += da * da;
      untiedB += db * db;
    }
  }
  if (Math.abs(kendallTau(a, b) - surplus / Math.sqrt(untiedA * untiedB)) > 1e-12) throw new Error('kendallTau is wrong');
}
