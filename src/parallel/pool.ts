import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Reply, Request } from './messages.js';
import type { TaskId, TaskInput, TaskOutput } from './tasks.js';

/** Threads that wait for work. They start when first needed and do not keep the process alive while idle. */
export interface WorkerPool {
  /** How many tasks run side by side. */
  readonly size: number;
  /** Runs a task in the next free thread. Rejects with the task's error, or the signal's reason while it waits its turn. */
  run<Id extends TaskId>(task: Id, input: TaskInput<Id>, signal?: AbortSignal): Promise<TaskOutput<Id>>;
  /** Stops the threads. Tasks that run or wait are rejected; a later `run` starts threads anew. */
  close(): Promise<void>;
}

interface Waiting {
  readonly request: Request;
  readonly signal: AbortSignal | undefined;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

/** Workers are compiled files: there are none beside the sources that a test runner reads. */
export const workersCanStart: boolean = !import.meta.url.endsWith('.ts');

/** @param options `size`: threads, by default one a core. */
export function workerPool(options: { readonly size?: number } = {}): WorkerPool {
  const size = options.size ?? availableParallelism();
  const idle: Worker[] = [];
  const busy = new Map<Worker, Waiting>();
  const queue: Waiting[] = [];

  function start(): Worker {
    // The process's own flags (`--input-type`, a debugger's port) are not for its threads.
    const worker = new Worker(new URL('./worker.js', import.meta.url), { execArgv: [] });
    worker.on('message', (reply: Reply) => {
      const done = busy.get(worker);
      busy.delete(worker);
      idle.push(worker);
      worker.unref();
      if ('error' in reply) done?.reject(reply.error);
      else done?.resolve(reply.output);
      next();
    });
    worker.on('error', (error) => lose(worker, error));
    worker.on('exit', (code) => lose(worker, new Error(`worker thread ended (exit code ${code})`)));
    return worker;
  }

  function lose(worker: Worker, error: unknown): void {
    busy.get(worker)?.reject(error);
    busy.delete(worker);
    const place = idle.indexOf(worker);
    if (place >= 0) idle.splice(place, 1);
    next();
  }

  function next(): void {
    while (queue.length > 0 && busy.size < size) {
      const waiting = queue.shift() as Waiting;
      if (waiting.signal?.aborted) {
        waiting.reject(waiting.signal.reason);
        continue;
      }
      const worker = idle.pop() ?? start();
      busy.set(worker, waiting);
      worker.ref();
      worker.postMessage(waiting.request);
    }
  }

  return {
    size,
    run<Id extends TaskId>(task: Id, input: TaskInput<Id>, signal?: AbortSignal): Promise<TaskOutput<Id>> {
      return new Promise((resolve, reject) => {
        queue.push({ request: { task, input }, signal, resolve: (output) => resolve(output as TaskOutput<Id>), reject });
        next();
      });
    },
    async close(): Promise<void> {
      for (const waiting of queue.splice(0)) waiting.reject(new Error('worker pool closed'));
      await Promise.all([...idle, ...busy.keys()].map((worker) => worker.terminate()));
    },
  };
}

let shared: WorkerPool | undefined;

/** The pool that everything in this process shares. */
export function sharedPool(): WorkerPool {
  shared ??= workerPool();
  return shared;
}
