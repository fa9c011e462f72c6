import { AsyncLocalStorage } from 'node:async_hooks';
import type { JupyterHeader } from './jupyter-wire.js';

/** The cell that some code belongs to, also when the code runs from a timer after the cell's end. */
export interface CellContext {
  /** What its outputs are said to come from. */
  readonly parent: JupyterHeader;
  /** Shows nothing. */
  readonly silent: boolean;
  /** Aborted by an interrupt while the cell runs. */
  readonly controller: AbortController;
}

const storage = new AsyncLocalStorage<CellContext>();
let latest: CellContext | null = null;

/** Runs code as that of a cell. */
export function asCell<T>(cell: CellContext, work: () => T): T {
  latest = cell;
  return storage.run(cell, work);
}

/** The cell that the running code came from, else the one that ran last; null before the first. */
export function currentCell(): CellContext | null {
  return storage.getStore() ?? latest;
}
