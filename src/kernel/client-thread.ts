import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Reply, Router, XPublisher } from 'zeromq';
import { ParseError } from '../core/base/errors.js';
import { address, type ConnectionInfo } from './connection.js';
import {
  decodeMessage,
  encodeMessage,
  type JsonObject,
  type JupyterHeader,
  type JupyterMessage,
  request,
} from './jupyter-wire.js';
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

type Channel = 'shell' | 'control';

interface Waiting {
  readonly message: JupyterMessage;
  readonly socket: Router;
}

/** How long pieces of one stream are gathered. */
const GATHER_MS = 15;
const GATHER_CHARACTERS = 1 << 16;
/** A cell that has not noticed an interrupt after this is in a loop that cannot be broken. */
const NOTICE_MS = 5000;
/** What is still on its way to a client gets this long before the process ends. */
const LAST_WORDS_MS = 50;
/** A main thread that does not end by itself after this is ended. */
const PATIENCE_MS = 1500;
const PARENT_POLL_MS = 1000;

class ClientThread {
  private readonly session = randomUUID();
  private readonly shell = new Router({ linger: 1000 });
  private readonly control = new Router({ linger: 1000 });
  private readonly stdin = new Router({ linger: 0 });
  private readonly iopub = new XPublisher({ linger: 1000 });
  private readonly heartbeat = new Reply({ linger: 0 });
  private readonly queue: Waiting[] = [];
  private running: Waiting | null = null;
  private gathered: { readonly parent: JupyterHeader; readonly name: unknown; text: string } | null = null;
  private gathering: NodeJS.Timeout | undefined;
  private readonly sending = new Map<Router | XPublisher, Promise<void>>();
  private ready = false;
  private ending = false;

  constructor(
    private readonly connection: ConnectionInfo,
    private readonly shared: Int32Array,
    private readonly toCells: (message: ToCells) => void,
  ) {}

  async start(): Promise<void> {
    const { connection } = this;
    await Promise.all([
      this.shell.bind(address(connection, connection.shell_port)),
      this.control.bind(address(connection, connection.control_port)),
      this.stdin.bind(address(connection, connection.stdin_port)),
      this.iopub.bind(address(connection, connection.iopub_port)),
      this.heartbeat.bind(address(connection, connection.hb_port)),
    ]);
    this.publish({}, 'status', { execution_state: 'starting' });
    void this.echo();
    void this.welcome();
    void this.listen(this.shell, 'shell');
    void this.listen(this.control, 'control');
    this.watchParent();
  }

  take(message: ToClients): void {
    switch (message.kind) {
      case 'publish':
        this.publishFromCell(message.parent, message.type, message.content);
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

  private async listen(socket: Router, channel: Channel): Promise<void> {
    for await (const frames of socket) {
      try {
        this.receive({ message: decodeMessage(frames, this.connection.key), socket }, channel);
      } catch (error) {
        // Whoever does not know the key, or sends no message, gets no answer.
        if (!(error instanceof ParseError)) throw error;
      }
    }
  }

  private receive(waiting: Waiting, channel: Channel): void {
    const { message } = waiting;
    const answered = this.answerHere(message);
    if (answered !== undefined && (channel === 'control' || this.isIdle || isUrgent(message))) {
      this.around(message, () => {
        if (answered !== null) this.reply(waiting, answered());
      });
      if (message.header.msg_type === 'interrupt_request') void this.interrupt();
      if (message.header.msg_type === 'shutdown_request') void this.shutdown(waiting);
      return;
    }
    this.queue.push(waiting);
    this.next();
  }

  private get isIdle(): boolean {
    return this.ready && this.running === null && this.queue.length === 0;
  }

  /** How to reply to what needs no cells; null where there is no reply, undefined where the main thread has to answer. */
  private answerHere(message: JupyterMessage): (() => JsonObject) | null | undefined {
    switch (message.header.msg_type) {
      case 'kernel_info_request':
        return kernelInfo;
      case 'interrupt_request':
        return () => ({ status: 'ok' });
      case 'shutdown_request':
        return () => ({ status: 'ok', restart: message.content.restart === true });
      case 'debug_request':
        return () => ({
          type: 'response',
          request_seq: message.content.seq ?? 0,
          success: false,
          command: message.content.command ?? '',
          message: 'this kernel has no debugger',
        });
      default:
        return undefined;
    }
  }

  private next(): void {
    if (!this.ready || this.running !== null || this.ending) return;
    const waiting = this.queue.shift();
    if (waiting === undefined) return;
    this.running = waiting;
    const { header, content, buffers } = waiting.message;
    const answered = this.answerHere(waiting.message);
    this.status(header, 'busy');
    if (answered !== undefined) this.finish(answered === null ? null : answered());
    else this.toCells({ kind: 'request', request: { type: header.msg_type, header, content, buffers } });
  }

  private finish(content: JsonObject | null): void {
    const waiting = this.running;
    if (waiting === null) return;
    if (content !== null) this.reply(waiting, content);
    this.flush();
    this.status(waiting.message.header, 'idle');
    this.running = null;
    if (content?.status === 'error' && waiting.message.content.stop_on_error !== false) this.abortQueued();
    this.next();
  }

  /** After an error, what was asked before the client could know of it is not run. */
  private abortQueued(): void {
    const queued = this.queue.splice(0);
    for (const waiting of queued) {
      if (waiting.message.header.msg_type !== 'execute_request') this.queue.push(waiting);
      else this.around(waiting.message, () => this.reply(waiting, { status: 'aborted' }));
    }
  }

  private around(message: JupyterMessage, work: () => void): void {
    this.status(message.header, 'busy');
    work();
    this.status(message.header, 'idle');
  }

  /** A signal stops what computes; the main thread itself stops what waits. */
  private async interrupt(): Promise<void> {
    const seen = Atomics.load(this.shared, INTERRUPTS_SEEN);
    if (process.platform === 'win32') this.toCells({ kind: 'interrupt', seen });
    else process.kill(process.pid, 'SIGINT');
    const stuck = this.running;
    await sleep(NOTICE_MS, undefined, { ref: false });
    if (stuck === null || this.running !== stuck || Atomics.load(this.shared, INTERRUPTS_SEEN) !== seen) return;
    const text =
      'The cell does not stop: it computes without a pause inside an asynchronous function. Restart the kernel to end it.\n';
    this.publishFromCell(stuck.message.header, 'stream', { name: 'stderr', text });
  }

  private async shutdown(waiting: Waiting): Promise<void> {
    this.publish(waiting.message.header, 'shutdown_reply', { status: 'ok', restart: waiting.message.content.restart === true });
    await this.end(0);
  }

  /** Lets the last messages out and ends the process, however busy it is. */
  private async end(code: number): Promise<void> {
    if (this.ending) return;
    await this.close();
    this.toCells({ kind: 'end', code });
    await sleep(PATIENCE_MS);
    process.kill(process.pid, 'SIGKILL');
  }

  /** A socket that is still open when the process ends takes the process down with an abort. */
  private async close(): Promise<void> {
    if (this.ending) return;
    this.ending = true;
    this.flush();
    await Promise.allSettled(this.sending.values());
    for (const socket of [this.shell, this.control, this.stdin, this.iopub, this.heartbeat]) socket.close();
    await sleep(LAST_WORDS_MS);
    Atomics.store(this.shared, SOCKETS_CLOSED, 1);
    Atomics.notify(this.shared, SOCKETS_CLOSED);
  }

  private publishFromCell(parent: JupyterHeader, type: string, content: JsonObject): void {
    if (type !== 'stream') {
      this.flush();
      this.publish(parent, type, content);
      return;
    }
    const same = this.gathered !== null && this.gathered.parent.msg_id === parent.msg_id && this.gathered.name === content.name;
    if (!same) this.flush();
    this.gathered ??= { parent, name: content.name, text: '' };
    this.gathered.text += content.text;
    if (this.gathered.text.length > GATHER_CHARACTERS) this.flush();
    else this.gathering ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  private flush(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    const { gathered } = this;
    this.gathered = null;
    if (gathered !== null) this.publish(gathered.parent, 'stream', { name: gathered.name, text: gathered.text });
  }

  private status(parent: JupyterHeader, state: 'busy' | 'idle'): void {
    this.flush();
    this.publish(parent, 'status', { execution_state: state });
  }

  private publish(parent: Partial<JupyterHeader>, type: string, content: JsonObject): void {
    this.send(this.iopub, { ...request(this.session, type, content), identities: [Buffer.from(type)], parent });
  }

  private reply({ message, socket }: Waiting, content: JsonObject): void {
    const type = message.header.msg_type.replace(/_request$/, '_reply');
    this.send(socket, {
      ...request(this.session, type, content),
      identities: message.identities,
      parent: message.header,
      metadata: typeof content.status === 'string' ? { status: content.status } : {},
    });
  }

  /** A socket takes one message at a time. */
  private send(socket: Router | XPublisher, message: JupyterMessage): void {
    const frames = encodeMessage(message, this.connection.key);
    const before = this.sending.get(socket) ?? Promise.resolve();
    const sent = before
      .then(() => socket.send(frames))
      .catch(() => {
        // The client has gone, or the kernel is ending.
      });
    this.sending.set(socket, sent);
  }

  private async echo(): Promise<void> {
    for await (const frames of this.heartbeat) await this.heartbeat.send(frames);
  }

  /** A client that has just subscribed learns that from now on it misses nothing. */
  private async welcome(): Promise<void> {
    for await (const [frame] of this.iopub) {
      if (frame[0] !== 1) continue;
      const subscription = frame.subarray(1).toString('utf8');
      const message = request(this.session, 'iopub_welcome', { subscription });
      this.send(this.iopub, { ...message, identities: [Buffer.from(subscription)] });
    }
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

/** Old clients ask for these on the shell channel, and must not wait there. */
function isUrgent(message: JupyterMessage): boolean {
  return message.header.msg_type === 'interrupt_request' || message.header.msg_type === 'shutdown_request';
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const { connection, shared } = workerData as ClientThreadData;
  const toCells = (message: ToCells): void => port.postMessage(message);
  const clients = new ClientThread(connection, shared, toCells);
  port.on('message', (message: ToClients) => clients.take(message));
  clients.start().catch((error: Error) => toCells({ kind: 'failed', message: error.message }));
}
