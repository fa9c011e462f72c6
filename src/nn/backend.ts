import type { Backend } from './backend-id.js';
import { started } from './tensorflow.js';

/**
 * Chooses the tensor backend once a process: `@tensorflow/tfjs-node` where it loads and passes the self-check,
 * else WebAssembly, else plain JavaScript. `NASCOPE_BACKEND` = `native`, `wasm` or `cpu` asks for one of them;
 * `NASCOPE_TFJS_NODE` is a folder with another installation of `@tensorflow/tfjs-node` (environment.md).
 * @throws UnsupportedError when the one asked for does not work here.
 */
export async function backend(): Promise<Backend> {
  return (await started()).backend;
}
