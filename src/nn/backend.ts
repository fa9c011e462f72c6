import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { UnsupportedError } from '../core/base/errors.js';

const require = createRequire(import.meta.url);

export type BackendId = 'native' | 'wasm' | 'cpu';

/** The tensor library in use: where it computes and how well it agreed with hand-worked values. */
export interface Backend {
  readonly id: BackendId;
  /** Packages and versions, for provenance. */
  readonly version: string;
  /** Largest absolute error of the self-check; at most 1e-4. */
  readonly selfCheckError: number;
  /** Why a faster one was passed over, in words; empty when none was. */
  readonly passedOver: readonly string[];
}

/** The part of the library's surface that the self-check needs; `typeof import('@tensorflow/tfjs')` for the rest. */
type Tf = typeof import('@tensorflow/tfjs');

const TOLERANCE = 1e-4;
let chosen: Promise<Backend> | null = null;

/**
 * Chooses the tensor backend once a process: `@tensorflow/tfjs-node` where it loads and passes the self-check,
 * else WebAssembly, else plain JavaScript. `NASCOPE_BACKEND` = `native`, `wasm` or `cpu` asks for one of them.
 * @throws UnsupportedError when the one asked for does not work here.
 */
export function backend(): Promise<Backend> {
  chosen ??= choose(process.env.NASCOPE_BACKEND ?? 'auto');
  return chosen;
}

async function choose(asked: string): Promise<Backend> {
  const order: readonly BackendId[] = asked === 'auto' ? ['native', 'wasm', 'cpu'] : [asked as BackendId];
  const passedOver: string[] = [];
  for (const id of order) {
    const start = starters[id];
    if (start === undefined) break;
    try {
      const { tf, version } = await start();
      const selfCheckError = await selfCheck(tf);
      if (selfCheckError <= TOLERANCE) return { id, version, selfCheckError, passedOver };
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
    const tf = require('@tensorflow/tfjs-node') as Tf;
    return { tf, version: `@tensorflow/tfjs-node ${tf.version.tfjs}` };
  },
  wasm: async () => {
    const tf = require('@tensorflow/tfjs') as Tf;
    const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
    await keepingProcessHandlers(async () => {
      if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly module did not start');
      await tf.ready();
    });
    return { tf, version: `@tensorflow/tfjs-backend-wasm ${wasm.version_wasm}` };
  },
  cpu: async () => {
    const tf = require('@tensorflow/tfjs') as Tf;
    await tf.setBackend('cpu');
    await tf.ready();
    return { tf, version: `@tensorflow/tfjs ${tf.version.tfjs}` };
  },
};

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
 * Forward value and gradient of loss = sum(tanh(x·w)) with x = [[1, 2], [3, 4]], w = [[.1, −.2], [.3, .05]],
 * against values worked out in doubles beside it. Returns the largest absolute error.
 */
async function selfCheck(tf: Tf): Promise<number> {
  const x = [
    [1, 2],
    [3, 4],
  ];
  const w = [
    [0.1, -0.2],
    [0.3, 0.05],
  ];
  let loss = 0;
  const gradient = [0, 0, 0, 0];
  for (const row of x) {
    for (let j = 0; j < 2; j++) {
      const value = Math.tanh(row[0] * w[0][j] + row[1] * w[1][j]);
      loss += value;
      for (let i = 0; i < 2; i++) gradient[2 * i + j] += (1 - value * value) * row[i];
    }
  }
  const input = tf.tensor2d(x);
  const weights = tf.tensor2d(w);
  const result = tf.valueAndGrad((v) => tf.sum<import('@tensorflow/tfjs').Scalar>(tf.tanh(tf.matMul(input, v))))(weights);
  const [gotLoss, gotGradient] = await Promise.all([result.value.data(), result.grad.data()]);
  tf.dispose([input, weights, result.value, result.grad]);
  let worst = Math.abs(gotLoss[0] - loss);
  gradient.forEach((g, i) => {
    worst = Math.max(worst, Math.abs(gotGradient[i] - g));
  });
  return worst;
}
