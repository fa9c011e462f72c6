import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { registerSimdKernels } from '../dist/nn/kernels.js';
import { leastOf, timingNote } from './clock.js';

export const name = 'training';
export const says = 'steps of Adam on tfjs’ WebAssembly backend, with our kernels and as shipped';

const require = createRequire(import.meta.url);

/** @param {import('./contract.d.ts').BenchOptions} options */
export async function run({ onProgress }) {
  const tf = /** @type {typeof import('@tensorflow/tfjs')} */ (require('@tensorflow/tfjs'));
  const wasm = /** @type {typeof import('@tensorflow/tfjs-backend-wasm')} */ (require('@tensorflow/tfjs-backend-wasm'));
  tf.enableProdMode();
  wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  await tf.setBackend('wasm');
  const steps = [perceptron(tf), graphNetwork(tf)];
  const shipped = [];
  for (const [i, { step }] of steps.entries()) {
    onProgress?.({ done: i, total: 4, label: 'as shipped' });
    shipped.push(await leastOf(step, { repeats: 5, warmUps: 1 }));
  }
  registerSimdKernels(tf);
  const rows = [];
  for (const [i, { task, step }] of steps.entries()) {
    onProgress?.({ done: 2 + i, total: 4, label: 'with our kernels' });
    const ours = await leastOf(step, { repeats: 15, warmUps: 3 });
    // Both start from the same weights, but ours has gone on from where the other stopped.
    if (!(step() < shipped[i].result)) throw new Error(`${task}: the loss does not fall`);
    rows.push({
      task,
      ours_ms: ours.cpu,
      unit_per_s: { value: 1000 / ours.cpu, unit: 'steps/s' },
      peer_ms: shipped[i].cpu,
      ratio: shipped[i].cpu / ours.cpu,
      peer: `@tensorflow/tfjs-backend-wasm ${wasm.version_wasm} as shipped`,
      note: timingNote(ours, 'one thread; least of 15, of the peer of 5; random numbers, seed 7'),
    });
  }
  onProgress?.({ done: 4, total: 4 });
  return rows;
}

/** @param {typeof import('@tensorflow/tfjs')} tf */
function perceptron(tf) {
  const sizes = [512, 256, 128, 128, 1];
  const weights = sizes.slice(1).map((units, i) => tf.variable(tf.randomNormal([sizes[i], units], 0, 0.1, 'float32', 7)));
  const biases = sizes.slice(1).map((units) => tf.variable(tf.zeros([units])));
  const [x, y] = [tf.randomNormal([128, 512], 0, 1, 'float32', 7), tf.randomNormal([128, 1], 0, 1, 'float32', 7)];
  const scores = () =>
    weights.reduce((h, weight, i) => {
      const next = tf.add(tf.matMul(h, weight), biases[i]);
      return i < weights.length - 1 ? tf.relu(next) : next;
    }, x);
  return { task: 'perceptron 512-256-128-128-1, 128 rows', step: stepOf(tf, () => tf.losses.meanSquaredError(y, scores())) };
}

/** @param {typeof import('@tensorflow/tfjs')} tf */
function graphNetwork(tf) {
  const edges = tf.randomNormal([64, 64, 64], 0, 0.1, 'float32', 7);
  const nodes = tf.randomNormal([64, 64, 128], 0, 0.1, 'float32', 7);
  const y = tf.randomNormal([64, 1], 0, 1, 'float32', 7);
  const layers = [0, 1, 2, 3].map(() => tf.variable(tf.randomNormal([128, 128], 0, 0.1, 'float32', 7)));
  const head = tf.variable(tf.randomNormal([128, 1], 0, 0.1, 'float32', 7));
  const scores = () => {
    const last = layers.reduce((h, weight) => {
      const received = tf.reshape(tf.matMul(edges, h), [64 * 64, 128]);
      return tf.reshape(tf.relu(tf.matMul(received, weight)), [64, 64, 128]);
    }, nodes);
    return tf.matMul(tf.mean(last, 1), head);
  };
  const task = 'graph network, 64 graphs of 64 nodes x 128, 4 layers';
  return { task, step: stepOf(tf, () => tf.losses.meanSquaredError(y, scores())) };
}

/**
 * A step of Adam that gives the loss before it.
 * @param {typeof import('@tensorflow/tfjs')} tf
 * @param {() => import('@tensorflow/tfjs').Tensor} loss
 */
function stepOf(tf, loss) {
  const optimizer = tf.train.adam(1e-3);
  return () =>
    tf.tidy(() => {
      const before = /** @type {any} */ (optimizer.minimize(() => /** @type {any} */ (loss()), true));
      return /** @type {number} */ (before.dataSync()[0]);
    });
}
