import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dealer, Request, Subscriber } from 'zeromq';
import { address } from '../../src/kernel/connection.js';
import { decodeMessage, encodeMessage, type JsonObject, type JupyterMessage, request } from '../../src/kernel/jupyter-wire.js';
import { type KernelProcess, type KernelProcessOptions, spawnKernel } from '../../src/kernel/kernel-process.js';

export type Channel = 'shell' | 'control';

export interface Answer {
  readonly reply: JupyterMessage;
  /** Everything published about the request, in the order of arrival, up to and with `idle`. */
  readonly published: readonly JupyterMessage[];
}

/** A client that shows every message as it comes. */
export class RawClient {
  readonly published: JupyterMessage[] = [];
  private readonly replies = new Map<string, JupyterMessage>();
  private readonly sockets: { readonly shell: Dealer; readonly control: Dealer; readonly iopub: Subscriber };
  private readonly session = randomUUID();

  private constructor(readonly process: KernelProcess) {
    const info = process.connection.info;
    this.sockets = {
      shell: new Dealer({ linger: 0 }),
      control: new Dealer({ linger: 0 }),
      iopub: new Subscriber({ linger: 0 }),
    };
    this.sockets.shell.connect(address(info, info.shell_port));
    this.sockets.control.connect(address(info, info.control_port));
    this.sockets.iopub.connect(address(info, info.iopub_port));
    this.sockets.iopub.subscribe();
    void this.listen(this.sockets.shell, (message) => void this.replies.set(message.parent.msg_id ?? '', message));
    void this.listen(this.sockets.control, (message) => void this.replies.set(message.parent.msg_id ?? '', message));
    void this.listen(this.sockets.iopub, (message) => void this.published.push(message));
  }

  /** Starts a kernel and waits for the message that welcomes a subscriber. */
  static async start(options: KernelProcessOptions): Promise<RawClient> {
    const client = new RawClient(await spawnKernel(options));
    await client.until(() => client.published.some((message) => message.header.msg_type === 'iopub_welcome'));
    return client;
  }

  /** @returns the request's id. */
  send(type: string, content: JsonObject, channel: Channel = 'shell'): string {
    const message = request(this.session, type, content);
    void this.sockets[channel].send(encodeMessage(message, this.process.connection.info.key));
    return message.header.msg_id;
  }

  async sendRaw(frames: Uint8Array[], channel: Channel = 'shell'): Promise<void> {
    await this.sockets[channel].send(frames.map((frame) => Buffer.from(frame)));
  }

  /** The answer to a request, once reply and `idle` have come. */
  async answer(id: string): Promise<Answer> {
    await this.until(() => this.replies.has(id) && this.stateOf(id) === 'idle');
    return { reply: this.replies.get(id) as JupyterMessage, published: this.about(id) };
  }

  ask(type: string, content: JsonObject, channel: Channel = 'shell'): Promise<Answer> {
    return this.answer(this.send(type, content, channel));
  }

  execute(code: string, more: JsonObject = {}): Promise<Answer> {
    return this.ask('execute_request', { code, ...more });
  }

  about(id: string): JupyterMessage[] {
    return this.published.filter((message) => message.parent.msg_id === id);
  }

  stateOf(id: string): unknown {
    return this.about(id)
      .filter((message) => message.header.msg_type === 'status')
      .at(-1)?.content.execution_state;
  }

  async until(holds: () => boolean, seconds = 120): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!holds()) {
      if (Date.now() > deadline) throw new Error(`nothing after ${seconds} s; ${this.process.lastWords()}`);
      await sleep(5);
    }
  }

  /** What the heartbeat socket sends back. */
  async heartbeat(text: string): Promise<string> {
    const socket = new Request({ linger: 0, receiveTimeout: 60_000 });
    const info = this.process.connection.info;
    socket.connect(address(info, info.hb_port));
    await socket.send(text);
    const [back] = await socket.receive();
    socket.close();
    return back.toString();
  }

  close(): void {
    this.process.kill();
    for (const socket of Object.values(this.sockets)) socket.close();
  }

  private async listen(socket: Dealer | Subscriber, take: (message: JupyterMessage) => void): Promise<void> {
    for await (const frames of socket) take(decodeMessage(frames, this.process.connection.info.key));
  }
}

/** What was shown, shortly: types with what matters of their content. */
export function shown({ published }: Pick<Answer, 'published'>): unknown[] {
  return published
    .filter((message) => !['status', 'execute_input'].includes(message.header.msg_type))
    .map(({ header, content }) => {
      switch (header.msg_type) {
        case 'stream':
          return [content.name, content.text];
        case 'execute_result':
          return ['result', (content.data as JsonObject)['text/plain']];
        case 'error':
          return ['error', content.ename, content.evalue];
        default:
          return [header.msg_type, content];
      }
    });
}
