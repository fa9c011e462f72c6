import type { Readable, Writable } from 'node:stream';

type Json = Record<string, unknown>;

interface Reply {
  readonly id?: number;
  readonly result?: Json;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (result: Json) => void;
  readonly reject: (error: Error) => void;
}

/** A browser's DevTools protocol over a pipe: JSON messages that end in a zero byte. */
export class DevToolsPipe {
  private next = 1;
  private readonly waiting = new Map<number, Waiting>();

  constructor(
    private readonly input: Writable,
    output: Readable,
  ) {
    // A browser that ends breaks the pipe; whoever waits hears of it through the process.
    input.on('error', () => {});
    const parts: string[] = [];
    output.setEncoding('utf8').on('data', (chunk: string) => {
      const pieces = chunk.split('\0');
      for (const piece of pieces.slice(0, -1)) {
        parts.push(piece);
        this.receive(JSON.parse(parts.join('')) as Reply);
        parts.length = 0;
      }
      parts.push(pieces[pieces.length - 1]);
    });
  }

  /** @throws Error with the browser's own words when it refuses. */
  call(method: string, params: Json = {}, sessionId?: string): Promise<Json> {
    const id = this.next++;
    this.input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  private receive(reply: Reply): void {
    if (reply.id === undefined) return;
    const asked = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.error !== undefined) asked?.reject(new Error(reply.error.message));
    else asked?.resolve(reply.result ?? {});
  }
}
