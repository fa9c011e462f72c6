import { createRequire } from 'node:module';
import { dirname, resolve, sep } from 'node:path';
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { UnsupportedError } from '../core/base/errors.js';
import type { Backend, BackendId } from './backend-id.js';
import { registerPlainKernels, registerSimdKernels } from './kernels.js';
import type { Tf } from './tf.js';

const require = createRequire(import.meta.url);

const TOLERANCE = 1e-4;
let chosen: Promise<{ readonly tf: Tf; readonly backend: Backend }> | null = null;

/** The tensor library itself, on the chosen backend. @throws as `backend` does. */
export async function tensorflow(): Promise<Tf> {
  return (await started()).tf;
}

/** The library, and what is said of it. */
export function started(): Promise<{ readonly tf: Tf; readonly backend: Backend }> {
  chosen ??= choose(process.env.NASCOPE_BACKEND ?? 'auto');
  return chosen;
}

async function choose(asked: string): Promise<{ readonly tf: Tf; readonly backend: Backend }> {
  const order: readonly BackendId[] = asked === 'auto' ? ['native', 'wasm', 'cpu'] : [asked as BackendId];
  const passedOver: string[] = [];
  for (const id of order) {
    const start = starters[id];
    if (start === undefined) break;
    try {
      const { tf, version } = await start();
      const selfCheckError = await selfCheck(tf);
      if (selfCheckError <= TOLERANCE) return { tf, backend: { id, version, selfCheckError, passedOver } };
      passedOver.push(`${id}: self-check error ${selfCheckError}`);
    } catch (error) {
      passedOver.push(`${id}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  }
  throw new UnsupportedError(
    `NASCOPE_BACKEND=${asked} (${passedOver.join('; ') || 'no such backend'})`,
    'Use auto, native, wasm or cpu; `npx nascope doctor` says which work here.',
  );
}

const starters: Readonly<Record<BackendId, () => Promise<{ tf: Tf; version: string }>>> = {
  native: async () => {
    // The binding is loaded by its name at run time: where its library could not be downloaded, it throws here.
    const folder = process.env.NASCOPE_TFJS_NODE;
    const paths = folder === undefined ? undefined : { paths: [resolve(folder)] };
    const tf = require(require.resolve('@tensorflow/tfjs-node', paths)) as Tf;
    return { tf, version: `@tensorflow/tfjs-node ${tf.version.tfjs}` };
  },
  wasm: async () => {
    const tf = javaScriptTf();
    const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
    await keepingProcessHandlers(async () => {
      if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly module did not start');
      await tf.ready();
    });
    registerSimdKernels(tf);
    return { tf, version: `@tensorflow/tfjs-backend-wasm ${wasm.version_wasm}` };
  },
  cpu: async () => {
    const tf = javaScriptTf();
    await tf.setBackend('cpu');
    await tf.ready();
    return { tf, version: `@tensorflow/tfjs ${tf.version.tfjs}` };
  },
};

function javaScriptTf(): Tf {
  const tf = require('@tensorflow/tfjs') as Tf;
  // Else it advertises its native sibling on the terminal.
  tf.enableProdMode();
  registerPlainKernels(tf);
  return tf;
}

/**
 * The WebAssembly backend adds process-wide handlers that rethrow every unhandled rejection and so would end a
 * notebook kernel; whatever `start` adds is taken off again.
 */
async function keepingProcessHandlers(start: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.rawListeners(event as 'uncaughtException'));
  await start();
  events.forEach((event, i) => {
    for (const listener of process.rawListeners(event as 'uncaughtException')) {
      if (!before[i].includes(listener)) process.removeListener(event, listener as () => void);
    }
  });
}

/**
 * Forward value and gradients of loss = sum(tanh(x[1, 0, 1]·w)) with x = [[1, 2], [3, 4]], w = [[.1, −.2], [.3, .05]],
 * against values worked out in doubles beside it: matrix products in all transposes that training needs, and rows that
 * are gathered and summed again. Returns the largest absolute error.
 */
async function selfCheck(tf: Tf): Promise<number> {
  const x = [1, 2, 3, 4];
  const w = [0.1, -0.2, 0.3, 0.05];
  const rows = [1, 0, 1];
  const expected = { loss: 0, x: [0, 0, 0, 0], w: [0, 0, 0, 0] };
  for (const row of rows) {
    for (let j = 0; j < 2; j++) {
      const value = Math.tanh(x[2 * row] * w[j] + x[2 * row + 1] * w[2 + j]);
      expected.loss += value;
      for (let i = 0; i < 2; i++) {
        expected.w[2 * i + j] += (1 - value * value) * x[2 * row + i];
        expected.x[2 * row + i] += (1 - value * value) * w[2 * i + j];
      }
    }
  }
  const inputs = [tf.tensor2d(x, [2, 2]), tf.tensor2d(w, [2, 2])];
  const indices = tf.tensor1d(rows, 'int32');
  const loss = (table: Tensor, weights: Tensor): Scalar => tf.sum(tf.tanh(tf.matMul(tf.gather(table, indices), weights)));
  const { value, grads } = tf.valueAndGrads(loss)(inputs);
  const got = await Promise.all([value, ...grads].map((tensor) => tensor.data()));
  tf.dispose([inputs, indices, value, grads]);
  const errors = [[expected.loss], expected.x, expected.w].flatMap((list, i) => list.map((e, k) => Math.abs(got[i][k] - e)));
  return Math.max(...errors);
}
