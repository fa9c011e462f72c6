import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { setCellSignal } from '../notebook/cell-signal.js';
import type { MimeBundle } from '../notebook/sink.js';
import { breakable } from './breakable.js';
import { currentCell } from './cell-context.js';
import { thrownError } from './cell-error.js';
import { type CellSession, cellSession } from './cell-session.js';
import { showCellLines } from './cell-stacks.js';
import { catchStreams, type Publish } from './cell-streams.js';
import type { ClientThreadData } from './client-thread.js';
import { noComms } from './comms.js';
import type { ConnectionInfo } from './connection.js';
import { refuseInput } from './no-input.js';
import { answer } from './shell-requests.js';
import {
  INTERRUPTS_SEEN,
  SHARED_CELLS,
  type ShellRequest,
  SOCKETS_CLOSED,
  type ToCells,
  type ToClients,
} from './thread-messages.js';
import { catchTslabDisplays } from './tslab-adapter.js';

/*
 * The `nascope` kernel: `node kernel-main.js CONNECTION_FILE`. This thread runs cells, and nothing else; another one speaks
 * to clients (client-thread).
 */

/** How long the last messages may take. */
const LEAVE_MS = 1000;

/** The compiler makes much garbage with each cell; the heap may grow by this much of what is in use before it is swept. */
const HEAP_GROWTH_PERCENT = 50;

function start(connectionFile: string): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  const shared = new Int32Array(new SharedArrayBuffer(4 * SHARED_CELLS));
  const connection = JSON.parse(readFileSync(connectionFile, 'utf8')) as ConnectionInfo;
  const workerData: ClientThreadData = { connection, shared };
  // The process's own flags (a guard, a debugger's port) are not for its thread.
  const clients = new Worker(new URL('./client-thread.js', import.meta.url), { workerData, execArgv: [] });
  const toClients = (message: ToClients): void => clients.postMessage(message);
  const publish: Publish = (parent, type, content) => toClients({ kind: 'publish', parent, type, content });

  const complain = catchStreams(publish);
  showCellLines();
  process.setUncaughtExceptionCaptureCallback((error) => reportStray(error, publish, complain));
  clients.on('error', (error) => {
    complain(`nascope kernel: ${error.stack ?? error.message}\n`);
    process.exit(1);
  });

  // Also when a cell ends the process: what it showed is let out first.
  process.on('exit', () => {
    toClients({ kind: 'leave' });
    Atomics.wait(shared, SOCKETS_CLOSED, 0, LEAVE_MS);
  });

  const computing = breakable(shared);
  const session = cellSession(process.cwd(), computing, publish, bundle);
  const comms = noComms(publish);
  catchTslabDisplays(({ data, metadata, transient }, update) => {
    const cell = currentCell();
    if (cell === null || cell.silent) return;
    publish(cell.parent, update ? 'update_display_data' : 'display_data', { data, metadata, transient });
  });
  setCellSignal(() => currentCell()?.controller.signal);
  refuseInput((error) => session.fail(error));

  const take = (message: ToCells): void => {
    switch (message.kind) {
      case 'request':
        void serve(message.request, session).then((content) => toClients({ kind: 'reply', content }));
        break;
      case 'interrupt':
        // It may have been noticed on another way since it was sent.
        if (Atomics.load(shared, INTERRUPTS_SEEN) !== message.seen) break;
        computing.noticed();
        session.interrupt();
        break;
      case 'end':
        process.exit(message.code);
        break;
      case 'failed':
        complain(`nascope kernel: ${message.message}\n`);
        process.exit(1);
    }
  };
  clients.on('message', take);
  const ready = (): void => toClients({ kind: 'ready' });
  if (process.platform === 'win32') ready();
  else attendSignals(shared, take, ready);

  async function serve(request: ShellRequest, cells: CellSession): ReturnType<typeof answer> {
    try {
      return await answer(request, cells, comms);
    } catch (error) {
      complain(`nascope kernel: ${request.type}: ${(error as Error).stack}\n`);
      return { status: 'error', ...thrownError(error) };
    }
  }
}

/** Windows has no such signal: there an interrupt is a message, and reaches cells that wait. */
function attendSignals(shared: Int32Array, take: (message: ToCells) => void, ready: () => void): void {
  const signals = new Worker(new URL('./signal-thread.js', import.meta.url), { workerData: { shared }, execArgv: [] });
  signals.unref();
  signals.on('message', (message: ToCells | 'attentive') => (message === 'attentive' ? ready() : take(message)));
}

/** How values are shown is loaded with the first value. */
async function bundle(value: unknown): Promise<MimeBundle> {
  const { mimeBundle } = await import('../notebook/mime-bundle.js');
  return mimeBundle(value);
}

/** An error that nobody caught, from a timer or a promise, is shown where its cell stands; the kernel goes on. */
function reportStray(error: unknown, publish: Publish, complain: (text: string) => void): void {
  const cell = currentCell();
  const text = `Uncaught ${thrownError(error).traceback.join('\n')}\n`;
  if (cell === null) complain(text);
  else publish(cell.parent, 'stream', { name: 'stderr', text });
}

const [connectionFile] = process.argv.slice(2);
if (connectionFile === undefined) {
  process.stderr.write('usage: node kernel-main.js CONNECTION_FILE\n');
  process.exitCode = 2;
} else {
  start(connectionFile);
}
