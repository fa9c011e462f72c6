import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
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

export type Channel = 'shell' | 'control';

/** A request, and the channel on which its reply goes back. */
export interface Received {
  readonly message: JupyterMessage;
  readonly channel: Channel;
}

/** How long pieces of one stream are gathered, and how many characters at most. */
const GATHER_MS = 15;
const GATHER_CHARACTERS = 1 << 16;
/** What is still on its way to a client gets this long before the process ends. */
const LAST_WORDS_MS = 50;

/** A publisher whose subscriptions count from the moment at which we say so, not from that at which they arrive. */
class WelcomingPublisher extends XPublisher {
  /** Lets in the subscription that was received last. */
  letIn(topic: Buffer): void {
    this.setStringOption(SUBSCRIBE, topic.length === 0 ? null : topic);
  }

  letOut(topic: Buffer): void {
    this.setStringOption(UNSUBSCRIBE, topic.length === 0 ? null : topic);
  }
}

/** ZMQ_SUBSCRIBE and ZMQ_UNSUBSCRIBE of zmq.h. */
const SUBSCRIBE = 6;
const UNSUBSCRIBE = 7;

/** The five sockets of a kernel. */
export class ClientSockets {
  private readonly session = randomUUID();
  private readonly routers = { shell: new Router({ linger: 1000 }), control: new Router({ linger: 1000 }) };
  /** Bound because the protocol has it; nothing is ever asked of the user. */
  private readonly stdin = new Router({ linger: 0 });
  private readonly iopub = new WelcomingPublisher({ linger: 1000, manual: true });
  private readonly heartbeat = new Reply({ linger: 0 });
  private readonly sending = new Map<Router | XPublisher, Promise<void>>();
  private gathered: { readonly parent: JupyterHeader; readonly name: unknown; text: string } | null = null;
  private gathering: NodeJS.Timeout | undefined;

  constructor(private readonly connection: ConnectionInfo) {}

  /** Binds all and hands every well-formed, well-signed request on. Rejects when a port is taken. */
  async bind(receive: (received: Received) => void): Promise<void> {
    const { connection } = this;
    await Promise.all([
      this.routers.shell.bind(address(connection, connection.shell_port)),
      this.routers.control.bind(address(connection, connection.control_port)),
      this.stdin.bind(address(connection, connection.stdin_port)),
      this.iopub.bind(address(connection, connection.iopub_port)),
      this.heartbeat.bind(address(connection, connection.hb_port)),
    ]);
    void this.echo();
    void this.welcome();
    void this.listen('shell', receive);
    void this.listen('control', receive);
  }

  reply({ message, channel }: Received, content: JsonObject): void {
    const type = message.header.msg_type.replace(/_request$/, '_reply');
    void this.send(this.routers[channel], {
      ...request(this.session, type, content),
      identities: message.identities,
      parent: message.header,
      metadata: typeof content.status === 'string' ? { status: content.status } : {},
    });
  }

  /** Pieces of one stream that follow each other closely become one message; everything keeps its order. */
  publish(parent: Partial<JupyterHeader>, type: string, content: JsonObject): void {
    if (type !== 'stream') {
      this.flush();
      this.publishNow(parent, type, content);
      return;
    }
    const same = this.gathered !== null && this.gathered.parent.msg_id === parent.msg_id && this.gathered.name === content.name;
    if (!same) this.flush();
    this.gathered ??= { parent: parent as JupyterHeader, name: content.name, text: '' };
    this.gathered.text += content.text;
    if (this.gathered.text.length > GATHER_CHARACTERS) this.flush();
    else this.gathering ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  /** Sends what waits and closes: a socket that is open when the process ends takes it down with an abort. */
  async close(): Promise<void> {
    this.flush();
    await Promise.allSettled(this.sending.values());
    for (const socket of [...Object.values(this.routers), this.stdin, this.iopub, this.heartbeat]) socket.close();
    await sleep(LAST_WORDS_MS);
  }

  private flush(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    const { gathered } = this;
    this.gathered = null;
    if (gathered !== null) this.publishNow(gathered.parent, 'stream', { name: gathered.name, text: gathered.text });
  }

  private publishNow(parent: Partial<JupyterHeader>, type: string, content: JsonObject): void {
    void this.send(this.iopub, { ...request(this.session, type, content), identities: [Buffer.from(type)], parent });
  }

  /** A socket takes one message at a time. */
  private send(socket: Router | XPublisher, message: JupyterMessage, first: () => void = () => {}): Promise<void> {
    const frames = encodeMessage(message, this.connection.key);
    const before = this.sending.get(socket) ?? Promise.resolve();
    const sent = before
      .then(() => {
        first();
        return socket.send(frames);
      })
      .catch(() => {
        // The client has gone, or the kernel is ending.
      });
    this.sending.set(socket, sent);
    return sent;
  }

  private async listen(channel: Channel, receive: (received: Received) => void): Promise<void> {
    for await (const frames of this.routers[channel]) {
      try {
        receive({ message: decodeMessage(frames, this.connection.key), channel });
      } catch (error) {
        // Whoever does not know the key, or sends no message, gets no answer.
        if (!(error instanceof ParseError)) throw error;
      }
    }
  }

  private async echo(): Promise<void> {
    for await (const frames of this.heartbeat) await this.heartbeat.send(frames);
  }

  /** A client that has just subscribed learns that from now on it misses nothing. */
  private async welcome(): Promise<void> {
    for await (const [frame] of this.iopub) {
      const topic = frame.subarray(1);
      if (frame[0] === 1) {
        const message = request(this.session, 'iopub_welcome', { subscription: topic.toString('utf8') });
        // Let in and greeted in one turn, after what was on its way before: the welcome is the first that the client gets.
        await this.send(this.iopub, { ...message, identities: [topic] }, () => this.iopub.letIn(topic));
      } else if (frame[0] === 0 && !this.iopub.closed) {
        // A client that leaves as the kernel ends may be read before the sockets close and be heard after.
        this.iopub.letOut(topic);
      }
    }
  }
}
