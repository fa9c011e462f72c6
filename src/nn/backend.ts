import { started } from './tensorflow.js';

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

/**
 * Chooses the tensor backend once a process: `@tensorflow/tfjs-node` where it loads and passes the self-check,
 * else WebAssembly, else plain JavaScript. `NASCOPE_BACKEND` = `native`, `wasm` or `cpu` asks for one of them;
 * `NASCOPE_TFJS_NODE` is a folder with another installation of `@tensorflow/tfjs-node` (environment.md).
 * @throws UnsupportedError when the one asked for does not work here.
 */
export async function backend(): Promise<Backend> {
  return (await started()).backend;
}
