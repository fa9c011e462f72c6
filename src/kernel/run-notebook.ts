import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataError } from '../core/base/errors.js';
import { failureText } from './failure-text.js';
import { type KernelClient, KernelDiedError, startKernel } from './kernel-client.js';
import type { KernelName } from './kernel-process.js';
import { type CodeCell, isTagged, type Notebook, readNotebook } from './notebook-file.js';
import { collectOutputs, type OutputCollector } from './outputs.js';
import { applyParameters } from './parameters.js';

/** A report about one code cell. Plain data. */
export interface CellEvent {
  readonly phase: 'start' | 'end';
  /** Which code cell this is, from 1, and how many there are. */
  readonly cell: number;
  readonly total: number;
  /** The heading that the cell stands under, else its first line of code. */
  readonly title: string;
  /** Seconds since the cell's start. */
  readonly seconds: number;
  readonly status: 'running' | CellStatus;
}

export type CellStatus = 'ok' | 'error' | 'timeout' | 'kernel-died';

export interface CellFailure {
  readonly status: Exclude<CellStatus, 'ok'>;
  /** Which code cell, from 1, and its place among all cells of the file, from 0. */
  readonly cell: number;
  readonly index: number;
  readonly title: string;
  /** What went wrong, as a person reads it. */
  readonly message: string;
}

export interface NotebookRun {
  readonly path: string;
  /** The notebook with the outputs of this run; cells after a failure have none. */
  readonly notebook: Notebook;
  /** null when every cell ran. */
  readonly failure: CellFailure | null;
  readonly seconds: number;
}

export interface RunOptions {
  /** Values for the constants of the cell tagged `parameters`, by name. */
  readonly params?: Readonly<Record<string, string>>;
  /** Seconds that one cell may take (600 unless said). */
  readonly timeoutS?: number;
  readonly onCell?: (event: CellEvent) => void;
  readonly signal?: AbortSignal;
  /** Our own kernel unless said. */
  readonly kernel?: KernelName;
  /** More environment variables for the kernel. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Stock tslab answers everything within 200 ms of a failure with `abort`. */
const AFTER_FAILURE_MS = 400;
const TITLE = 72;

/**
 * Runs a notebook from top to bottom in a fresh kernel, in the notebook's own folder. Needs Node only.
 * A cell tagged `raises-exception` may fail; any other failure ends the run and is in the result. The file itself is not changed.
 * @throws DataError or ParseError when the file is not a notebook or a parameter does not fit;
 *   KernelDiedError when the kernel does not start; rejects with the signal's reason when aborted. No kernel is left behind.
 */
export async function runNotebook(path: string, options: RunOptions = {}): Promise<NotebookRun> {
  const started = performance.now();
  const notebook = applyParameters(await readNotebook(path), options.params ?? {}, path);
  const cwd = dirname(resolve(path));
  if (notebook.cells.every((cell) => cell.cell_type !== 'code')) {
    throw new DataError({ path, expected: 'a code cell', got: 'none', fix: 'There is nothing to run.' });
  }
  const kernel = await startKernel({
    cwd,
    kernel: options.kernel,
    env: { ...placesFromHere(), ...options.env, NASCOPE_RUNNER: '1' },
    signal: options.signal,
  });
  const outputs = collectOutputs();
  const abort = new Promise<never>((_, reject) => {
    options.signal?.addEventListener('abort', () => reject(options.signal?.reason), { once: true });
  });
  abort.catch(() => {});
  const counts = new Map<number, number>();
  let failure: CellFailure | null = null;
  try {
    failure = await Promise.race([runCells(notebook, kernel, outputs, counts, options), abort]);
  } finally {
    if (options.signal?.aborted) kernel.process.kill();
    await kernel.shutdown();
  }
  const cells = notebook.cells.map((cell, index) =>
    cell.cell_type === 'code' ? { ...cell, outputs: [...outputs.of(index)], execution_count: counts.get(index) ?? null } : cell,
  );
  return { path, notebook: { ...notebook, cells }, failure, seconds: (performance.now() - started) / 1000 };
}

/** The kernel works in the notebook's folder, so places that were named relative to ours are named in full. */
function placesFromHere(): NodeJS.ProcessEnv {
  const places = ['NASCOPE_DATA', 'NASCOPE_MIRROR'].flatMap((name) => {
    const place = process.env[name];
    return place === undefined || place === '' || /^[a-z]+:\/\//i.test(place) ? [] : [[name, resolve(place)] as const];
  });
  return Object.fromEntries(places);
}

async function runCells(
  notebook: Notebook,
  kernel: KernelClient,
  outputs: OutputCollector,
  counts: Map<number, number>,
  options: RunOptions,
): Promise<CellFailure | null> {
  const code = notebook.cells.flatMap((cell, index) =>
    cell.cell_type === 'code' && cell.source.trim() !== '' ? [{ cell, index }] : [],
  );
  for (const [k, { cell, index }] of code.entries()) {
    const started = performance.now();
    const title = titleOf(notebook, index);
    const report = (phase: CellEvent['phase'], status: CellEvent['status']): void =>
      options.onCell?.({ phase, cell: k + 1, total: code.length, title, seconds: (performance.now() - started) / 1000, status });
    report('start', 'running');
    const result = await runCell(cell, index, kernel, outputs, counts, options.timeoutS ?? 600);
    report('end', result.status);
    if (result.status === 'error' && isTagged(cell, 'raises-exception')) await sleep(AFTER_FAILURE_MS);
    else if (result.status !== 'ok') return { status: result.status, cell: k + 1, index, title, message: result.message };
  }
  return null;
}

async function runCell(
  cell: CodeCell,
  index: number,
  kernel: KernelClient,
  outputs: OutputCollector,
  counts: Map<number, number>,
  timeoutS: number,
): Promise<{ readonly status: CellStatus; readonly message: string }> {
  const timer = new AbortController();
  const timeout = sleep(timeoutS * 1000, 'timeout' as const, { signal: timer.signal });
  timeout.catch(() => {});
  try {
    const done = kernel.execute(cell.source, (type, content) => outputs.take(index, type, content));
    const reply = await Promise.race([done, timeout]);
    if (reply === 'timeout') {
      done.catch(() => {});
      kernel.process.kill();
      return { status: 'timeout', message: `the cell took longer than ${timeoutS} s and was stopped` };
    }
    if (typeof reply.execution_count === 'number') counts.set(index, reply.execution_count);
    if (reply.status === 'ok') return { status: 'ok', message: '' };
    return { status: 'error', message: failureText(outputs.of(index)) };
  } catch (error) {
    if (error instanceof KernelDiedError) return { status: 'kernel-died', message: error.message };
    throw error;
  } finally {
    timer.abort();
  }
}

/** The nearest heading above with no other code cell in between, else the first line of code that is not a comment. */
function titleOf(notebook: Notebook, index: number): string {
  for (let i = index - 1; i >= 0 && notebook.cells[i].cell_type !== 'code'; i--) {
    const headings = [...notebook.cells[i].source.matchAll(/^#{1,6}\s+(.+)$/gm)];
    if (headings.length > 0) return headings[headings.length - 1][1].trim();
  }
  const lines = notebook.cells[index].source.split('\n').map((line) => line.trim());
  const code = lines.find((line) => line !== '' && !line.startsWith('//')) ?? '';
  return code.length <= TITLE ? code : `${code.slice(0, TITLE - 1)}…`;
}
