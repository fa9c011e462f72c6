import { Script } from 'node:vm';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { COMPUTING, INTERRUPTS_SEEN, NEVER, type ToCells } from './thread-messages.js';

/*
 * The thread that receives SIGINT. Node tells its listeners of a signal when the main thread comes round to it, which one in
 * a busy loop does not; a script that may be broken by SIGINT is told at once. So this thread sits in such a script. Of
 * several scripts the one that began last is stopped: a cell that computes, if there is one, and the signal is raised anew
 * for it where this thread has caught it first. An outer script holds the process's handler while the inner one is away.
 */

const RETRY_MS = 100;
const TRIES = 20;

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const shared = (workerData as { readonly shared: Int32Array }).shared;

  /** Until the main thread has noticed: a message reaches one that waits, the signal one that computes. */
  const pass = (): void => {
    const seen = Atomics.load(shared, INTERRUPTS_SEEN);
    port.postMessage({ kind: 'interrupt', seen } satisfies ToCells);
    for (let i = 0; i < TRIES; i++) {
      if (Atomics.load(shared, COMPUTING) === 1) process.kill(process.pid, 'SIGINT');
      if (Atomics.wait(shared, INTERRUPTS_SEEN, seen, RETRY_MS) !== 'timed-out') return;
    }
  };
  const untilSignal = (script: Script): void => {
    for (;;) {
      try {
        script.runInThisContext({ breakOnSigint: true });
      } catch {
        pass();
      }
    }
  };

  const inner = new Script("globalThis[Symbol.for('nascope.inner')]()");
  const outer = new Script("globalThis[Symbol.for('nascope.outer')]()");
  const global = globalThis as Record<symbol, unknown>;
  global[Symbol.for('nascope.inner')] = () => void Atomics.wait(shared, NEVER, 0);
  global[Symbol.for('nascope.outer')] = () => untilSignal(inner);
  port.postMessage('attentive');
  untilSignal(outer);
}
