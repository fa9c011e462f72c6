/**
 * JavaScript that a kernel loads before anything else (`node --import data:…`): when the process that started it is gone,
 * however and how early it went, the kernel and what it started are killed and its connection file is removed.
 *
 * The parent holds the other end of descriptor 3; the end of that pipe is the news of its death. A worker thread watches it,
 * because a cell in a busy loop starves the main thread. Forks and workers of the kernel load this too (they inherit the
 * node options) and do nothing: the kernel takes the variable that names the folder out of what they inherit.
 */
const GUARD = `
import { Worker, isMainThread } from 'node:worker_threads';
const folder = process.env.NASCOPE_CONNECTION_FOLDER;
if (isMainThread && folder !== undefined) {
  delete process.env.NASCOPE_CONNECTION_FOLDER;
  const watch = \`
    const { Socket } = require('node:net');
    const { rmSync } = require('node:fs');
    const { workerData } = require('node:worker_threads');
    const pipe = new Socket({ fd: 3, readable: true, writable: false });
    const end = () => {
      rmSync(workerData, { recursive: true, force: true });
      try { process.kill(-process.pid, 'SIGKILL'); } catch { process.kill(process.pid, 'SIGKILL'); }
    };
    pipe.on('end', end).on('error', end).resume();
  \`;
  new Worker(watch, { eval: true, execArgv: [], workerData: folder }).unref();
}
`;

/** Arguments for `node` that put the guard in place. */
export const guardArguments: readonly string[] = ['--import', `data:text/javascript,${encodeURIComponent(GUARD)}`];
