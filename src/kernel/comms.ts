import type { JsonObject, JupyterHeader } from './jupyter-wire.js';
import type { ShellRequest } from './thread-messages.js';

/** The comms of a kernel: channels that widgets open. No target is offered, so every one that a client opens is closed. */
export interface Comms {
  /** Those that are open, by id, of one target or of all. */
  open(target: unknown): JsonObject;
  /** A `comm_open`, `comm_msg` or `comm_close`. */
  take(request: ShellRequest): void;
}

export function noComms(publish: (parent: JupyterHeader, type: string, content: JsonObject) => void): Comms {
  return {
    open: () => ({}),
    take({ type, header, content }) {
      // What is said to a comm that was never opened needs no answer; the protocol has it ignored.
      if (type === 'comm_open') publish(header, 'comm_close', { comm_id: content.comm_id, data: {} });
    },
  };
}
