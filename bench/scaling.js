import { availableParallelism, loadavg } from 'node:os';
import { rng } from '../dist/core/base/rng.js';
import { featureTable } from '../dist/core/base/table.js';
import { randomForest } from '../dist/core/models/forest.js';
import { parallelGrower } from '../dist/parallel/forest.js';
import { workerPool } from '../dist/parallel/pool.js';
import { cpuMs } from './clock.js';
import { firstRows, handOver, nb201Rows, READ_ROWS } from './nb201-rows.js';
import { missingPackage, peerPython, pythonPeer } from './python-peer.js';

export const name = 'scaling';
export const says = 'how the time of fitting a forest grows with networks, features, trees and threads';

/** What is held while another thing grows. */
const BASE = { networks: 256, features: 200, trees: 100, threads: 1 };
/**
 * Along each axis one thing grows, as far as takes two minutes of an idle machine, peer and all. Threads by the wall clock, everything else by
 * CPU time on one thread.
 */
const AXES = {
  networks: [32, 128, 512, 2_048],
  features: [12, 50, 200],
  trees: [10, 100, 1_000],
  threads: [1, 2, 4, 8].filter((threads) => threads <= availableParallelism()),
};
const REPEATS = 3;
const SKLEARN = `
import numpy as np, sklearn
from sklearn.ensemble import RandomForestRegressor
${READ_ROWS}
def fit(networks, features, trees, threads, seed):
    x = np.ascontiguousarray(STATE['x'][:networks, :features])
    RandomForestRegressor(n_estimators=trees, random_state=seed, n_jobs=threads).fit(x, STATE['y'][:networks])
COMMANDS = dict(read=read, fit=fit)
VERSIONS = 'scikit-learn ' + sklearn.__version__ + ', numpy ' + np.__version__
`;

/**
 * Needs NAS-Bench-201: in the cache, from NASCOPE_MIRROR, or from the network.
 * @param {import('./contract.d.ts').BenchOptions} options
 */
export async function run({ peer, onProgress }) {
  const all = await nb201Rows(onProgress);
  const python = peer && peerPython ? await pythonPeer(SKLEARN) : null;
  const rows = [];
  const axes = /** @type {(keyof typeof AXES)[]} */ (Object.keys(AXES));
  try {
    if (python !== null) await handOver(python, all);
    for (const [a, axis] of axes.entries()) {
      onProgress?.({ done: a, total: axes.length, label: axis });
      const points = [];
      for (const value of AXES[axis]) {
        const sizes = { ...BASE, [axis]: value };
        // Threads are another clock, which the peer is not run by.
        points.push({ value, ...(await timed(all, sizes, axis === 'threads' ? null : python)) });
      }
      rows.push(...points.map((point, i) => row(axis, point, points.slice(0, i + 1), python, peer)));
    }
  } finally {
    python?.close();
  }
  onProgress?.({ done: axes.length, total: axes.length });
  return rows;
}

/**
 * Medians of fits in turns with the peer's, after one of each that does not count.
 * @param {Awaited<ReturnType<typeof nb201Rows>>} all
 * @param {typeof BASE} sizes
 * @param {Awaited<ReturnType<typeof pythonPeer>>} python
 */
async function timed(all, { networks, features, trees, threads }, python) {
  const { x, y } = firstRows(all, networks);
  const narrow = featureTable(networks, x.columns.slice(0, features), x.values.slice(0, features));
  const pool = threads > 1 ? workerPool({ size: threads }) : null;
  const forest = randomForest({ trees, ...(pool === null ? {} : { grower: parallelGrower(pool, { worthMs: 0 }) }) });
  const ours = [];
  const theirs = [];
  try {
    for (let turn = 0; turn <= REPEATS; turn++) {
      const [cpu, wall] = [cpuMs(), performance.now()];
      await forest.fit(narrow, y, { rng: rng(turn) });
      const spent = { cpu: cpuMs() - cpu, wall: performance.now() - wall };
      const peerMs = python === null ? 0 : await python.run('fit', networks, features, trees, threads, turn);
      if (turn === 0) continue;
      ours.push(spent);
      theirs.push(peerMs);
    }
  } finally {
    await pool?.close();
  }
  return {
    cpu: median(ours.map((o) => o.cpu)),
    wall: median(ours.map((o) => o.wall)),
    peer: python === null ? null : median(theirs),
  };
}

/**
 * @typedef {{ value: number, cpu: number, wall: number, peer: number | null }} Point
 * @param {keyof typeof AXES} axis
 * @param {Point} point
 * @param {readonly Point[]} sofar this axis up to this point
 * @param {Awaited<ReturnType<typeof pythonPeer>>} python
 * @param {boolean} wanted
 */
function row(axis, point, sofar, python, wanted) {
  const clock = axis === 'threads' ? 'wall' : 'cpu';
  const held = Object.entries(BASE).filter(([other]) => other !== axis && other !== 'threads');
  const what = held.map(([other, value]) => `${value} ${other}`).join(', ');
  const ms = point[clock];
  const notes = [
    `median of ${REPEATS}, ${clock === 'wall' ? 'wall clock' : 'CPU time'}, load ${loadavg()[0].toFixed(1)}`,
    slopes(axis, sofar, clock),
    wanted && python === null ? missingPackage('scikit-learn') : '',
  ];
  return {
    task: `fit a forest by ${axis}: ${point.value.toLocaleString('en')} (${what})`,
    ours_ms: ms,
    unit_per_s: { value: 1000 / ms, unit: 'forests/s' },
    peer_ms: point.peer,
    ratio: point.peer === null ? null : point.peer / ms,
    peer: point.peer === null ? null : (python?.versions ?? null),
    note: notes.filter((note) => note !== '').join('; '),
    at: { axis, value: point.value },
  };
}

/**
 * What ten times as much costs: the slope of the line through the points, both axes logarithmic. Said at an axis's last point.
 * @param {keyof typeof AXES} axis
 * @param {readonly Point[]} points
 * @param {'cpu' | 'wall'} clock
 */
function slopes(axis, points, clock) {
  if (points.length < AXES[axis].length || points.length < 2) return '';
  const says = (/** @type {readonly number[]} */ ms) => {
    const slope = slopeOf(
      points.map(({ value }) => Math.log10(value)),
      ms.map(Math.log10),
    );
    return `time grows as ${axis}^${slope.toFixed(2)} (a decade: x ${(10 ** slope).toPrecision(3)})`;
  };
  const theirs = points.flatMap(({ peer }) => (peer === null ? [] : [peer]));
  const ours = says(points.map((point) => point[clock]));
  return theirs.length === points.length ? `${ours}; the peer's ${says(theirs)}` : ours;
}

/**
 * @param {readonly number[]} x
 * @param {readonly number[]} y
 */
function slopeOf(x, y) {
  const [mx, my] = [x, y].map((list) => list.reduce((sum, v) => sum + v, 0) / list.length);
  const over = x.reduce((sum, v, i) => sum + (v - mx) * (y[i] - my), 0);
  return over / x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
}

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
