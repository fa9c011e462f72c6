import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { ClientSockets, type Received } from './client-sockets.js';
import type { ConnectionInfo } from './connection.js';
import type { JsonObject, JupyterHeader, JupyterMessage } from './jupyter-wire.js';
import { kernelInfo } from './kernel-info.js';
import { INTERRUPTS_SEEN, SOCKETS_CLOSED, type ToCells, type ToClients } from './thread-messages.js';

/*
 * The thread that speaks to clients. It owns all sockets, so that heartbeat, interrupt, shutdown and the output of a cell get
 * through while the main thread computes. Requests go to the main thread one at a time; their order is kept here.
 */

export interface ClientThreadData {
  readonly connection: ConnectionInfo;
  /** Seen by both threads; see thread-messages. */
  readonly shared: Int32Array;
}

/** A cell that has not noticed an interrupt after this is in a loop that cannot be broken. */
const NOTICE_MS = 5000;
/** A main thread that does not end by itself after this is ended. */
const PATIENCE_MS = 1500;
const PARENT_POLL_MS = 1000;
const STUCK =
  'The cell does not stop: it computes without a pause inside an asynchronous function. Restart the kernel to end it.\n';

class ClientThread {
  private readonly sockets: ClientSockets;
  private readonly queue: Received[] = [];
  private running: Received | null = null;
  private ready = false;
  private ending = false;

  constructor(
    connection: ConnectionInfo,
    private readonly shared: Int32Array,
    private readonly toCells: (message: ToCells) => void,
  ) {
    this.sockets = new ClientSockets(connection);
  }

  async start(): Promise<void> {
    await this.sockets.bind((received) => this.receive(received));
    this.sockets.publish({}, 'status', { execution_state: 'starting' });
    this.watchParent();
  }

  take(message: ToClients): void {
    switch (message.kind) {
      case 'publish':
        this.sockets.publish(message.parent, message.type, message.content);
        break;
      case 'reply':
        this.finish(message.content);
        break;
      case 'ready':
        this.ready = true;
        this.next();
        break;
      case 'leave':
        void this.close();
    }
  }

  private receive(received: Received): void {
    const { message, channel } = received;
    const { msg_type } = message.header;
    // Old clients ask for these on the shell channel, and must not wait there.
    const urgent = channel === 'control' || msg_type === 'interrupt_request' || msg_type === 'shutdown_request';
    const content = urgent ? answerHere(message) : undefined;
    if (content === undefined) {
      this.queue.push(received);
      this.next();
      return;
    }
    this.around(message, () => this.sockets.reply(received, content));
    if (msg_type === 'interrupt_request') void this.interrupt();
    if (msg_type === 'shutdown_request') {
      this.sockets.publish(message.header, 'shutdown_reply', content);
      void this.end(0);
    }
  }

  private next(): void {
    if (!this.ready || this.running !== null || this.ending) return;
    const received = this.queue.shift();
    if (received === undefined) return;
    this.running = received;
    const { header, content, buffers } = received.message;
    this.status(header, 'busy');
    const answered = answerHere(received.message);
    if (answered !== undefined) this.finish(answered);
    else this.toCells({ kind: 'request', request: { type: header.msg_type, header, content, buffers } });
  }

  private finish(content: JsonObject | null): void {
    const received = this.running;
    if (received === null) return;
    if (content !== null) this.sockets.reply(received, content);
    this.status(received.message.header, 'idle');
    this.running = null;
    if (content?.status === 'error' && received.message.content.stop_on_error !== false) this.abortQueued();
    this.next();
  }

  /** After an error, what was asked before the client could know of it is not run. */
  private abortQueued(): void {
    for (const received of this.queue.splice(0)) {
      if (received.message.header.msg_type !== 'execute_request') this.queue.push(received);
      else this.around(received.message, () => this.sockets.reply(received, { status: 'aborted' }));
    }
  }

  /** A signal stops what computes; the main thread itself stops what waits. */
  private async interrupt(): Promise<void> {
    const seen = Atomics.load(this.shared, INTERRUPTS_SEEN);
    if (process.platform === 'win32') this.toCells({ kind: 'interrupt', seen });
    else process.kill(process.pid, 'SIGINT');
    const stuck = this.running;
    await sleep(NOTICE_MS, undefined, { ref: false });
    if (stuck === null || this.running !== stuck || Atomics.load(this.shared, INTERRUPTS_SEEN) !== seen) return;
    this.sockets.publish(stuck.message.header, 'stream', { name: 'stderr', text: STUCK });
  }

  /** Lets the last messages out and ends the process, however busy it is. */
  private async end(code: number): Promise<void> {
    if (this.ending) return;
    await this.close();
    this.toCells({ kind: 'end', code });
    await sleep(PATIENCE_MS);
    process.kill(process.pid, 'SIGKILL');
  }

  private async close(): Promise<void> {
    if (this.ending) return;
    this.ending = true;
    await this.sockets.close();
    Atomics.store(this.shared, SOCKETS_CLOSED, 1);
    Atomics.notify(this.shared, SOCKETS_CLOSED);
  }

  private around(message: JupyterMessage, work: () => void): void {
    this.status(message.header, 'busy');
    work();
    this.status(message.header, 'idle');
  }

  private status(parent: JupyterHeader, state: 'busy' | 'idle'): void {
    this.sockets.publish(parent, 'status', { execution_state: state });
  }

  /** A server that was killed leaves no kernel behind. */
  private watchParent(): void {
    const parent = Number(process.env.JPY_PARENT_PID);
    if (parent !== process.ppid) return;
    setInterval(() => {
      if (process.ppid !== parent) void this.end(1);
    }, PARENT_POLL_MS).unref();
  }
}

/** The reply to what needs no cells; undefined where the main thread has to answer. */
function answerHere({ header, content }: JupyterMessage): JsonObject | undefined {
  switch (header.msg_type) {
    case 'kernel_info_request':
      return kernelInfo();
    case 'interrupt_request':
      return { status: 'ok' };
    case 'shutdown_request':
      return { status: 'ok', restart: content.restart === true };
    case 'debug_request':
      return {
        type: 'response',
        request_seq: content.seq ?? 0,
        success: false,
        command: content.command ?? '',
        message: 'this kernel has no debugger',
      };
    default:
      return undefined;
  }
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const { connection, shared } = workerData as ClientThreadData;
  const toCells = (message: ToCells): void => port.postMessage(message);
  const clients = new ClientThread(connection, shared, toCells);
  port.on('message', (message: ToClients) => clients.take(message));
  clients.start().catch((error: Error) => toCells({ kind: 'failed', message: error.message }));
}
