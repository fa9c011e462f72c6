import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Context, Dealer, Subscriber } from 'zeromq';
import { LabError, ParseError } from '../core/base/errors.js';
import { address } from './connection.js';
import { decodeMessage, encodeMessage, type JsonObject, type JupyterMessage, request } from './jupyter-wire.js';
import { type KernelExit, type KernelProcess, type KernelProcessOptions, spawnKernel } from './kernel-process.js';

/** The kernel process ended while something was still expected of it. */
export class KernelDiedError extends LabError {
  readonly code = 'kernel-died';

  constructor(
    readonly exit: KernelExit,
    readonly lastWords: string,
  ) {
    super(
      `the kernel process ended (${describeExit(exit)})${lastWords.trim() === '' ? '' : `; it last wrote:\n${lastWords.trim()}`}`,
    );
  }
}

export interface KernelClient {
  readonly process: KernelProcess;
  /**
   * Runs code as a cell.
   * @param onOutput is called for each message about this code on the output channel, also for those that come after the reply.
   * @returns the content of the reply, once it and the kernel's `idle` have come.
   * @throws KernelDiedError when the process ends first.
   */
  execute(code: string, onOutput: (type: string, content: JsonObject) => void): Promise<JsonObject>;
  /** Asks the kernel to end, waits up to ten seconds, then kills it. Never rejects. */
  shutdown(): Promise<void>;
}

export interface StartOptions extends KernelProcessOptions {
  /** Seconds to wait for the kernel's first answer (60 unless said). */
  readonly startTimeoutS?: number;
  readonly signal?: AbortSignal;
}

const ATTEMPTS = 3;
const POLL_MS = 100;
/** An idle kernel ends at once; on a busy machine it may wait for its turn. */
const POLITE_MS = 10_000;

/**
 * Starts a kernel and waits until it answers. A port taken by somebody else in between is tried again with new ones.
 * @throws KernelDiedError when the process ends during its start or does not answer in time; rejects with the signal's reason when aborted.
 */
export async function startKernel(options: StartOptions): Promise<KernelClient> {
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    const client = new ZmqClient(await spawnKernel(options));
    try {
      await client.ready((options.startTimeoutS ?? 60) * 1000, options.signal);
      return client;
    } catch (error) {
      const words = client.process.lastWords();
      await client.drop();
      if (!(attempt < ATTEMPTS && /EADDRINUSE|Address already in use/i.test(words))) throw error;
    }
  }
}

interface Pending {
  readonly onOutput: (type: string, content: JsonObject) => void;
  reply?: JsonObject;
  idle: boolean;
  settle: (reply: JsonObject) => void;
}

class ZmqClient implements KernelClient {
  private readonly session = randomUUID();
  private readonly context = new Context({ blocky: false });
  private readonly shell = new Dealer({ context: this.context, linger: 0 });
  private readonly control = new Dealer({ context: this.context, linger: 0 });
  private readonly iopub = new Subscriber({ context: this.context, linger: 0 });
  /** Requests by message id. They stay after their reply: a cell's timers may still print. */
  private readonly pending = new Map<string, Pending>();
  private readonly died: Promise<never>;

  constructor(readonly process: KernelProcess) {
    const info = process.connection.info;
    this.shell.connect(address(info, info.shell_port));
    this.control.connect(address(info, info.control_port));
    this.iopub.connect(address(info, info.iopub_port));
    this.iopub.subscribe();
    this.died = process.exited.then((exit) => {
      throw new KernelDiedError(exit, process.lastWords());
    });
    this.died.catch(() => {});
    void this.listen(this.shell, (message) => this.onReply(message));
    void this.listen(this.iopub, (message) => this.onPublished(message));
  }

  /** Both channels answer: subscriptions take a moment, so questions are repeated until one of them has been heard about. */
  async ready(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const answered = this.send(this.shell, 'kernel_info_request', {}, () => {});
      const heard = await Promise.race([answered.then(() => true), sleep(POLL_MS, false), this.died]);
      signal?.throwIfAborted();
      if (heard) break;
      if (Date.now() > deadline) {
        throw new KernelDiedError(
          { code: null, signal: null },
          `no answer within ${timeoutMs / 1000} s. ${this.process.lastWords()}`,
        );
      }
    }
    this.pending.clear();
    this.process.connection.remove();
  }

  execute(code: string, onOutput: (type: string, content: JsonObject) => void): Promise<JsonObject> {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: true };
    return Promise.race([this.send(this.shell, 'execute_request', content, onOutput), this.died]);
  }

  async shutdown(): Promise<void> {
    void this.control
      .send(encodeMessage(request(this.session, 'shutdown_request', { restart: false }), this.key))
      .catch(() => {});
    await Promise.race([this.process.exited, sleep(POLITE_MS, undefined, { ref: false })]);
    await this.drop();
  }

  async drop(): Promise<void> {
    this.process.kill();
    await this.process.exited;
    for (const socket of [this.shell, this.control, this.iopub]) socket.close();
  }

  private get key(): string {
    return this.process.connection.info.key;
  }

  private send(socket: Dealer, type: string, content: JsonObject, onOutput: Pending['onOutput']): Promise<JsonObject> {
    const message = request(this.session, type, content);
    const done = new Promise<JsonObject>((settle) => {
      this.pending.set(message.header.msg_id, { onOutput, idle: false, settle });
    });
    return socket.send(encodeMessage(message, this.key)).then(() => done);
  }

  private async listen(socket: Dealer | Subscriber, take: (message: JupyterMessage) => void): Promise<void> {
    for await (const frames of socket) {
      try {
        take(decodeMessage(frames, this.key));
      } catch (error) {
        if (!(error instanceof ParseError)) throw error;
      }
    }
  }

  private onReply(message: JupyterMessage): void {
    const asked = this.pending.get(message.parent.msg_id ?? '');
    if (asked === undefined) return;
    asked.reply = message.content;
    if (asked.idle) asked.settle(message.content);
  }

  private onPublished(message: JupyterMessage): void {
    const asked = this.pending.get(message.parent.msg_id ?? '');
    if (asked === undefined) return;
    if (message.header.msg_type !== 'status') asked.onOutput(message.header.msg_type, message.content);
    else if (message.content.execution_state === 'idle') {
      asked.idle = true;
      if (asked.reply !== undefined) asked.settle(asked.reply);
    }
  }
}

function describeExit(exit: KernelExit): string {
  if (exit.signal !== null) return `by signal ${exit.signal}`;
  return exit.code === null ? 'it could not be started or did not answer' : `with exit code ${exit.code}`;
}
