import { basename, join } from 'node:path';
import { makeFolder, writeAtomically } from '../data/atomic-write.js';
import { exportHtml } from '../kernel/export-html.js';
import { formatNotebook } from '../kernel/notebook-file.js';
import { type CellEvent, type NotebookRun, type RunOptions, runNotebook } from '../kernel/run-notebook.js';
import { WorkFailed } from './streams.js';

export interface ExecuteOptions extends RunOptions {
  /** The folder for the executed notebook, and its page. */
  readonly out: string;
  /** Also write one HTML file with all figures inside. */
  readonly html: boolean;
  /** The written files' name without ending; the notebook's own unless said. */
  readonly name?: string;
}

/**
 * Executes a notebook in the kernel with a line a cell on stderr, and writes what came out.
 * @returns the run and the files written. @throws WorkFailed with the failing cell's error, after writing.
 */
export async function executeNotebook(path: string, options: ExecuteOptions): Promise<{ run: NotebookRun; written: string[] }> {
  await makeFolder(options.out);
  const run = await runNotebook(path, { ...options, onCell: report });
  const stem = join(options.out, options.name ?? basename(path, '.ipynb'));
  const written = [`${stem}.ipynb`];
  await writeAtomically(written[0], formatNotebook(run.notebook));
  if (options.html) {
    written.push(`${stem}.html`);
    await writeAtomically(written[1], await exportHtml(run.notebook, { title: basename(stem) }));
  }
  if (run.failure !== null) {
    const { cell, title, message } = run.failure;
    throw new WorkFailed(`${path}: cell ${cell} (${title}) failed\n${message}\nWhat ran until then: ${written.join(', ')}`);
  }
  return { run, written };
}

function report(event: CellEvent): void {
  const where = `[${String(event.cell).padStart(String(event.total).length)}/${event.total}]`;
  if (event.phase === 'start') {
    if (process.stderr.isTTY) process.stderr.write(`${where} ${event.title} …`);
    return;
  }
  const start = process.stderr.isTTY ? '\r\x1b[2K' : '';
  process.stderr.write(
    `${start}${where} ${event.title} ${event.status === 'ok' ? '' : `(${event.status}) `}${event.seconds.toFixed(1)} s\n`,
  );
}
