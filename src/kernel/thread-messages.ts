import type { JsonObject, JupyterHeader } from './jupyter-wire.js';

/** A request as it goes from the thread that speaks to clients to the one that runs cells. One at a time. */
export interface ShellRequest {
  readonly type: string;
  readonly header: JupyterHeader;
  readonly content: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

/** To the thread that runs cells. */
export type ToCells =
  | { readonly kind: 'request'; readonly request: ShellRequest }
  /** `seen` counts the interrupts that had been noticed before this one. */
  | { readonly kind: 'interrupt'; readonly seen: number }
  | { readonly kind: 'end'; readonly code: number }
  | { readonly kind: 'failed'; readonly message: string };

/** To the thread that speaks to clients. */
export type ToClients =
  | { readonly kind: 'publish'; readonly parent: JupyterHeader; readonly type: string; readonly content: JsonObject }
  /** The running request is done; null where the protocol has no reply. */
  | { readonly kind: 'reply'; readonly content: JsonObject | null }
  /** Cells can run from now on. */
  | { readonly kind: 'ready' }
  /** The process is about to end: let the last messages out. */
  | { readonly kind: 'leave' };

/** Cells of the shared array by which the threads see each other while the other one is busy. */
export const INTERRUPTS_SEEN = 0;
export const SOCKETS_CLOSED = 1;
/** 1 while a cell computes in a way that a signal can stop. */
export const COMPUTING = 2;
export const NEVER = 3;
export const SHARED_CELLS = 4;
