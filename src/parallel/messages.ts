import type { TaskId } from './tasks.js';

export interface Request {
  readonly task: TaskId;
  readonly input: unknown;
}

export type Reply = { readonly output: unknown } | { readonly error: unknown };
