// Started by memory.js in a process of its own: makes the rows, fits, predicts, and says on stdout what each stage took.
import { readFileSync } from 'node:fs';
import { rng } from '../dist/core/base/rng.js';
import { take } from '../dist/core/base/table.js';
import { featuresFrom } from '../dist/core/features/index.js';
import { kendallTau } from '../dist/core/metrics/kendall.js';
import { randomForest } from '../dist/core/models/forest.js';
import { nasbench101 } from '../dist/core/spaces/nasbench101.js';
import { cpuMs } from './clock.js';

const [cells, train] = process.argv.slice(2).map(Number);
/** Drawing a wiring takes the space's sampler hundreds of tries; so many are enough, each with ever new operations. */
const WIRINGS = 4_096;
const random = rng(42);
const wirings = Array.from({ length: WIRINGS }, () => nasbench101.toGraph(nasbench101.sample(random)));
/** @type {{ name: string, cpu: number, wall: number, peakBytes: number }[]} */
const stages = [];

await stage('start', () => undefined);
const x = await stage('features', () => featuresFrom(cells, randomCell));
const y = madeUpTarget();
const known = rng(1).choose(cells, train);
const model = await stage('fit', () => randomForest().fit(take(x, known), take(y, known), { rng: rng(1) }));
const predicted = await stage('predict', () => model.predict(x));

console.log(
  JSON.stringify({
    stages,
    columns: x.columns.length,
    tableBytes: x.values.reduce((sum, values) => sum + values.buffer.byteLength, 0),
    tau: kendallTau(predicted, y),
  }),
);

/** A wiring with its operations drawn anew: valid as the wiring is. */
function randomCell() {
  const graph = wirings[random.int(WIRINGS)];
  const { markers, ops } = graph.vocabulary;
  return { ...graph, nodes: graph.nodes.map((op) => (markers.includes(op) ? op : ops[random.int(ops.length)])) };
}

/**
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
async function stage(name, work) {
  const [cpu, wall] = [cpuMs(), performance.now()];
  const result = await work();
  stages.push({ name, cpu: cpuMs() - cpu, wall: performance.now() - wall, peakBytes: peakBytes() });
  return result;
}

/** The most memory that this process has held. */
function peakBytes() {
  // `maxRSS` also counts, on Linux, what the parent held when it started us.
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const line = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  if (line === null) throw new Error('/proc/self/status has no VmHWM');
  return Number(line[1]) * 1024;
}

/** Any target that trees can learn part of does: a weighted sum of three columns and noise. */
function madeUpTarget() {
  const noise = rng(2);
  const [a, b, c] = [0, 10, 30].map((column) => x.values[column]);
  return Float64Array.from({ length: cells }, (_, r) => 2 * a[r] - b[r] + 0.5 * c[r] + noise.normal());
}
