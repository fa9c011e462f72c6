import { rng } from '../dist/core/base/rng.js';
import { take } from '../dist/core/base/table.js';
import { kendallTau } from '../dist/core/metrics/kendall.js';
import { leastOf, timingNote } from './clock.js';
import { firstRows, handOver, nb201Rows } from './nb201-rows.js';
import { inTurns, peerPython, pythonPeer } from './python-peer.js';

/** Training networks, and how many pairs are run with a peer. */
const SIZES = [
  { train: 32, pairs: 11 },
  { train: 128, pairs: 11 },
  { train: 1_024, pairs: 11 },
  { train: 8_192, pairs: 5 },
];
const PREDICTED = 15_625;
/** Milliseconds that the pairs of a row may take where a brief table is asked for. */
export const BRIEF_MS = 5_000;

/**
 * One of our models at its settings, and whom it is held against.
 * @typedef {object} Contest
 * @property {string} says what is fitted: "boosting of 100 trees (exact)"
 * @property {import('../dist/core/models/predictor.js').Predictor} ours
 * @property {(train: number) => number} leastTau below which a model of so many networks is broken: fast and wrong is no result
 * @property {string} program of the Python peer: defines `fit(train, seed)`, `predict(rows)` and VERSIONS beside READ_ROWS; exits with an
 * ImportError where a package is missing
 * @property {number} [briefFrom] the least training set of a brief table
 * @property {string} absent what a row says where the peer is not installed
 */

/**
 * Rows of fitting and predicting on NAS-Bench-201 at several sizes, each contest in turns with its peer.
 * @param {readonly Contest[]} contests
 * @param {import('./contract.d.ts').BenchOptions} options
 */
export async function fitAndPredict(contests, { peer, brief, onProgress }) {
  const all = await nb201Rows(onProgress);
  const asked = firstRows(all, PREDICTED).x;
  const rows = [];
  const total = contests.length * SIZES.length;
  for (const [c, contest] of contests.entries()) {
    const python = peer && peerPython ? await pythonPeer(contest.program) : null;
    try {
      if (python !== null) await handOver(python, all);
      const budget = brief ? BRIEF_MS : Number.POSITIVE_INFINITY;
      for (const [i, { train, pairs }] of SIZES.entries()) {
        if (brief && train < (contest.briefFrom ?? 0)) continue;
        onProgress?.({ done: c * SIZES.length + i, total, label: `${contest.says}, ${train} networks` });
        const { x, y } = firstRows(all, train);
        let seed = 0;
        let model = await contest.ours.fit(x, y, { rng: rng(seed) });
        check(contest, model, all, train);
        const fitAgain = async () => {
          model = await contest.ours.fit(x, y, { rng: rng(++seed) });
        };
        const size = `${train.toLocaleString('en')} networks x ${x.columns.length} columns`;
        const absent = peer && python === null ? contest.absent : '';
        const fitted = await timed(fitAgain, python && (() => python.run('fit', train, seed)), pairs, budget);
        rows.push(row(`fit ${contest.says} to ${size}`, fitted, train, python, absent));
        const predicted = await timed(() => model.predict(asked), python && (() => python.run('predict', PREDICTED)), 11, budget);
        const task = `predict ${PREDICTED.toLocaleString('en')} networks by ${contest.says} of ${train.toLocaleString('en')}`;
        rows.push(row(task, predicted, PREDICTED, python, absent));
      }
    } finally {
      python?.close();
    }
  }
  onProgress?.({ done: total, total });
  return rows;
}

/**
 * @param {() => unknown} ours
 * @param {(() => Promise<number>) | null} theirs
 * @param {number} pairs
 * @param {number} budget
 */
async function timed(ours, theirs, pairs, budget) {
  if (theirs !== null) return inTurns(ours, theirs, pairs, budget);
  const timing = await leastOf(ours, { repeats: Math.min(5, pairs), warmUps: 2 });
  return { oursMs: timing.cpu, peerMs: null, ratio: null, note: timingNote(timing) };
}

/**
 * @param {string} task
 * @param {{ oursMs: number, peerMs: number | null, ratio: number | null, pairs?: import('./contract.d.ts').BenchRow['pairs'], note: string }} timing
 * @param {number} networks
 * @param {{ versions: string } | null} python
 * @param {string} absent
 */
function row(task, { oursMs, peerMs, ratio, pairs, note }, networks, python, absent) {
  return {
    task,
    ours_ms: oursMs,
    unit_per_s: { value: (1000 * networks) / oursMs, unit: 'networks/s' },
    peer_ms: peerMs,
    ratio,
    peer: python?.versions ?? null,
    ...(pairs === undefined ? {} : { pairs }),
    note: [note, absent].filter((part) => part !== '').join('; '),
  };
}

/**
 * @param {Contest} contest
 * @param {import('../dist/core/models/predictor.js').Fitted} model
 * @param {Awaited<ReturnType<typeof nb201Rows>>} all
 * @param {number} train
 */
function check({ says, leastTau }, model, { x, y }, train) {
  const rest = Int32Array.from({ length: y.length - train }, (_, r) => train + r);
  const tau = kendallTau(model.predict(take(x, rest)), take(y, rest));
  const least = leastTau(train);
  if (!(tau > least)) throw new Error(`${says}, ${train} networks: tau ${tau}, expected more than ${least}`);
}
