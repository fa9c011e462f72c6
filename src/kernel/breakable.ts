import { Script } from 'node:vm';
import { COMPUTING, INTERRUPTS_SEEN } from './thread-messages.js';

/** Computations that SIGINT stops, wherever they are. */
export interface Breakable {
  /** @throws what the work throws; `stopped()` when it was stopped. */
  compute<T>(work: () => T, stopped: () => Error): T;
  /** Whoever asked for an interrupt can see that it has arrived. */
  noticed(): void;
}

const WORK = 'nascope.kernel.work';

/** @param shared is seen by the thread that receives the signal (signal-thread). */
export function breakable(shared: Int32Array): Breakable {
  // Node lets a signal stop scripts only, so a script does the work.
  const doWork = new Script(`globalThis[Symbol.for('${WORK}')]()`, { filename: 'node:nascope' });
  const noticed = (): void => {
    Atomics.add(shared, INTERRUPTS_SEEN, 1);
    Atomics.notify(shared, INTERRUPTS_SEEN);
  };
  return {
    noticed,
    compute<T>(work: () => T, stopped: () => Error): T {
      (globalThis as Record<symbol, unknown>)[Symbol.for(WORK)] = work;
      Atomics.store(shared, COMPUTING, 1);
      try {
        return doWork.runInThisContext({ breakOnSigint: true, displayErrors: false }) as T;
      } catch (error) {
        if ((error as NodeJS.ErrnoException | null)?.code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
        noticed();
        throw stopped();
      } finally {
        Atomics.store(shared, COMPUTING, 0);
      }
    },
  };
}
