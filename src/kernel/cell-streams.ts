import { currentCell } from './cell-context.js';
import type { JsonObject, JupyterHeader } from './jupyter-wire.js';

export type Publish = (parent: JupyterHeader, type: string, content: JsonObject) => void;

/**
 * From now on what the process writes to stdout and stderr belongs to the cell that wrote it, and `console.clear` empties
 * the cell's output.
 * @returns a way to write to the process's own stderr.
 */
export function catchStreams(publish: Publish): (text: string) => void {
  const own = process.stderr.write.bind(process.stderr);
  for (const name of ['stdout', 'stderr'] as const) {
    const decoder = new TextDecoder();
    process[name].write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      const cell = currentCell();
      if (cell === null) own(text);
      else if (!cell.silent && text !== '') publish(cell.parent, 'stream', { name, text });
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') process.nextTick(callback as () => void);
      return true;
    }) as typeof process.stdout.write;
  }
  console.clear = () => {
    const cell = currentCell();
    if (cell !== null && !cell.silent) publish(cell.parent, 'clear_output', { wait: false });
  };
  return (text) => void own(text);
}
