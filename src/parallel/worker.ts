import { parentPort } from 'node:worker_threads';
import type { Reply, Request } from './messages.js';
import { tasks } from './tasks.js';

parentPort?.on('message', ({ task, input }: Request) => {
  parentPort?.postMessage(work(tasks[task] as (input: unknown) => unknown, input));
});

function work(task: (input: unknown) => unknown, input: unknown): Reply {
  try {
    return { output: task(input) };
  } catch (error) {
    return { error };
  }
}
